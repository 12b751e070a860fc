import { join } from "node:path"
import { dockerVariables } from "../backup/dump.ts"
import type { Backup } from "../backup/stored-backups.ts"
import { type Done, type Running, startCommand } from "../testing/running-command.ts"
import type { S3Identity } from "../testing/storage.ts"
import { BUCKET, type Site } from "./site.ts"

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
  BACKUP_S3_ENDPOINT: storage.url,
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

/** Runs the command to its end, knowing nothing but `variables`. `preload` is a file that Bun runs before it. */
export const ops = (variables: Variables, args: string[], preload?: string): Promise<Done> =>
  begin(variables, args, preload).done

/** Starts the command, for what is to be done while it runs. */
export const begin = (variables: Variables, args: string[], preload?: string): Running =>
  startCommand(
    [
      process.execPath,
      ...(preload ? ["--preload", preload] : []),
      ...["--no-env-file", join(import.meta.dir, "../cli.ts"), ...args, "--json"],
    ],
    {
      environment: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        ...dockerVariables(),
        ...(process.env.POSTGRES_IMAGE && { POSTGRES_IMAGE: process.env.POSTGRES_IMAGE }),
        ...variables,
      },
    },
  )
