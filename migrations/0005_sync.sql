-- serves: 3
-- What syncing needs beside revs and tombstones (docs/sync.md).

-- A database that was restored from a backup goes back in time while clients are ahead of it. So every restore ends
-- with `update epoch set id = gen_random_uuid()`, and clients of another epoch begin anew, with what they have not sent.
create table epoch (
  id uuid not null default gen_random_uuid(),
  only_one boolean primary key default true check (only_one)
);
insert into epoch default values;

-- Tombstones up to this rev are forgotten: whoever was last here before that begins anew in this space.
alter table spaces add column forgotten_rev bigint not null default 0;

-- What became of the ops that clients pushed, for 90 days, so that one sent twice is answered twice and done once.
create table ops (
  account_id uuid not null references accounts (id) on delete cascade,
  id uuid not null,
  -- SHA-256 of what it asked for: the same id with another body is another op, and refused.
  digest bytea not null check (octet_length(digest) = 32),
  -- Why it was refused; null when it was done.
  problem jsonb,
  created_at timestamptz not null default now(),
  primary key (account_id, id)
);

-- Rows are only ever added at the end and deleted at the start, which is all that a block range index needs.
create index ops_created_at on ops using brin (created_at) with (autosummarize = on);
