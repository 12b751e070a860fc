#!/bin/bash
# Keeps the archive whole while PostgreSQL runs beside it: writes something every half minute, so that a segment is
# archived each minute and a moment without anyone's writes can be restored too; and makes the backups that are due.
# What becomes of it is in settings of the database (docket.*), where the server's metrics read it.
set -uo pipefail
library=/usr/local/lib/docket
gap=/var/lib/postgresql/archive/gap
began=/var/lib/postgresql/archive/backup-began
TICK=10 HEARTBEAT=30

sql() { psql --username=postgres --dbname=postgres --no-psqlrc --quiet --no-align --tuples-only --field-separator=' ' "$@"; }

# In a setting of the database itself, since no file of this container is seen from elsewhere.
tell() { # NAME VALUE
  [[ $(sql --command="select current_setting('docket.$1', true)") != "$2" ]] || return 0
  sql --command="alter system set docket.$1 = '$2'" --command="select pg_reload_conf()" >/dev/null
}

back_up() { # TYPE
  touch "$began"
  echo "a $1 backup begins" >&2
  pgbackrest --stanza=docket --type="$1" backup >&2 || { echo "the $1 backup failed" >&2; return 1; }
  echo "the $1 backup is there after $(($(date +%s) - $(stat -c %Y "$began"))) s" >&2
  # Log that was dropped meanwhile is a gap of its own.
  if [[ $1 == full && $gap -ot $began ]]; then rm -f "$gap"; fi
}

beat() {
  while sleep "$HEARTBEAT"; do
    sql --command="select pg_logical_emit_message(true, 'docket', 'heartbeat')" >/dev/null 2>&1
  done
}

beat &
created=
while sleep "$TICK"; do
  pg_isready --quiet --host=/var/run/postgresql && [[ $(sql --command="select pg_is_in_recovery()" 2>/dev/null) == f ]] || continue

  if [[ -z $created ]]; then
    # Refuses where the archive is another database's, and nothing is archived over it.
    output=$(pgbackrest --stanza=docket stanza-create 2>&1) && created=yes
    [[ -z $output ]] || echo "$output" >&2
    [[ $output == *"do not match the database"* ]] && anothers=yes || anothers=
    tell archive_of_another "$anothers"
    [[ -n $created ]] || continue
  fi

  [[ -e $gap ]] && there=yes || there=no
  tell archive_gap_since "$([[ $there == no ]] || stat -c %Y "$gap")"
  read -r due ended < <(sql --set=gap="$there" --file="$library/due-backup.sql") || continue
  tell base_backup_at "${ended:-}"
  [[ $due == none ]] || back_up "$due"
done
