import { join } from "node:path"
import { prettyFactory } from "pino-pretty"
import { endWithParent } from "../server/database/end-with-parent.ts"
import { allVariables } from "../server/variables.ts"

/** What a developer may set for the API; the rest of the environment's variables are not for this installation. */
const KEPT = ["LOG_LEVEL", "REGISTRATION"]
/** Milliseconds that the API has to end by itself. */
const PATIENCE = 5000

/** Runs server/main.ts with `variables`, restarting it when a source changes. `ready` resolves when it answers. */
export function developmentApi(root: string, variables: Record<string, string>) {
  let child = spawnApi(root, variables)
  const stop = async () => {
    child.kill("SIGTERM")
    const late = setTimeout(() => child.kill("SIGKILL"), PATIENCE)
    await child.exited
    clearTimeout(late)
  }
  let restarting = false
  return {
    stop,
    /** One change of a file is often told several times. */
    restart: async () => {
      if (restarting) return
      restarting = true
      await stop()
      child = spawnApi(root, variables)
      restarting = false
    },
    ready: isLive(`http://127.0.0.1:${variables.PORT}/health/live`),
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

async function isLive(url: string) {
  for (;;) {
    const answer = await fetch(url).catch(() => undefined)
    if (answer?.ok) return
    await Bun.sleep(50)
  }
}
