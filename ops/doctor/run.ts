import { Resolver } from "node:dns/promises"
import { isIP } from "node:net"
import type { Environment, SwarmEnvironment } from "../environments/environment.ts"
import type { Facts } from "../examine/facts.ts"
import { kitState } from "../recovery-kit/record.ts"
import { storeHashOf } from "../smoke/account.ts"
import type { Health } from "../smoke/health.ts"
import type { Outside } from "../smoke/outside.ts"
import { outsideOf } from "../smoke/run.ts"
import { Engine } from "../swarm/engine.ts"
import { findService } from "../swarm/rollout.ts"
import { judgeAlerts } from "./alerts.ts"
import { judgeBackups, judgeKit } from "./backups.ts"
import { type ClockReading, judgeClocks } from "./clock.ts"
import { judgeConfiguration } from "./configuration.ts"
import { judgeDatabase } from "./database.ts"
import { addressesOf, type Names } from "./dns.ts"
import { type Finding, unknown } from "./finding.ts"
import {
  databaseSpace,
  engineClock,
  examineInside,
  INSIDE,
  lookAtStack,
  networksOf,
  nodeAddresses,
} from "./inside.ts"
import { judgeMail } from "./mail.ts"
import { checkMailRecords } from "./mail-records.ts"
import { lookAtHealth, lookFromOutside, lookSignedIn, type Patient } from "./outside.ts"
import { judgeSpace } from "./space.ts"

export type DoctorOptions = {
  /** Where to send a test letter. */
  letter?: string | undefined
  /** The DKIM selector of the sender's domain. */
  dkim?: string | undefined
  /** The sender's domain, where the server cannot be asked. */
  sender?: string | undefined
  /** Name servers to ask instead of the system's, `address` or `address:port`. */
  nameServers?: string[] | undefined
}

/** Looks at `environment` from outside and inside; findings come as they are made. */
export async function* diagnose(
  environment: Environment,
  options: DoctorOptions = {},
): AsyncGenerator<Finding[]> {
  const names = namesBy(options.nameServers)
  const engine = environment.kind === "swarm" ? await openEngine(environment) : null
  try {
    const reached = engine instanceof Engine ? engine : null
    const patient = await patientOf(environment, names, reached)
    yield* lookFromOutside(patient)
    const { findings, health, clock } = await lookAtHealth(patient.outside)
    yield findings
    yield health?.database === "connected"
      ? await lookSignedIn(patient)
      : [unknown("smoke", "Nothing can be tried while the server or its database is away.")]
    yield* reached
      ? lookInside(reached, environment as SwarmEnvironment, { options, names, health, clock })
      : lookWithoutEngine(environment, { why: engine as string | null, options, names, health, clock })
    yield [judgeBackups(environment, health)]
    if (reached) yield [judgeKit(environment, await kitState(reached, environment as SwarmEnvironment))]
  } finally {
    if (engine instanceof Engine) await engine[Symbol.asyncDispose]()
  }
}

/** An engine that does not answer is a finding. */
const openEngine = (environment: SwarmEnvironment): Promise<Engine | string> =>
  Engine.open(environment).catch((error: Error) => error.message)

type Found = { options: DoctorOptions; names: Names; health: Health | null; clock: ClockReading[] }

async function* lookInside(
  engine: Engine,
  environment: SwarmEnvironment,
  { options, names, health, clock }: Found,
): AsyncGenerator<Finding[]> {
  const facts = await examineInside(engine, environment.stack, options.letter)
  const clocks = [...clock, await engineClock(engine)]
  const volume = await databaseSpace(engine, environment.stack)
  if ("missing" in facts) {
    yield judgeClocks(clocks)
    const examined = INSIDE.slice(0, INSIDE.indexOf("space"))
    yield [...examined, "mail" as const, "alerts" as const].map((check) => unknown(check, facts.missing))
    if (volume) yield judgeSpace([volume])
  } else {
    yield judgeClocks([...clocks, ...databaseClock(facts)])
    yield judgeConfiguration(facts.config, environment.domains)
    yield judgeDatabase(facts.database, facts.config)
    yield judgeSpace([{ where: "the node's disk", ...facts.process.disk }, ...(volume ? [volume] : [])])
    const addOn = await findService(engine, `${environment.stack}-monitoring_alertmanager`)
    yield judgeAlerts(facts.config, Boolean(addOn))
    yield judgeMail(facts.config.mail, facts.letter, health?.checks.mail ?? null)
  }
  const sender = options.sender ?? ("missing" in facts ? undefined : facts.config.mail?.from.split("@").pop())
  if (sender) yield await checkMailRecords(names, sender, options.dkim)
  yield await lookAtStack(engine, environment)
}

/** The database's clock is known against the server's. */
function databaseClock({ database }: Facts): ClockReading[] {
  if (!database.reached) return []
  const now = Date.now()
  return [{ whose: "the database", shown: now + database.clockAhead, asked: now, answered: now, grain: 0 }]
}

async function* lookWithoutEngine(
  environment: Environment,
  { why, options, names, clock }: Found & { why: string | null },
): AsyncGenerator<Finding[]> {
  const reason =
    why ??
    `${environment.name} is hosted: its containers, variables and database are seen in the consoles of Hugging Face, Vercel and Neon.`
  yield judgeClocks(clock)
  if (options.sender) yield await checkMailRecords(names, options.sender, options.dkim)
  yield [...INSIDE, "mail" as const, "alerts" as const].map((check) => unknown(check, reason))
}

function namesBy(servers: string[] | undefined): Names {
  const resolver = new Resolver({ timeout: 3_000, tries: 2 })
  if (servers) resolver.setServers(servers)
  return resolver
}

async function patientOf(environment: Environment, names: Names, engine: Engine | null): Promise<Patient> {
  const outside: Outside = outsideOf(environment)
  const stack = environment.kind === "swarm" ? environment.stack : ""
  const addresses = engine
    ? [
        ...(await nodeAddresses(engine, stack)),
        ...(await hostAddresses(engine.host, names)),
        ...(await hostAddresses(`tcp://${outside.smoke?.address ?? ""}`, names)),
      ]
    : []
  return {
    outside,
    names,
    host: {
      addresses: addresses.length > 0 ? [...new Set(addresses)] : null,
      overridden: outside.smoke?.address !== undefined,
    },
    networks: engine ? await networksOf(engine) : [],
    ownHost: environment.kind === "swarm",
    storeHash:
      engine || environment.kind === "hosted"
        ? storeHashOf(environment, engine ?? undefined)
        : { missing: "The engine, which prepares the account, can't be reached" },
  }
}

/** The addresses of the host in `ssh://user@host`; none for a socket of this machine. */
async function hostAddresses(engineUrl: string, names: Names): Promise<string[]> {
  const host = URL.parse(engineUrl)?.hostname.replace(/^\[|\]$/g, "")
  if (!host) return []
  return isIP(host) ? [host] : addressesOf(names, host).catch(() => [])
}
