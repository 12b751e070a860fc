-- serves: 3
-- What a backup can't know of itself (docs/operations/backup-restore.md).

-- Who was erased: a backup from before still holds them, and whoever restores it has to erase them again. Nothing
-- personal is left but the id, which leads nowhere.
create table erasures (
  account_id uuid primary key,
  erased_at timestamptz not null default now()
);

-- The restores that this database has been through. While one is not released the server sends no mail and runs no job.
create table restores (
  id uuid primary key default uuidv7(),
  backup text not null,
  -- The moment that it brought back.
  taken_at timestamptz not null,
  restored_at timestamptz not null default now(),
  released_at timestamptz
);
