import { watch } from "node:fs"
import { join } from "node:path"
import { prettyFactory } from "pino-pretty"
import { endWithParent } from "../server/database/end-with-parent.ts"
import { allVariables } from "../server/variables.ts"

/** What a developer may set for the API; the rest of the environment's variables are not for this installation. */
const KEPT = ["LOG_LEVEL", "REGISTRATION"]
/** Milliseconds that the API has to end by itself. */
const PATIENCE = 5000

/**
 * Runs server/main.ts with `variables`, again when a source changes (Bun sees to that) or a migration does.
 * `ready` tells whether it came to answer, rather than ended.
 */
export function developmentApi(root: string, variables: Record<string, string>) {
  let child = spawnApi(root, variables)
  let changing = false
  const end = async () => {
    child.kill("SIGTERM")
    const late = setTimeout(() => child.kill("SIGKILL"), PATIENCE)
    await child.exited
    clearTimeout(late)
  }
  /** One change of a file is often told several times. */
  const restart = async () => {
    if (changing) return
    changing = true
    await end()
    child = spawnApi(root, variables)
    changing = false
  }
  const watchers = [
    watch(join(root, "migrations"), restart),
    // Bun watches only while the API runs, and it ends over a fault that it cannot start with.
    watch(join(root, "server"), { recursive: true }, () => child.exitCode === null || restart()),
  ]
  return {
    ready: Promise.race([
      isLive(`http://127.0.0.1:${variables.PORT}/health/live`),
      child.exited.then(() => false),
    ]),
    stop: () => {
      changing = true
      for (const watcher of watchers) watcher.close()
      return end()
    },
  }
}

function spawnApi(root: string, variables: Record<string, string>) {
  const child = Bun.spawn(
    [process.execPath, "--no-env-file", "--watch", "--no-clear-screen", join(root, "server/main.ts")],
    {
      cwd: root,
      env: { ...environmentWithoutOurs(), ...variables },
      detached: true,
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    },
  )
  endWithParent(child, "TERM")
  printLines(child.stdout)
  printLines(child.stderr)
  return child
}

function environmentWithoutOurs() {
  const ours = new Set(allVariables.flatMap(([name]) => [name, `${name}_FILE`]))
  const kept = Object.entries(process.env).filter(([name]) => !ours.has(name) || KEPT.includes(name))
  return { LOG_LEVEL: "warn", ...Object.fromEntries(kept) }
}

const pretty = prettyFactory({
  colorize: process.stdout.isTTY && !process.env.NO_COLOR,
  messageKey: "message",
  timestampKey: "timestamp",
  translateTime: "SYS:HH:MM:ss",
  ignore: "name",
})

async function printLines(output: ReadableStream<Uint8Array>) {
  let rest = ""
  const decoder = new TextDecoder()
  for await (const bytes of output) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n")
    rest = lines.pop()!
    for (const line of lines) print(line)
  }
  if (rest) print(rest)
}

function print(line: string) {
  const shown = line.startsWith("{") ? pretty(line).trimEnd() : line
  for (const part of shown.split("\n")) console.log(`api  ${part}`)
}

async function isLive(url: string): Promise<true> {
  for (;;) {
    const answer = await fetch(url).catch(() => undefined)
    if (answer?.ok) return true
    await Bun.sleep(50)
  }
}
