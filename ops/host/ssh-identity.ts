import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import type { SwarmEnvironment } from "../environments/swarm.ts"
import { deployKeyPath } from "./deploy-key.ts"

/** The host keys that an environment's host (or `other`, a further node) may show. Public: kept beside its file. */
export const knownHostsPath = ({ path, name }: SwarmEnvironment, other?: string) =>
  join(dirname(path), `${name}${other ? `.${other.replaceAll(":", "-")}` : ""}.known_hosts`)

/**
 * The variables with which `docker` reaches `ssh://…` by the environment's own deploy key and pinned host keys. Docker
 * takes no options for its ssh, so that an `ssh` of ours comes first in the PATH, which adds a configuration; the
 * operator's own is read after it. Nothing where the environment has no pinned keys, or is not reached by SSH.
 */
export function sshVariables(
  environment: SwarmEnvironment,
  host: string | undefined,
): Record<string, string> {
  const knownHosts = knownHostsPath(environment)
  const ssh = Bun.which("ssh")
  if (!host?.startsWith("ssh://") || !ssh || !existsSync(knownHosts)) return {}
  const folder = mkdtempSync(join(tmpdir(), "docket-ssh-"))
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }))
  const key = deployKeyPath(environment.name)
  const config = [
    `Host ${new URL(host).hostname}`,
    ...(existsSync(key) ? [`  IdentityFile ${key}`] : []),
    `  UserKnownHostsFile ${knownHosts}`,
    "  GlobalKnownHostsFile none",
    "  StrictHostKeyChecking yes",
    "  BatchMode yes",
    "  ServerAliveInterval 10",
    "Match all",
    "  Include ~/.ssh/config",
  ]
  writeFileSync(join(folder, "config"), `${config.join("\n")}\n`)
  writeFileSync(join(folder, "ssh"), `#!/bin/sh\nexec ${ssh} -F ${join(folder, "config")} "$@"\n`, {
    mode: 0o700,
  })
  return { PATH: `${folder}:${process.env.PATH}` }
}
