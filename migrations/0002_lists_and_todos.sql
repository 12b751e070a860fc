-- serves: 1
-- Lists and todos. A list's id is its space's id, so membership joins straight from a todo's list_id.
-- Timestamps that are sorted by have milliseconds, as the API shows them, so that a page's cursor is exact.

create extension if not exists btree_gin;

create table lists (
  id uuid primary key references spaces (id) on delete cascade,
  name text not null check (char_length(name) between 1 and 100),
  colour text not null default 'grey',
  is_inbox boolean not null default false,
  archived_at timestamptz(3),
  trashed_at timestamptz(3),
  -- SHA-256 of the creating request's body: the same id with the same body is the same request, sent again.
  creation_digest bytea not null,
  rev bigint not null,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  constraint lists_inbox_stays check (not (is_inbox and (archived_at is not null or trashed_at is not null)))
);

create index lists_trashed_at on lists (trashed_at) where trashed_at is not null;

create type priority as enum ('none', 'low', 'medium', 'high');

-- Lower case without accents, for search and for sorting by title. Immutable by naming the dictionary, so it
-- may be indexed.
create function fold(value text) returns text
  language sql immutable parallel safe strict
  return lower(public.unaccent('public.unaccent'::regdictionary, value));

-- The LIKE pattern of "contains value, folded". Wildcards are escaped after folding: a full-width percent
-- sign folds to a plain one.
create function containing(value text) returns text
  language sql immutable parallel safe strict
  return '%' || regexp_replace(fold(value), '([\\%_])', '\\\1', 'g') || '%';

create table todos (
  id uuid primary key,
  list_id uuid not null references lists (id) on delete cascade,
  title text not null check (char_length(title) between 1 and 500),
  notes text not null default '' check (char_length(notes) <= 20000),
  priority priority not null default 'none',
  due_date date,
  position text collate "C" not null check (char_length(position) between 1 and 200),
  completed_at timestamptz(3),
  trashed_at timestamptz(3),
  creation_digest bytea not null,
  rev bigint not null,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  is_completed boolean not null generated always as (completed_at is not null) stored,
  -- What a search looks through.
  search text not null generated always as (fold(title || E'\n' || notes)) stored
);

-- The planner must not think that lists are short: a prepared statement's one plan serves them all, and reading
-- all of a list to sort it is cheaper only where there is next to nothing to read. So: 10,000 todos a list.
alter table todos alter column list_id set (n_distinct = -0.0001);

-- One index per sort, each within a list and within open or completed, so that every page of every listing is
-- a short range of an index (server/todos/listing.ts).
create index todos_by_position on todos (list_id, is_completed, position, id) where trashed_at is null;
create index todos_by_due_date on todos (list_id, is_completed, due_date, id) where trashed_at is null;
create index todos_by_priority on todos (list_id, is_completed, priority, id) where trashed_at is null;
create index todos_by_title on todos (list_id, is_completed, left(fold(title), 100) collate "C", id)
  where trashed_at is null;
create index todos_by_created_at on todos (list_id, is_completed, created_at, id) where trashed_at is null;
create index todos_by_updated_at on todos (list_id, is_completed, updated_at, id) where trashed_at is null;
create index todos_by_completed_at on todos (list_id, is_completed, completed_at, id) where trashed_at is null;
create index todos_trash on todos (list_id) where trashed_at is not null;
create index todos_trashed_at on todos (trashed_at) where trashed_at is not null;
create index todos_rev on todos (list_id, rev);
create index todos_search on todos using gin (list_id, search gin_trgm_ops);
