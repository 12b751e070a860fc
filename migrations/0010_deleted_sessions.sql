-- serves: 3
-- Whose sessions went with their account, for 90 days: a device that still has such a session's token is told that the
-- account was deleted, and removes what it holds of it (docs/sync.md). Nothing personal: the SHA-256 of a random secret,
-- and the id of an account that is gone.
create table deleted_sessions (
  refresh_family bytea primary key check (octet_length(refresh_family) = 32),
  account_id uuid not null references erasures (account_id) on delete cascade,
  deleted_at timestamptz not null default now()
);

create index deleted_sessions_deleted_at on deleted_sessions (deleted_at);
