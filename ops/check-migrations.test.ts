import { afterAll, expect, test } from "bun:test"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { migrationFaults } from "./check-migrations.ts"

const folder = mkdtempSync(join(tmpdir(), "docket-migrations-"))
afterAll(() => rmSync(folder, { recursive: true }))

const faultsOf = async (text: string) => {
  await Bun.write(join(folder, "0001_birds.sql"), text)
  return migrationFaults(folder)
}

test("ours have none", async () => {
  expect(await migrationFaults()).toEqual([])
})

test.each([
  ["alter table birds drop column name;", "ban-drop-column"],
  ["alter table birds rename column name to title;", "renaming-column"],
  ["alter table birds add column wings integer not null;", "adding-required-field"],
  ["alter table birds alter column name type integer;", "changing-column-type"],
  ["alter table birds add constraint named check (name <> '');", "constraint-missing-not-valid"],
  ["create index birds_name on birds (name);", "require-concurrent-index-creation"],
  [
    "create table nests (); create index concurrently if not exists birds_name on birds (name);",
    "ban-concurrent-index-creation-in-transaction",
  ],
])("what would lock a table or break the release before is caught: %s", async (statement, rule) => {
  const faults = await faultsOf(`-- serves: 1\n-- destructive: names\n\n${statement}`)
  expect(faults).toEqual([expect.stringMatching(new RegExp(`^0001_birds\\.sql:\\d ${rule}: `))])
})

test("a statement outside a transaction must be one that can be run again", async () => {
  const alone = "-- serves: 1\n-- transaction: none\n"
  expect(
    await faultsOf(`${alone}create index concurrently if not exists birds_name on birds (name);`),
  ).toEqual([])
  expect(await faultsOf(`${alone}create index concurrently birds_name on birds (name);`)).toEqual([
    expect.stringContaining("prefer-robust-stmts"),
  ])
})

test("a change that is meant is passed with its reason beside it", async () => {
  const meant =
    "-- No release since 7 reads it.\n-- squawk-ignore ban-drop-column\nalter table birds drop column name;"
  expect(await faultsOf(`-- serves: 1\n-- destructive: names\n${meant}`)).toEqual([])
})

test("what cannot be read at all is a fault as well", async () => {
  expect(await faultsOf("create table birds ();")).toEqual([expect.stringContaining("has no header")])
  expect(await faultsOf("-- serves: 1\ncreate tabel birds ();")).not.toEqual([])
})

test.each([
  "delete from birds where wings is null;",
  "update birds set name = '';",
  "drop table if exists birds;",
  "truncate birds;",
])("what takes something away says so in its header: %s", async (statement) => {
  const told = (faults: string[]) => faults.filter((fault) => / destructive: /.test(fault))
  expect(told(await faultsOf(`-- serves: 1\n\n${statement}`))).toEqual([
    expect.stringMatching(/^0001_birds\.sql:3 destructive: /),
  ])
  expect(told(await faultsOf(`-- serves: 1\n-- destructive: birds\n\n${statement}`))).toEqual([])
})
