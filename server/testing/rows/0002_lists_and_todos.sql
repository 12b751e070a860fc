-- What release 2 adds: Ada's Inbox, and a list that Grace may read, with todos of every kind.

insert into spaces (id, kind, rev, size) values
  ('01980000-0000-7000-8000-000000000011', 'list', 1, 0),
  ('01980000-0000-7000-8000-000000000012', 'list', 5, 3);

insert into lists (id, name, colour, is_inbox, creation_digest, rev) values
  ('01980000-0000-7000-8000-000000000011', 'Inbox', 'grey', true, '\x', 1),
  ('01980000-0000-7000-8000-000000000012', 'Crème brûlée', 'green', false, sha256('a list'), 1);

insert into memberships (space_id, account_id, role, position, rev) values
  ('01980000-0000-7000-8000-000000000011', '01980000-0000-7000-8000-000000000001', 'owner', 'a0', 1),
  ('01980000-0000-7000-8000-000000000012', '01980000-0000-7000-8000-000000000001', 'owner', 'a1', 1),
  ('01980000-0000-7000-8000-000000000012', '01980000-0000-7000-8000-000000000002', 'viewer', 'a0', 2);

insert into todos (id, list_id, title, notes, priority, due_date, position, completed_at, trashed_at, creation_digest, rev, created_at, updated_at) values
  ('01980000-0000-7000-8000-000000000021', '01980000-0000-7000-8000-000000000012', 'Caramelise the sugar', E'Slowly.\nNot black.',
    'high', '2028-02-29', 'a0', null, null, sha256('1'), 3, '2026-01-31T12:00:00.123Z', '2026-01-31T12:00:00.123Z'),
  ('01980000-0000-7000-8000-000000000022', '01980000-0000-7000-8000-000000000012', 'Buy eggs 🥚', '',
    'none', null, 'a1', '2026-02-01T08:00:00Z', null, sha256('2'), 4, '2026-01-31T12:00:01Z', '2026-02-01T08:00:00Z'),
  ('01980000-0000-7000-8000-000000000023', '01980000-0000-7000-8000-000000000012', 'Ring the dairy', '',
    'low', null, 'a2', null, now(), sha256('3'), 5, '2026-01-31T12:00:02Z', '2026-02-01T09:00:00Z');

insert into tombstones (space_id, entity, row_id, rev) values
  ('01980000-0000-7000-8000-000000000012', 'todo', '01980000-0000-7000-8000-000000000024', 2);
