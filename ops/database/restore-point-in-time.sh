#!/bin/bash
# Run as a one-shot job, as PostgreSQL's user, on a volume of its own (ops/point-in-time/restore-volume.ts): restores the
# backup SET and recovers it along TIMELINE to TARGET (TYPE: time, name, or default for the end of the archive). The
# database runs where nobody reaches it, archives nothing, and is stopped again in order.
set -euo pipefail
export SOCKETS=/tmp PGHOST=/tmp PGUSER=postgres PGDATABASE=postgres
/usr/local/lib/docket/configure-archive.sh

# What an attempt before has left.
find /var/lib/postgresql -mindepth 1 -delete
mkdir -p -m 700 "$PGDATA" /var/lib/postgresql/archive/spool

while sleep 5; do echo "restored $(du -sb "$PGDATA" | cut -f1)"; done &
progress=$!
trap 'kill $progress 2>/dev/null || true' EXIT
target=()
if [[ $TYPE != default ]]; then target=(--target="$TARGET" --target-action=promote); fi
pgbackrest --stanza=docket --set="$SET" --type="$TYPE" "${target[@]}" --target-timeline="$TIMELINE" restore
kill "$progress"

echo "recovering"
pg_ctl --silent --wait --timeout=5 --log=/tmp/log start --options="-c listen_addresses='' -c unix_socket_directories=/tmp -c archive_mode=off -c shared_buffers=64MB" || true
value() { psql --no-psqlrc --quiet --no-align --tuples-only --command="$1" 2>/dev/null; }
until [[ $(value "select pg_is_in_recovery()") == f ]]; do
  if ! pg_ctl status >/dev/null; then
    grep -E 'FATAL|PANIC|last completed transaction' /tmp/log || tail -n 20 /tmp/log
    exit 4
  fi
  reached=$(value "select pg_last_xact_replay_timestamp()" || true)
  echo "recovered ${reached:-}"
  sleep 2
done

# The superuser's own, as the stack's secrets have it now: what was current then may have been replaced since.
psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 <<'SQL'
set log_min_error_statement = panic;
\set password `cat /run/secrets/postgres-password`
alter role postgres password :'password';
-- Told of the timeline that it comes from.
alter system reset docket.base_backup_at;
alter system reset docket.archive_gap_since;
SQL
value "select json_build_object('recoveredTo', to_char(pg_last_xact_replay_timestamp() at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'),
  'timeline', (select timeline_id from pg_control_checkpoint()), 'bytes', (select sum(pg_database_size(oid)) from pg_database))"
pg_ctl --silent --wait --timeout=600 --mode=fast stop
