-- serves: 3
-- What the backup and the drill, which run elsewhere, have told of their last run (docs/operations/monitoring.md): a row of each.
create table backup_reports (
  kind text primary key check (kind in ('backup', 'drill')),
  outcome text not null check (outcome in ('succeeded', 'failed')),
  ended_at timestamptz not null,
  -- The moment that the newest backup brings back, or at which a drill last proved one; null before the first.
  succeeded_at timestamptz,
  -- Of the newest backup.
  size_bytes bigint check (size_bytes >= 0)
);
