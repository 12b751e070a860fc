-- serves: 1
-- Lists and todos. A list's id is its space's id, so membership joins straight from a todo's list_id.

create table lists (
  id uuid primary key references spaces (id) on delete cascade,
  name text not null check (char_length(name) between 1 and 100),
  colour text not null default 'grey',
  is_inbox boolean not null default false,
  archived_at timestamptz,
  trashed_at timestamptz,
  -- SHA-256 of the creating request's body: the same id with the same body is the same request, sent again.
  creation_digest bytea not null,
  rev bigint not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint lists_inbox_stays check (not (is_inbox and (archived_at is not null or trashed_at is not null)))
);

create index lists_trashed_at on lists (trashed_at) where trashed_at is not null;

create type priority as enum ('none', 'low', 'medium', 'high');

-- Lower case without accents, for substring search. Immutable by naming the dictionary, so it may be indexed.
create function fold(value text) returns text
  language sql immutable parallel safe strict
  return lower(public.unaccent('public.unaccent'::regdictionary, value));

create table todos (
  id uuid primary key,
  list_id uuid not null references lists (id) on delete cascade,
  title text not null check (char_length(title) between 1 and 500),
  notes text not null default '' check (char_length(notes) <= 20000),
  priority priority not null default 'none',
  due_date date,
  position text collate "C" not null check (char_length(position) between 1 and 200),
  completed_at timestamptz,
  trashed_at timestamptz,
  creation_digest bytea not null,
  rev bigint not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create index todos_list_position on todos (list_id, position, id) where trashed_at is null;
create index todos_list_rev on todos (list_id, rev);
create index todos_trashed_at on todos (trashed_at) where trashed_at is not null;
create index todos_search on todos using gin (fold(title) gin_trgm_ops, fold(notes) gin_trgm_ops);
