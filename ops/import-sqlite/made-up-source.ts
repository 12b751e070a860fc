/**
 * Databases for the tests, of an application that never was. By hand, with so many todos:
 * `bun ops/import-sqlite/made-up-source.ts FILE 1000000`; its map is maps/organisations.toml.
 */
import { Database } from "bun:sqlite"

type Size = { people: number; organisations: number; tasks: number }

/** The password of everyone. */
export const PASSWORD = "correct horse battery"

/** Of that password, each as its framework writes it. */
export const HASHES = [
  "$argon2id$v=19$m=8192,t=3,p=1$tkB1ZyX4JXa5IYZrH4kyvA$DPYt/Q7J6DI1ChKANnAuat7A/7Br0QkeZ9sbUu9QL2o",
  "$2b$05$Xce8ALDtGJRJs.hdWtppqOoqjqA7m42viaGdamjxBhOPy3zBXFcyy",
  "pbkdf2_sha256$26000$seasalt2seasalt2ABCDEF$8u7DVrh0VeyJO8I3TRGPUl2ovVoxWtDxyzh6sJVTVJs=",
  "$pbkdf2-sha256$29000$O0fIuXdujVHKGeP8nxMCAA$tSAu5YlqmWYafyEuEOl.fifbksQkIVtCyM0Fe4Xmdjg",
  "pbkdf2:sha256:26000$BQk2tOTb9UKcpya2$00d5e9a6b1ad436d9e37d28a9e873c46cbbe0ff1b1bdded365f8e833dc8a77f1",
]

const SCHEMA = `
  create table users (id integer primary key, email text, name text, password_hash text, language text,
    time_zone text, created_at text, theme_colour text);
  create table organizations (id integer primary key, name text, owner_id integer references users, created_at);
  create table memberships (user_id integer references users, org_id integer references organizations, role text);
  create table tasks (id integer primary key, org_id integer references organizations, user_id integer references users,
    title text, description text, priority integer, due_date, done integer, done_at, created_at, updated_at);
  create table plugins (id integer primary key, name text);
`

/** A Monday in 2024, in milliseconds. */
const BEGAN = Date.UTC(2024, 0, 1, 9)
const LANGUAGES = ["en", "es", "pt-BR", "fr", "de"]
const ZONES = ["UTC", "Europe/Berlin", "America/Sao_Paulo", "Asia/Taipei"]
const TITLES = [
  "Water the fern",
  "Answer the town hall's letter",
  "给妈妈打电话",
  "Ünïcödé\ttabs \\ and “quotes”",
]

/** Every form of a moment that applications write, one after the other. */
const MOMENTS = [
  (moment: number) => moment,
  (moment: number) => moment / 1000,
  (moment: number) => moment * 1000,
  (moment: number) => new Date(moment).toISOString(),
  (moment: number) => new Date(moment).toISOString().slice(0, 19).replace("T", " "),
  (moment: number) => new Date(moment + 7_200_000).toISOString().replace("Z", "+02:00"),
]

/** Writes a database in which nothing is wrong to the file `path`. It stays open, for tests to make it dirty. */
export function makeSource(path: string, { people, organisations, tasks }: Size): Database {
  const database = new Database(path, { create: true })
  database.run(SCHEMA)
  database.transaction(() => {
    const addUser = database.prepare("insert into users values (?, ?, ?, ?, ?, ?, ?, ?)")
    for (let id = 1; id <= people; id += 1) {
      const made = new Date(BEGAN + id * 60_000).toISOString()
      addUser.run(
        ...[id, `Someone${id}@Example.org`, `Someone ${id}`, HASHES[id % HASHES.length]!],
        ...[LANGUAGES[id % LANGUAGES.length]!, ZONES[id % ZONES.length]!, made, "teal"],
      )
    }
    const addOrganisation = database.prepare("insert into organizations values (?, ?, ?, ?)")
    const addMember = database.prepare("insert into memberships values (?, ?, ?)")
    for (let id = 1; id <= organisations; id += 1) {
      const owner = ((id - 1) % people) + 1
      addOrganisation.run(id, `Organisation ${id}`, owner, BEGAN / 1000 + id)
      for (const [index, role] of ["admin", "member", "guest"].slice(0, people).entries())
        addMember.run(((owner + index - 1) % people) + 1, id, role)
    }
    addTasks(database, { people, organisations, tasks })
  })()
  return database
}

function addTasks(database: Database, { people, organisations, tasks }: Size) {
  const add = database.prepare("insert into tasks values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
  for (let id = 1; id <= tasks; id += 1) {
    const made = BEGAN + id * 20_000
    const write = MOMENTS[id % MOMENTS.length]!
    const isDone = id % 3 === 0
    // One in ten belongs to no organisation.
    const organisation = id % 10 === 0 ? null : (id % organisations) + 1
    add.run(
      ...[id, organisation, (id % people) + 1, `${TITLES[id % TITLES.length]} ${id}`],
      ...[id % 7 === 0 ? "First line\r\nand \\N a second" : null, id % 4],
      ...[id % 2 === 0 ? "2026-05-01" : null, Number(isDone), isDone ? write(made + 5000) : null],
      ...[write(made), write(made + 10_000)],
    )
  }
}

if (import.meta.main) {
  const [path, tasks] = process.argv.slice(2)
  if (!path || !tasks) throw new Error("Usage: bun ops/import-sqlite/made-up-source.ts FILE TODOS")
  makeSource(path, { people: 1000, organisations: 200, tasks: Number(tasks) }).close()
}
