import { createHash } from "node:crypto"
import { readdir } from "node:fs/promises"
import { join } from "node:path"
import type { Pool } from "./connect.ts"

/** Applies every pending migration in `folder`, in order, each in one transaction. Returns the file names applied. */
export async function migrate(sql: Pool, folder: string): Promise<string[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith(".sql")).sort()
  const applied: string[] = []
  await sql`create table if not exists migrations (
    number integer primary key, name text not null, checksum text not null, serves integer not null,
    applied_at timestamptz not null default now())`
  for (const [index, name] of files.entries()) {
    const text = await Bun.file(join(folder, name)).text()
    const checksum = createHash("sha256").update(text).digest("hex")
    const [done] = await sql`select 1 from migrations where number = ${index + 1}`
    if (done) continue
    await sql.begin(async (transaction) => {
      await transaction.unsafe(text)
      await transaction`insert into migrations (number, name, checksum, serves) values (${index + 1}, ${name}, ${checksum}, 1)`
    })
    applied.push(name)
  }
  return applied
}
