#!/bin/bash
# PostgreSQL's archive_command (pgBackRest wants to see its own name in it): archives the segment at PATH. Where the queue
# has grown too long pgBackRest drops what is in it and calls that a success, or the disk would fill; from there on nothing
# can be restored until there is a new full backup, so it is noted for keep-archive.sh.
set -uo pipefail
output=$(pgbackrest --stanza=docket archive-push "$1" 2>&1)
status=$?
[[ -z $output ]] || echo "$output" >&2
if [[ $output == *"dropped WAL file"* ]]; then touch /var/lib/postgresql/archive/gap; fi
exit $status
