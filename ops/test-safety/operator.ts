import { join } from "node:path"
import type { Subprocess } from "bun"
import { dockerVariables } from "../backup/dump.ts"
import type { Backup } from "../backup/stored-backups.ts"
import { expect } from "../testing/check.ts"
import { BUCKET, type S3Identity, type Site } from "./site.ts"

export type Done = {
  exitCode: number
  /** The object of `--json`. */
  said: { ok: boolean; code?: number; message?: string; [fact: string]: unknown }
  /** What was written to standard error. */
  told: string
  seconds: number
}

export type Variables = Record<string, string>

export type Logical = {
  site: Site
  writer: Variables
  verifier: Variables
  /** Of the source, in bytes. */
  size: number
  /** The first backup, taken under load. */
  backup: Backup
}

/** What `bun run ops …` is told of the storage, as `who`. */
export const storageVariables = (
  { storage }: Site,
  { accessKeyId, secretAccessKey }: S3Identity,
): Variables => ({
  BACKUP_S3_ENDPOINT: storage,
  BACKUP_S3_BUCKET: BUCKET,
  BACKUP_S3_ACCESS_KEY_ID: accessKeyId,
  BACKUP_S3_SECRET_ACCESS_KEY: secretAccessKey,
})

/** What the host that is backed up knows: the writer, the role that reads, and public keys alone. */
export const writerVariables = (site: Site): Variables => ({
  ...storageVariables(site, site.identities.writer),
  BACKUP_DATABASE_URL: site.source,
  BACKUP_RECIPIENTS: site.key.recipient,
})

/** What the verifier knows. */
export const verifierVariables = (site: Site, proofKey: string): Variables => ({
  ...storageVariables(site, site.identities.verifier),
  BACKUP_IDENTITY: site.key.identity,
  BACKUP_PROOF_KEY: proofKey,
  DRILL_DATABASE_URL: site.elsewhere,
  RESTORE_DATABASE_URL: site.elsewhere,
})

/** Runs the command to its end. `preload` is a file that Bun runs before it. */
export async function ops(variables: Variables, args: string[], preload?: string): Promise<Done> {
  return begin(variables, args, preload).done
}

export type Begun = { process: Subprocess; done: Promise<Done>; said: (line: RegExp) => Promise<void> }

/** Starts the command, for what is to be done while it runs. `said` resolves when a line of its progress matches. */
export function begin(variables: Variables, args: string[], preload?: string): Begun {
  const began = performance.now()
  const process_ = Bun.spawn(
    [
      process.execPath,
      ...(preload ? ["--preload", preload] : []),
      ...["--no-env-file", join(import.meta.dir, "../cli.ts"), ...args, "--json"],
    ],
    {
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        ...dockerVariables(),
        ...(process.env.POSTGRES_IMAGE && { POSTGRES_IMAGE: process.env.POSTGRES_IMAGE }),
        ...variables,
      },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    },
  )
  let told = ""
  const reading = (async () => {
    const decoder = new TextDecoder()
    for await (const chunk of process_.stderr) told += decoder.decode(chunk, { stream: true })
  })()
  const done = (async () => {
    const [stdout, exitCode] = await Promise.all([
      new Response(process_.stdout).text(),
      process_.exited,
      reading,
    ])
    let said: Done["said"] = { ok: false, message: `no JSON: ${stdout}` }
    try {
      said = JSON.parse(stdout)
    } catch {}
    return { exitCode, said, told, seconds: (performance.now() - began) / 1000 }
  })()
  const said = async (line: RegExp) => {
    while (!line.test(told)) {
      if (process_.exitCode !== null) throw new Error(`it ended before it said ${line}: ${told}`)
      await Bun.sleep(5)
    }
  }
  return { process: process_, done, said }
}

export function succeeded({ exitCode, said, told }: Done) {
  expect(exitCode === 0 && said.ok, `it ended with ${exitCode}: ${said.message}\n${told}`)
}

/** That a command ended with `code` and named the fault, and that it gave no secret away. */
export function refused({ exitCode, said, told }: Done, code: number, reason: RegExp): string {
  expect(exitCode === code, `it ended with ${exitCode}, not ${code}: ${said.message}\n${told}`)
  expect(reason.test(said.message ?? ""), `it says: ${said.message}`)
  expect(!/AGE-SECRET-KEY|PRIVATE KEY/.test(`${told}${said.message}`), "it tells a secret")
  return said.message!.split("\n")[0]!
}
