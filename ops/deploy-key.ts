/**
 * `bun ops/deploy-key.ts <environment>`: stores the private key in DEPLOY_KEY and the host's keys in KNOWN_HOSTS where
 * `bun run ops` looks for them, on a machine that runs one job and is gone. What is there already is not touched.
 */
import { mkdir, writeFile } from "node:fs/promises"
import { dirname } from "node:path"
import { needSwarm, readEnvironment } from "./environments/environment.ts"
import { deployKeyPath } from "./host/deploy-key.ts"
import { knownHostsPath } from "./host/ssh-identity.ts"
import { Refusal } from "./refusal.ts"

try {
  const [name] = process.argv.slice(2)
  if (!name) throw new Refusal(2, "Say which environment: bun ops/deploy-key.ts production")
  const environment = needSwarm(await readEnvironment(name), "It is reached with HF_TOKEN.")
  await store(deployKeyPath(environment.name), "DEPLOY_KEY", 0o600)
  await store(knownHostsPath(environment), "KNOWN_HOSTS", 0o644)
} catch (error) {
  if (!(error instanceof Refusal)) throw error
  console.error(error.message)
  process.exit(error.code)
}

/** `mode` is the file's. A key without a line break at its end is refused by ssh, and is easily pasted so. */
async function store(path: string, variable: string, mode: number) {
  if (await Bun.file(path).exists()) return console.error(`${path} is there already.`)
  const content = process.env[variable]?.trim()
  if (!content)
    throw new Refusal(3, `${variable} is empty, and there is no ${path}: docs/deployment/pipeline.md`)
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  await writeFile(path, `${content}\n`, { mode })
}
