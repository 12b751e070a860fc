#!/bin/bash
# Starts PostgreSQL as its image does. Where ARCHIVE_ENDPOINT is set, with its write-ahead log archived, and what keeps
# the archive whole beside it.
set -euo pipefail
library=/usr/local/lib/docket

if [[ ${1:-} != postgres || -z ${ARCHIVE_ENDPOINT:-} ]]; then exec docker-entrypoint.sh "$@"; fi

"$library/configure-archive.sh"
as_postgres=(setpriv --reuid=postgres --regid=postgres --init-groups)
install -d -o postgres -g postgres -m 700 /var/lib/postgresql/archive /var/lib/postgresql/archive/spool

# A restore that was tried beside has begun a timeline without telling the archive; another one must not begin the same.
for history in "$PGDATA"/pg_wal/*.history; do
  status=$PGDATA/pg_wal/archive_status/${history##*/}
  [[ ! -e $history || -e $status.done || -e $status.ready ]] || "${as_postgres[@]}" touch "$status.ready"
done

# Not PostgreSQL's child, or its end would be taken for a crash of the database: the shell between them ends at once.
("${as_postgres[@]}" "$library/keep-archive.sh" &)

# Not sixty seconds: what was written a minute ago is to be there, the time to send it included.
exec docker-entrypoint.sh "$@" \
  -c archive_mode=on \
  -c archive_timeout="${ARCHIVE_TIMEOUT:-50}" \
  -c archive_command="$library/pgbackrest-push.sh %p" \
  -c wal_compression=zstd
