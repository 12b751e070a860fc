#!/bin/bash
# Run as a one-shot job in the stack's network (ops/point-in-time/restore-point.ts): proves that write-ahead log is
# archived now, within SECONDS_TO_WAIT, and makes the restore point NAME, if one is given. Prints what it came to as JSON.
# Where the archive is another database's (keep-archive.sh says so) there is nothing to wait for.
set -euo pipefail
: "${PGHOST:=database}" "${PGUSER:=postgres}" "${SECONDS_TO_WAIT:=60}"
export PGHOST PGUSER PGCONNECT_TIMEOUT=5
PGPASSWORD=$(</run/secrets/postgres-password)
export PGPASSWORD

sql() { psql --no-psqlrc --quiet --no-align --tuples-only --set=ON_ERROR_STOP=1 --dbname=postgres "$@"; }

if [[ -n ${NAME:-} ]]; then sql --set=name="$NAME" <<<"select pg_create_restore_point(:'name')" >/dev/null; fi
# A time is found in the log by the first commit after it.
sql --command="select pg_logical_emit_message(true, 'docket', 'restore point')" >/dev/null
segment=$(sql --command="select pg_walfile_name(pg_current_wal_insert_lsn()), pg_switch_wal()" | cut -d'|' -f1)
until [[ $(sql --set=segment="$segment" <<<"select last_archived_wal ~ '^[0-9A-F]{24}' and left(last_archived_wal, 24) >= :'segment'
  or current_setting('docket.archive_of_another', true) = 'yes' from pg_stat_archiver") == t ]]; do
  ((SECONDS < SECONDS_TO_WAIT)) || break
  sleep 0.5
done
sql --set=segment="$segment" --set=seconds="$SECONDS" <<'SQL'
select json_build_object(
  'archived', coalesce(last_archived_wal ~ '^[0-9A-F]{24}' and left(last_archived_wal, 24) >= :'segment', false),
  'ofAnother', coalesce(current_setting('docket.archive_of_another', true) = 'yes', false),
  'seconds', :seconds,
  'lastArchivedAt', last_archived_time,
  'gapSince', to_timestamp(nullif(current_setting('docket.archive_gap_since', true), '')::float8),
  'baseBackupAt', to_timestamp(nullif(current_setting('docket.base_backup_at', true), '')::float8))
from pg_stat_archiver;
SQL
