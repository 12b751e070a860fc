#!/bin/bash
# Run as a one-shot job (ops/point-in-time/archive-contents.ts): what is in the archive, as JSON in lines of base64, since
# a line of a log is cut where it is long. Its backups, and the timelines that restores began, each with its history.
set -euo pipefail
/usr/local/lib/docket/configure-archive.sh

# A storage that is away is asked once, and not for as long as a backup would wait for it.
info=$(pgbackrest --io-timeout=15 --stanza=docket --output=json info)
if [[ $info == *'"code":99'* ]]; then
  echo "{\"info\":$info,\"histories\":{},\"texts\":{}}" | base64 -w 4000
  exit
fi

contents() {
  echo "{\"info\":$info"
  # The newest database that archived here, as in 18-1.
  folder=$(pgbackrest repo-ls archive/docket 2>/dev/null | grep -E '^[0-9]+-[0-9]+$' | sort -V | tail -n 1 || true)
  echo ',"histories":'
  if [[ -n $folder ]]; then pgbackrest --output=json --filter='\.history$' repo-ls "archive/docket/$folder"; else echo '{}'; fi
  echo ',"texts":{'
  separator=
  for name in $([[ -z $folder ]] || pgbackrest --filter='\.history$' repo-ls "archive/docket/$folder"); do
    echo "$separator\"$name\":\"$(pgbackrest --stanza=docket repo-get "archive/docket/$folder/$name" | base64 -w 0)\""
    separator=,
  done
  echo '}}'
}
contents >/tmp/contents
base64 -w 4000 /tmp/contents
