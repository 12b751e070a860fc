import { networkInterfaces } from "node:os"
import type { StoreHash } from "../smoke/account.ts"
import { createTodo, deleteTodo, findTodo, seenFrom, signOut } from "../smoke/api.ts"
import { type Health, readHealth } from "../smoke/health.ts"
import type { Outside } from "../smoke/outside.ts"
import { newPassword, signInAmongOthers } from "../smoke/session.ts"
import { CLAIMED, judgeCallerAddress } from "./caller-address.ts"
import type { ClockReading } from "./clock.ts"
import { addressesOf, checkDns, type Host, type Names } from "./dns.ts"
import { type Finding, ok, problem, unknown, warning } from "./finding.ts"
import { checkHttp } from "./http.ts"
import { checkPorts } from "./ports.ts"
import { checkTls } from "./tls.ts"

/** What the doctor knows of a deployment before it looks. */
export type Patient = {
  outside: Outside
  names: Names
  host: Host
  /** Networks of the Swarm, in CIDR notation. */
  networks: string[]
  /** Whether the host is the operator's own, whose other ports matter. */
  ownHost: boolean
  storeHash: StoreHash | { missing: string }
}

/** Everything that shows from outside, a group of findings at a time. Never rejects for what the deployment does. */
export async function* lookFromOutside(patient: Patient): AsyncGenerator<Finding[]> {
  const { outside, names, host } = patient
  yield await checkDns(names, outside.domains, host)
  yield await portFindings(patient)
  for (const domain of outside.domains) yield await checkTls(outside, domain)
  yield await checkHttp(outside)
}

async function portFindings({ outside, names, ownHost }: Patient): Promise<Finding[]> {
  const { address, http_address } = outside.smoke ?? {}
  if (address) {
    const [, host = "", https] = /^(.*):(\d+)$/.exec(address) ?? []
    const http = /:(\d+)$/.exec(http_address ?? "")?.[1]
    return checkPorts(host, { https: Number(https), http: Number(http ?? 80), ownHost })
  }
  const found = await addressesOf(names, outside.domains[0]!).catch(() => [])
  if (found.length === 0) return [unknown("ports", `${outside.domains[0]} has no address to look at.`)]
  return (await Promise.all(found.map((address) => checkPorts(address, { ownHost })))).flat()
}

/** What the server says of itself, if it answers. */
export async function lookAtHealth(
  outside: Outside,
): Promise<{ findings: Finding[]; health: Health | null; clock: ClockReading[] }> {
  const asked = Date.now()
  try {
    const { status, health, date } = await readHealth(outside)
    const answered = Date.now()
    const clock = date
      ? [{ whose: "the server", shown: Date.parse(date), asked, answered, grain: 1_000 }]
      : []
    return { findings: [judgeHealth(status, health)], health, clock }
  } catch (error) {
    const cure = "See what runs: bun run ops status ENVIRONMENT."
    return { findings: [problem("health", `${(error as Error).message}.`, cure)], health: null, clock: [] }
  }
}

function judgeHealth(status: number, health: Health | null): Finding {
  const logs = "bun run ops logs ENVIRONMENT server"
  if (!health)
    return problem(
      "health",
      `What answers /health (${status}) is not Docket.`,
      "See what the domain leads to.",
    )
  if (health.database === "disconnected")
    return problem(
      "health",
      "The database is away: the server answers, and cannot reach it.",
      `See whether it runs (bun run ops status ENVIRONMENT), and ${logs}.`,
    )
  if (health.status !== "healthy")
    return problem("health", `The server calls itself ${health.status}.`, `See ${logs}.`)
  if (health.checks.disk.status === "low")
    return warning(
      "health",
      "The server's file system is nearly full.",
      "Enlarge the disk: docker system df.",
    )
  return ok("health", `Version ${health.version} is healthy, up for ${health.uptime} s.`)
}

/** Signs in as the smoke account, uses it, and asks where it was seen from. */
export async function lookSignedIn({ outside, networks, storeHash }: Patient): Promise<Finding[]> {
  if ("missing" in storeHash)
    return [unknown("smoke", `${storeHash.missing}.`), unknown("caller address", `${storeHash.missing}.`)]
  const started = performance.now()
  try {
    const password = await newPassword(storeHash)
    const session = await signInAmongOthers(outside, password, storeHash, { "X-Forwarded-For": CLAIMED })
    const seen = await seenFrom(session)
    const todo = await createTodo(session)
    await findTodo(session, todo)
    await deleteTodo(session, todo)
    await signOut(session)
    const took = Math.round(performance.now() - started)
    return [
      ok("smoke", `Signing in, creating, listing and deleting work (${took} ms).`),
      judgeCallerAddress(seen, networks, ownAddresses()),
    ]
  } catch (error) {
    const why = (error as Error).message
    return [
      problem("smoke", why, "See bun run ops smoke ENVIRONMENT, and bun run ops logs ENVIRONMENT server."),
      unknown("caller address", "Nobody could sign in to see it."),
    ]
  }
}

const ownAddresses = () =>
  Object.values(networkInterfaces()).flatMap((found) => (found ?? []).map(({ address }) => address))
