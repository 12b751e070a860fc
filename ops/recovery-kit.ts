import { open, rename } from "node:fs/promises"
import { resolve } from "node:path"
import { localCommand, type Result } from "./command.ts"
import { needSwarm, readEnvironment, type SwarmEnvironment } from "./environments/environment.ts"
import { writeEnvironmentFiles } from "./environments/files.ts"
import { say } from "./progress.ts"
import { collectKit } from "./recovery-kit/collect.ts"
import { checksumOf, type Key, openKit, sealKit, wantsPassphrase } from "./recovery-kit/envelope.ts"
import { kitKey, kitLock } from "./recovery-kit/keys.ts"
import { type Kit, kitText } from "./recovery-kit/kit.ts"
import { hashOf, kitState, kitStateText, recordKit } from "./recovery-kit/record.ts"
import { Refusal } from "./refusal.ts"
import { Engine } from "./swarm/engine.ts"
import { currentSecrets, type SecretName, storedName } from "./swarm/secrets.ts"

export default localCommand({
  name: "recovery-kit",
  description:
    "Writes one encrypted file with all that brings an environment back on an empty host, beside the bucket and the registry; reads it back before it says so. --check looks at one: docs/operations/disaster-recovery.md",
  examples: [
    "bun run ops recovery-kit production                           # asks for a passphrase",
    "bun run ops recovery-kit production --recipients age1…        # read back with KIT_IDENTITY_FILE",
    "bun run ops recovery-kit --check docket-production.kit        # does it open, and what is in it?",
    "bun run ops recovery-kit production --check docket-production.kit   # and has a secret changed since?",
  ],
  arguments: {
    environment: {
      type: "positional",
      required: false,
      description: "A file of ops/environments/ by its name, or a path that ends in .toml",
    },
    file: { type: "string", description: "Where to write it; docket-ENVIRONMENT-DATE.kit unless given" },
    recipients: { type: "string", description: "Public keys of age, separated by commas, and no passphrase" },
    check: { type: "string", description: "Look at this kit instead of writing one" },
    unpack: { type: "string", description: "With --check: a folder to write its environment's file into" },
  },
  run: async ({ arguments: { environment: name, file, recipients, check, unpack }, dryRun }) => {
    if (check) return checkKit(check, name, unpack)
    if (unpack) throw new Refusal(2, "--unpack wants --check FILE: it unpacks a kit that is there.")
    if (!name) throw new Refusal(2, "Of which environment? bun run ops recovery-kit production")
    const environment = await swarmNamed(name)
    await using engine = await Engine.open(environment)
    // Awaited here: the connection is closed when this returns.
    if (dryRun) return await wouldWrite(engine, environment)
    return await writeKit(engine, environment, { file, recipients })
  },
})

async function writeKit(
  engine: Engine,
  environment: SwarmEnvironment,
  { file, recipients }: { file: string | undefined; recipients: string | undefined },
): Promise<Result> {
  const date = new Date().toISOString().slice(0, 10)
  const path = resolve(file ?? `docket-${environment.name}-${date}.kit`)
  if (await Bun.file(path).exists())
    throw new Refusal(2, `There is a file ${path}: a kit is not written over another.`)
  const { lock, key } = await kitLock(recipients)
  const { kit, stored } = await collectKit(engine, environment)
  const sealed = await sealKit(kit, lock)
  await writeWhole(path, sealed)
  await readBack(path, kit, key)
  const checksum = checksumOf(sealed)
  await recordKit(engine, environment, { checksum, text: kit.environment.text, stored })
  const facts = { path, checksum, secrets: Object.keys(kit.secrets), release: kit.release }
  return {
    text: [
      kitText(kit),
      `It is in ${path}, and was read back, opened and compared.`,
      `Keep it in two places that do not burn with the host, and what opens it apart from it. Make a new one after a secret changed: bun run ops doctor ${environment.name} says when.`,
    ].join("\n"),
    facts,
  }
}

/** On the disk before it is there: neither a crash nor a full disk leaves half a kit under its name. */
async function writeWhole(path: string, text: string) {
  const next = `${path}.new`
  const handle = await open(next, "wx", 0o600).catch((error) => {
    throw new Refusal(2, `${next} can't be written (${error.code}).`)
  })
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(next, path)
}

async function readBack(path: string, kit: Kit, key: Key) {
  say("reading it back")
  const found = await openKit(await Bun.file(path).text(), key)
  if (!Bun.deepEquals(found, kit, true))
    throw new Refusal(1, `${path} was written, and what is read back is another: do not rely on it.`)
}

async function wouldWrite(engine: Engine, environment: SwarmEnvironment): Promise<Result> {
  const state = await kitState(engine, environment)
  const known = state ? `The newest kit was ${kitStateText(state)}.` : "No kit was written yet."
  return {
    text: `${known} It would write a new one, and change nothing of ${environment.stack}.`,
    facts: { newest: state },
  }
}

/** Opens the kit, and where an environment is named holds it against what runs there. */
async function checkKit(path: string, name: string | undefined, unpack: string | undefined): Promise<Result> {
  const file = Bun.file(path)
  if (!(await file.exists())) throw new Refusal(2, `There is no file ${path}.`)
  const sealed = await file.text()
  const kit = await openKit(sealed, await kitKey(wantsPassphrase(sealed)))
  const unpacked = unpack && (await writeEnvironmentFiles(resolve(unpack), kit.environment))
  const facts = {
    environment: kit.environment.name,
    madeAt: kit.madeAt,
    release: kit.release,
    secrets: Object.keys(kit.secrets),
    ...(unpacked && { unpacked }),
  }
  const text = [
    kitText(kit),
    "It is whole, and opens.",
    ...(unpacked ? [`Its environment: ${unpacked}`] : []),
  ]
  if (!name) return { text: text.join("\n"), facts }
  const environment = await swarmNamed(name)
  if (environment.stack !== kit.environment.stack)
    throw new Refusal(
      3,
      `The kit is of ${kit.environment.stack}, and ${name} is ${environment.stack}.`,
      facts,
    )
  await using engine = await Engine.open(environment)
  const changed = await changedOf(engine, environment, kit)
  if (changed.length > 0)
    throw new Refusal(
      3,
      `${text.join("\n")}\nIt is of before: ${changed.join(", ")} changed since. Make a new one: bun run ops recovery-kit ${name}`,
      { ...facts, changed },
    )
  return { text: [...text, "Nothing of it has changed since."].join("\n"), facts: { ...facts, changed } }
}

/** By what the Swarm's secrets are called, which says whether a content is the same. */
async function changedOf(engine: Engine, environment: SwarmEnvironment, kit: Kit): Promise<string[]> {
  const current = await currentSecrets(engine, environment.stack)
  const names = new Set([...Object.keys(kit.secrets), ...Object.keys(current)] as SecretName[])
  const secrets = [...names].filter((name) => {
    const content = kit.secrets[name]
    return content === undefined || current[name] !== storedName(environment.stack, name, content)
  })
  const same = hashOf(await Bun.file(environment.path).text()) === hashOf(kit.environment.text)
  return [...(same ? [] : ["the environment's file"]), ...secrets.sort()]
}

const swarmNamed = async (name: string) =>
  needSwarm(
    await readEnvironment(name),
    "Its secrets are kept by Hugging Face, Vercel and Neon; keep a copy of each where you keep passwords.",
  )
