-- Which backup is due: full, diff or none; and when the newest was ended, in seconds since 1970, or nothing. Full, every
-- seven days, after a gap in the archive, and when this timeline has none (a restore began it); else what has changed
-- since the last full one, each day from two o'clock on, UTC.
\set info `pgbackrest --io-timeout=15 --stanza=docket --output=json info`
with backup as (
  select backup ->> 'type' as type,
    to_timestamp((backup #>> '{timestamp,start}')::float8) as began,
    (backup #>> '{timestamp,stop}')::float8 as ended
  from jsonb_array_elements(coalesce(:'info'::jsonb #> '{0,backup}', '[]')) as backup
  where left(backup #>> '{archive,start}', 8) = left(pg_walfile_name(pg_current_wal_lsn()), 8)
)
select case
    when :'gap' = 'yes' or coalesce(max(began) filter (where type = 'full'), '-infinity') < now() - interval '7 days'
      then 'full'
    when max(began) < date_trunc('day', now() - interval '2 hours', 'UTC') + interval '2 hours' then 'diff'
    else 'none'
  end,
  max(ended)
from backup;
