import type { ISql } from "postgres"

type Sql = ISql<Record<never, never>>

/** What is the application's own: not PostgreSQL's, not an extension's. */
const ours = (catalogue: string, oid: string, namespace: string) => `
  ${namespace} !~ '^pg_' and ${namespace} <> 'information_schema'
  and not exists (select from pg_depend where deptype = 'e' and classid = '${catalogue}'::regclass and objid = ${oid})`

/** Each statement gives lines that are the same for the same schema, in whichever database it is. */
const DEFINITIONS = [
  `select 'extension ' || extname from pg_extension`,
  `select 'schema ' || nspname from pg_namespace n where ${ours("pg_namespace", "n.oid", "nspname")}`,
  `select format('%s %I.%I %s %s', case relkind when 'r' then 'table' when 'p' then 'partitioned table' when 'v' then 'view'
      when 'm' then 'materialised view' when 'S' then 'sequence' else relkind::text end, nspname, relname,
    case relpersistence when 'u' then 'unlogged' else '' end,
    concat_ws(' ', array_to_string(reloptions, ','), case when relrowsecurity then 'rls' end,
      case when relkind in ('v', 'm') then pg_get_viewdef(c.oid) end, pg_get_partkeydef(c.oid),
      case when relispartition then 'of ' || (select inhparent::regclass::text from pg_inherits where inhrelid = c.oid)
        || ' ' || pg_get_expr(relpartbound, c.oid) end))
    from pg_class c join pg_namespace n on n.oid = relnamespace
    where relkind in ('r', 'p', 'v', 'm', 'S', 'f') and ${ours("pg_class", "c.oid", "nspname")}`,
  `select format('column %I.%I.%I %s', nspname, relname, attname, concat_ws(' ', format_type(atttypid, atttypmod),
      case when attnotnull then 'not null' end, nullif(attidentity::text, ''), nullif(attgenerated::text, ''),
      'default ' || pg_get_expr(adbin, adrelid), case when attcollation <> typcollation then collname end,
      array_to_string(attoptions, ',')))
    from pg_attribute a join pg_class c on c.oid = attrelid join pg_namespace n on n.oid = relnamespace
      join pg_type t on t.oid = atttypid left join pg_collation l on l.oid = attcollation
      left join pg_attrdef d on adrelid = attrelid and adnum = attnum
    where attnum > 0 and not attisdropped and relkind in ('r', 'p') and ${ours("pg_class", "c.oid", "nspname")}`,
  `select format('constraint %s %I %s', conrelid::regclass, conname, pg_get_constraintdef(k.oid))
    from pg_constraint k join pg_class c on c.oid = conrelid join pg_namespace n on n.oid = relnamespace
    where ${ours("pg_class", "c.oid", "nspname")}`,
  `select format('index %s%s', pg_get_indexdef(indexrelid), case when not indisvalid then ' invalid' end)
    from pg_index i join pg_class c on c.oid = indrelid join pg_namespace n on n.oid = relnamespace
    where ${ours("pg_class", "c.oid", "nspname")}`,
  `select format('function %s %s', p.oid::regprocedure, md5(pg_get_functiondef(p.oid)))
    from pg_proc p join pg_namespace n on n.oid = pronamespace where prokind <> 'a' and ${ours("pg_proc", "p.oid", "nspname")}`,
  `select format('type %s %s', t.oid::regtype, (select string_agg(enumlabel, ',' order by enumsortorder) from pg_enum where enumtypid = t.oid))
    from pg_type t join pg_namespace n on n.oid = typnamespace where typtype in ('e', 'd') and ${ours("pg_type", "t.oid", "nspname")}`,
  `select 'trigger ' || pg_get_triggerdef(t.oid)
    from pg_trigger t join pg_class c on c.oid = tgrelid join pg_namespace n on n.oid = relnamespace
    where not tgisinternal and ${ours("pg_class", "c.oid", "nspname")}`,
  `select format('policy %s %I %s %s %s', polrelid::regclass, polname, polcmd, pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid))
    from pg_policy`,
]

/** Who owns what. */
const OWNERS = `
  select format('%s %I.%I belongs to %s', case relkind when 'S' then 'sequence' else 'table' end, nspname, relname, pg_get_userbyid(relowner))
    from pg_class c join pg_namespace n on n.oid = relnamespace
    where relkind in ('r', 'p', 'v', 'm', 'S') and ${ours("pg_class", "c.oid", "nspname")}
  union all select format('schema %I belongs to %s', nspname, pg_get_userbyid(nspowner))
    from pg_namespace n where ${ours("pg_namespace", "n.oid", "nspname")}
  union all select format('function %s belongs to %s', p.oid::regprocedure, pg_get_userbyid(proowner))
    from pg_proc p join pg_namespace n on n.oid = pronamespace where ${ours("pg_proc", "p.oid", "nspname")}`

/** Everything that rights may be given on, with what was given, or is so by default. */
const OBJECTS = `
    select format('%s %I.%I', case relkind when 'S' then 'sequence' else 'table' end, nspname, relname) as what,
        coalesce(relacl, acldefault(case relkind when 'S' then 's' else 'r' end::"char", relowner)) as acl
      from pg_class c join pg_namespace n on n.oid = relnamespace
      where relkind in ('r', 'p', 'v', 'm', 'S') and ${ours("pg_class", "c.oid", "nspname")}
    union all select format('column %I.%I.%I', nspname, relname, attname), attacl
      from pg_attribute a join pg_class c on c.oid = attrelid join pg_namespace n on n.oid = relnamespace
      where attacl is not null and ${ours("pg_class", "c.oid", "nspname")}
    union all select format('schema %I', nspname), coalesce(nspacl, acldefault('n', nspowner))
      from pg_namespace n where ${ours("pg_namespace", "n.oid", "nspname")}
    union all select format('function %s', p.oid::regprocedure), coalesce(proacl, acldefault('f', proowner))
      from pg_proc p join pg_namespace n on n.oid = pronamespace where ${ours("pg_proc", "p.oid", "nspname")}
    union all select format('what %s will make (%s %s)', pg_get_userbyid(defaclrole), defaclobjtype,
        coalesce((select nspname from pg_namespace where oid = defaclnamespace), 'anywhere')), defaclacl
      from pg_default_acl
    union all select 'the database', coalesce(datacl, acldefault('d', datdba)) from pg_database where datname = current_database()`

/** Every right that somebody has, given or by default, as `on table public.todos docket_server may SELECT`. */
const GRANTS = `
  select format('on %s %s may %s%s', what, coalesce(pg_get_userbyid(nullif(grantee, 0)), 'everyone'), privilege_type,
    case when is_grantable then ' and grant it' end)
  from (${OBJECTS}) as objects, aclexplode(acl)`

/** Whom these name. */
const ROLES = `
  select distinct pg_get_userbyid(role) from (
    select grantee as role from (${OBJECTS}) as objects, aclexplode(acl) where grantee <> 0
    union select relowner from pg_class c join pg_namespace n on n.oid = relnamespace
      where relkind in ('r', 'p', 'v', 'm', 'S') and ${ours("pg_class", "c.oid", "nspname")}
    union select nspowner from pg_namespace n where ${ours("pg_namespace", "n.oid", "nspname")}
    union select proowner from pg_proc p join pg_namespace n on n.oid = pronamespace
      where ${ours("pg_proc", "p.oid", "nspname")}
    union select defaclrole from pg_default_acl
  ) as named where pg_get_userbyid(role) !~ '^pg_'`

export type Catalogue = {
  /** Definitions of all tables, columns, constraints, indexes, functions, …, sorted. */
  definitions: string[]
  /** Owners and rights, sorted. */
  grants: string[]
  /** Roles that these name, PostgreSQL's own left out. */
  roles: string[]
}

/** What the database of `sql` is made of. Wants a session with `search_path = pg_catalog`, so that names are whole. */
export async function readCatalogue(sql: Sql): Promise<Catalogue> {
  const lines = async (statement: string) =>
    (await sql.unsafe(statement).values()).map(([line]) => String(line).replace(/\s+/g, " ").trim())
  const definitions: string[] = []
  for (const statement of DEFINITIONS) definitions.push(...(await lines(statement)))
  const grants = [...(await lines(OWNERS)), ...(await lines(GRANTS))]
  return {
    definitions: definitions.sort(),
    grants: grants.sort(),
    roles: (await sql.unsafe(ROLES).values()).map(([role]) => String(role)).sort(),
  }
}
