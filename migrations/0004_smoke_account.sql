-- serves: 1
-- The one account that is no person's: `bun run ops smoke` signs in to it to see that a release works. Nothing is written
-- to it, no limit counts it, and whatever counts or finds people leaves it out (server/accounts/smoke-account.ts).

alter table accounts add column is_smoke boolean not null default false;
