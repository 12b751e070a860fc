#!/bin/bash
# The roles of Docket's database, run as a one-shot job of the PostgreSQL image (ops/swarm/roles.ts) at the first deploy
# and whenever a password changes. Idempotent. Each role's password comes from the connection URL that its user is given
# as a secret; what is not there is left as it is.
#
#   docket_owner     owns the database and everything in it: migrations
#   docket_server    what the server may: rows, no DDL. Two logins are its members, so that a password is rotated by
#                    going over to the other one
#   docket_backup    reads everything
#   docket_monitor   reads statistics
set -euo pipefail
: "${PGHOST:=database}" "${PGUSER:=postgres}" "${SECRETS:=/run/secrets}"
export PGHOST PGUSER PGCONNECT_TIMEOUT=5
PGPASSWORD=$(<"$SECRETS/postgres-password")
export PGPASSWORD

until pg_isready --quiet; do
  ((SECONDS < 60)) || { echo "The database does not answer at $PGHOST." >&2; exit 1; }
  sleep 0.5
done

# What the secret NAME says: sets `user` and `password`. False where there is no such secret.
credentials() {
  local file=$SECRETS/$1 pattern='^postgres(ql)?://([^:@/]+):([^@/]*)@'
  [[ -r $file ]] || return 1
  [[ $(<"$file") =~ $pattern ]] || { echo "The secret $1 is no URL with a user and a password." >&2; exit 1; }
  user=$(printf '%b' "${BASH_REMATCH[2]//%/\\x}") password=$(printf '%b' "${BASH_REMATCH[3]//%/\\x}")
}

# Creates or changes the login of the secret NAME, whose user must match PATTERN, a member of ROLE.
login() { # NAME PATTERN [ROLE]
  credentials "$1" || return 0
  [[ $user =~ ^$2$ ]] || { echo "The user in the secret $1 is $user, and should be $2." >&2; exit 1; }
  # The password travels by standard input, and no fault of the statement may write it into the server's log.
  psql --quiet --no-psqlrc --set=ON_ERROR_STOP=1 --set=user="$user" --set=role="${3:-}" --dbname=postgres <<SQL
set log_min_error_statement = panic;
set log_min_duration_statement = -1;
set log_statement = 'none';
\\set password $(quoted "$password")
select format('create role %I login', :'user') where not exists (select from pg_roles where rolname = :'user') \\gexec
alter role :"user" login nosuperuser nocreatedb nocreaterole noreplication nobypassrls password :'password';
select format('grant %I to %I', :'role', :'user') where :'role' <> '' \\gexec
SQL
  echo "$user may sign in"
}

# As psql reads a quoted argument.
quoted() {
  local text=${1//\\/\\\\}
  printf "'%s'" "${text//\'/\\\'}"
}

psql --quiet --no-psqlrc --set=ON_ERROR_STOP=1 --dbname=postgres <<'SQL'
select format('create role %I nologin', name) from unnest(array['docket_owner', 'docket_server']) as name
  where not exists (select from pg_roles where rolname = name) \gexec
SQL
login database-owner-url 'docket_owner'
login database-url 'docket_server_[12]' docket_server
login database-backup-url 'docket_backup' pg_read_all_data
login database-monitor-url 'docket_monitor' pg_monitor

psql --quiet --no-psqlrc --set=ON_ERROR_STOP=1 --dbname=docket <<'SQL'
alter database docket owner to docket_owner;
-- And everything in it: what a backup of a database that another role owned has brought back is migrated too. A sequence
-- goes with its column, and what an extension made is the extension's.
select format('alter schema %I owner to docket_owner', nspname) from pg_namespace
  where nspname = 'pgboss' and nspowner <> 'docket_owner'::regrole \gexec
with ours as (select oid from pg_namespace where nspname in ('public', 'pgboss')), objects as (
  select 'pg_class'::regclass as class, oid, case relkind when 'S' then 'sequence' when 'v' then 'view'
    when 'm' then 'materialized view' else 'table' end as kind, oid::regclass::text as name, relowner as owner
  from pg_class where relnamespace in (table ours) and relkind in ('r', 'p', 'v', 'm', 'S')
  union all select 'pg_type'::regclass, oid, 'type', oid::regtype::text, typowner
  from pg_type where typnamespace in (table ours) and typtype in ('e', 'd')
  union all select 'pg_proc'::regclass, oid, 'routine', oid::regprocedure::text, proowner
  from pg_proc where pronamespace in (table ours))
select format('alter %s %s owner to docket_owner', kind, name) from objects
  where owner <> 'docket_owner'::regrole and not exists (select from pg_depend
    where classid = class and objid = objects.oid and objsubid = 0
    and (deptype = 'e' or kind = 'sequence' and deptype in ('a', 'i'))) \gexec
revoke all on database docket from public;
select format('grant connect on database docket to %I', rolname) from pg_roles
  where rolname in ('docket_server', 'docket_backup', 'docket_monitor') \gexec
revoke create on schema public from public;

-- What there is, and what migrations will make.
select format('grant usage on schema %1$I to docket_server;
  grant select, insert, update, delete on all tables in schema %1$I to docket_server;
  grant usage, select on all sequences in schema %1$I to docket_server', nspname)
from pg_namespace where nspname in ('public', 'pgboss') \gexec
alter default privileges for role docket_owner grant usage on schemas to docket_server;
alter default privileges for role docket_owner grant select, insert, update, delete on tables to docket_server;
alter default privileges for role docket_owner grant usage, select on sequences to docket_server;
SQL
echo "roles are as they should be"
