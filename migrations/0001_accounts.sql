-- serves: 1
-- Accounts, sessions, one-use tokens, limits, and the spaces that everything shared or synced lives in.

create extension if not exists pg_trgm;
create extension if not exists unaccent;

-- A space is what is shared and synced as one. Its id is the id of what it holds: an account (the personal
-- space: profile, preferences) or a list (the list, its todos, its members). Its rev is raised first in every
-- write transaction, which locks the row, so revs become visible in commit order (docs/architecture.md, "Revs").
create table spaces (
  id uuid primary key,
  kind text not null check (kind in ('personal', 'list')),
  rev bigint not null default 0,
  -- How many todos a list holds, trashed ones included: what bounds it (server/todos/queries.ts).
  size integer not null default 0,
  created_at timestamptz not null default now()
) with (fillfactor = 50);

create table accounts (
  id uuid primary key references spaces (id),
  email text not null check (char_length(email) between 3 and 254),
  email_verified_at timestamptz,
  -- The new address while it waits for its confirmation, and the old one until its owner has been told.
  pending_email text check (char_length(pending_email) between 3 and 254),
  previous_email text,
  -- Null when it is no one's: the address was registered with two passwords before anyone showed that it is theirs,
  -- and its owner chooses one by letter (server/accounts/register.ts).
  password_hash text,
  password_changed_at timestamptz not null default now(),
  name text not null check (char_length(name) between 1 and 100),
  language text not null default 'en' check (language in ('en', 'es', 'pt', 'fr', 'zh-CN', 'zh-TW')),
  time_zone text not null default 'UTC' check (char_length(time_zone) between 1 and 64),
  theme text not null default 'system' check (theme in ('system', 'light', 'dark')),
  -- Set when the person asked for deletion; the account is purged at this moment unless they change their mind.
  deletes_at timestamptz,
  rev bigint not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

-- Addresses are compared as the address the person typed, in NFC and lower case (the application normalises).
create unique index accounts_email_key on accounts (email);
create index accounts_deletes_at on accounts (deletes_at) where deletes_at is not null;
create index accounts_unverified on accounts (created_at) where email_verified_at is null;

create table memberships (
  space_id uuid not null references spaces (id) on delete cascade,
  account_id uuid not null references accounts (id) on delete cascade,
  role text not null check (role in ('owner', 'editor', 'viewer')),
  -- Where this member keeps the space among their own: a fractional index (server/lists/ordering.ts).
  position text collate "C" not null check (char_length(position) between 1 and 200),
  rev bigint not null,
  created_at timestamptz not null default now(),
  primary key (space_id, account_id)
);

create index memberships_account_id on memberships (account_id, position, space_id);

-- What was deleted from a space, or moved out of it, for the clients that still hold it. Kept for 90 days.
create table tombstones (
  space_id uuid not null references spaces (id) on delete cascade,
  entity text not null check (entity in ('list', 'todo', 'membership')),
  row_id uuid not null,
  rev bigint not null,
  deleted_at timestamptz not null default now(),
  primary key (space_id, entity, row_id)
);

create index tombstones_rev on tombstones (space_id, rev);
create index tombstones_deleted_at on tombstones (deleted_at);

create table sessions (
  id uuid primary key default uuidv7(),
  account_id uuid not null references accounts (id) on delete cascade,
  user_agent text not null default '' check (char_length(user_agent) <= 400),
  -- Where it was last used from.
  address inet not null,
  -- SHA-256 of the secret that all its refresh tokens carry: a token that has it and is not below was used up.
  refresh_family bytea not null check (octet_length(refresh_family) = 32),
  created_at timestamptz not null default now(),
  last_used_at timestamptz not null default now(),
  ended_at timestamptz
);

create index sessions_account_id on sessions (account_id, last_used_at);
create index sessions_last_used_at on sessions (last_used_at);

-- The refresh tokens that are good. One stays so until a token of a later generation is first used, and for 30 s after
-- that; use after that ends the session (server/sessions/refresh.ts). Only the SHA-256 of a token is stored.
create table refresh_tokens (
  hash bytea primary key check (octet_length(hash) = 32),
  session_id uuid not null references sessions (id) on delete cascade,
  generation integer not null,
  issued_at timestamptz not null default now(),
  superseded_at timestamptz
);

create index refresh_tokens_session_id on refresh_tokens (session_id, generation);

-- Tokens that travel in letters. One use; only the SHA-256 is stored. `email` is the address that it is for.
create table letter_tokens (
  hash bytea primary key check (octet_length(hash) = 32),
  account_id uuid not null references accounts (id) on delete cascade,
  purpose text not null check (purpose in ('verify-email', 'reset-password', 'change-email')),
  email text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz
);

create index letter_tokens_account_id on letter_tokens (account_id, purpose);
create index letter_tokens_expires_at on letter_tokens (expires_at);

-- Generic cell rate algorithm: one moment per bucket, the theoretical arrival time of the next allowed request
-- (server/limits/queries.ts). Unlogged: losing it in a crash only forgives.
create unlogged table limits (
  bucket text primary key check (char_length(bucket) <= 200),
  arrival timestamptz not null
) with (fillfactor = 70);

create index limits_arrival on limits (arrival);
