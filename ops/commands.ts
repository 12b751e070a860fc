import type { ArgsDef } from "citty"
import type { Command } from "./command.ts"
import { Refusal } from "./refusal.ts"

/** What `bun run ops` knows, by its name. A command's file is read when it is asked for. */
export const commands: Record<string, () => Promise<{ default: Command }>> = {
  deploy: () => import("./deploy.ts"),
  rollback: () => import("./rollback.ts"),
  releases: () => import("./releases.ts"),
  status: () => import("./status.ts"),
  logs: () => import("./logs.ts"),
  monitoring: () => import("./monitoring.ts"),
  scale: () => import("./scale.ts"),
  publish: () => import("./publish.ts"),
  doctor: () => import("./doctor.ts"),
  smoke: () => import("./smoke.ts"),
  secrets: () => import("./secrets.ts"),
  "setup-host": () => import("./setup-host.ts"),
  backup: () => import("./backup.ts"),
  backups: () => import("./backups.ts"),
  "status-page": () => import("./status-page.ts"),
  drill: () => import("./drill.ts"),
  restore: () => import("./restore.ts"),
  recover: () => import("./recover.ts"),
  "recovery-kit": () => import("./recovery-kit.ts"),
  "import-sqlite": () => import("./import-sqlite.ts"),
}

/** Citty lets unknown options pass; a misspelt `--dry-run` must not deploy. Refuses (2) what `known` does not have. */
export function refuseStrangers(name: string, known: ArgsDef, rest: string[]) {
  const options = new Map<string, boolean>()
  for (const [option, { type }] of Object.entries(known))
    if (type !== "positional") options.set(`--${option}`, type === "boolean")
  const positional = Object.values(known).filter(({ type }) => type === "positional").length
  let seen = 0
  for (let index = 0; index < rest.length; index++) {
    const [option = "", value] = rest[index]!.split("=", 2)
    if (!option.startsWith("-")) seen += 1
    else if (!options.has(option))
      throw new Refusal(2, `${name} has no option ${option}. See: bun run ops ${name} --help`)
    else if (!options.get(option) && value === undefined) index += 1
  }
  if (seen > positional)
    throw new Refusal(2, `${name} takes ${positional} arguments. See: bun run ops ${name} --help`)
}
