-- serves: 3
-- transaction: none
-- `todos_trash_by_position` begins with the same column.
drop index concurrently if exists todos_trash;
