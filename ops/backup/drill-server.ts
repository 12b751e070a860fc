import { existsSync } from "node:fs"
import { join } from "node:path"
import { freePort } from "../../server/free-port.ts"
import { say } from "../progress.ts"
import { Refusal } from "../refusal.ts"
import { throughDatabase } from "../smoke/account.ts"
import { createTodo, deleteTodo, findTodo, signOut } from "../smoke/api.ts"
import { checkHealth, checkLive } from "../smoke/health.ts"
import type { Outside } from "../smoke/outside.ts"
import { newPassword, signInAmongOthers } from "../smoke/session.ts"

/** Milliseconds that the server may take to answer for the first time. */
const PATIENCE = 60_000

/**
 * Starts this release's server on the database at `url` and has it sign in, create, list and delete, as a person would.
 * No letter can leave it. Returns how many checks held.
 */
export async function smokeRestored(url: string): Promise<number> {
  say("starting the application on it")
  const port = await freePort()
  const outside: Outside = { domains: [`127.0.0.1:${port}`], scheme: "http" }
  const child = Bun.spawn([process.execPath, "--no-env-file", serverPath()], {
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: url,
      ENVIRONMENT: "test",
      JWT_SECRET_KEY: crypto.getRandomValues(new Uint8Array(48)).toBase64(),
      LOG_LEVEL: "warn",
      MIGRATE_AT_START: "false",
      PORT: `${port}`,
      REGISTRATION: "closed",
    },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  })
  const output = Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
  try {
    await untilAnswering(port, () => child.exitCode !== null)
    return await runChecks(outside, url)
  } catch (error) {
    child.kill("SIGTERM")
    await child.exited
    const last = (await output).join("").trim().slice(-1000)
    throw new Refusal(
      1,
      `The application does not work on what was restored: ${(error as Error).message}\n${last}`,
    )
  } finally {
    child.kill("SIGTERM")
    await child.exited
  }
}

async function runChecks(outside: Outside, url: string): Promise<number> {
  const storeHash = throughDatabase(url)
  await checkLive(outside)
  await checkHealth(outside)
  const session = await signInAmongOthers(outside, await newPassword(storeHash), storeHash)
  const todo = await createTodo(session)
  await findTodo(session, todo)
  await deleteTodo(session, todo)
  await signOut(session)
  return 7
}

async function untilAnswering(port: number, hasEnded: () => boolean) {
  for (const until = performance.now() + PATIENCE; performance.now() < until; await Bun.sleep(100)) {
    if (hasEnded()) throw new Error("the server ended by itself.")
    const answer = await fetch(`http://127.0.0.1:${port}/health/live`).catch(() => null)
    if (answer?.ok) return
  }
  throw new Error(`the server did not answer within ${PATIENCE / 1000} s.`)
}

/** The server's source, or the bundle that is beside this one's. */
function serverPath(): string {
  const source = join(import.meta.dir, "../../server/main.ts")
  return existsSync(source) ? source : join(import.meta.dir, "main.js")
}
