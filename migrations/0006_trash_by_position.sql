-- serves: 3
-- transaction: none
-- A first load reads a list's trash in its order; `todos_trash` gave it no order, and the planner preferred to walk
-- everyone's trash by `todos_trashed_at`.
create index concurrently if not exists todos_trash_by_position on todos (list_id, position, id)
  where trashed_at is not null;
