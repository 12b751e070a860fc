import { chmod, mkdir } from "node:fs/promises"
import { homedir } from "node:os"
import { dirname, join } from "node:path"
import { Refusal } from "../refusal.ts"

/** Where the private key of an environment is on the operator's machine: the key is the environment's alone. */
export const deployKeyPath = (environment: string) => join(homedir(), ".ssh", `docket-${environment}`)

/**
 * The public half of the environment's deploy key, as one line that ends in `docket-NAME`. Makes the key if there is
 * none; in a dry run a line stands for it that no host has.
 */
export async function readOrMakeDeployKey(environment: string, dryRun: boolean): Promise<string> {
  const path = deployKeyPath(environment)
  const exists = await Bun.file(path).exists()
  if (!exists && dryRun) return `ssh-ed25519 (not made yet) docket-${environment}`
  if (!exists) await makeKey(path, environment)
  await chmod(path, 0o600)
  return publicHalf(path, environment)
}

async function makeKey(path: string, environment: string) {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  // Without a passphrase, because a pipeline uses it too.
  const child = Bun.spawn(
    ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", `docket-${environment}`, "-f", path],
    { stdin: "ignore", stdout: "ignore", stderr: "pipe" },
  )
  const complaint = await new Response(child.stderr).text()
  if ((await child.exited) !== 0)
    throw new Refusal(1, `The deploy key ${path} can't be made: ${complaint.trim()}`)
}

async function publicHalf(path: string, environment: string): Promise<string> {
  const child = Bun.spawn(["ssh-keygen", "-y", "-P", "", "-f", path], {
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  })
  const [text, complaint] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ])
  if ((await child.exited) !== 0)
    throw new Refusal(2, `The deploy key ${path} can't be read: ${complaint.trim().split("\n")[0]}`)
  const [type, key] = text.trim().split(" ")
  return `${type} ${key} docket-${environment}`
}
