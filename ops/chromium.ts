import { existsSync } from "node:fs"
import { join } from "node:path"
import { chromium, type Browser as Process } from "playwright"

const ROOT = join(import.meta.dir, "..")
const COMMANDS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge"]
const APPLICATIONS = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:/Program Files/Google/Chrome/Application/chrome.exe",
]

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
]

export type Browser = { path: string; from: string }

/** A Chromium that shows nothing, as the journeys and the bench use it. */
export async function startChromium(): Promise<Process> {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? (await findChromium()).path, args: FLAGS })
}

/**
 * A Chromium that starts: `CHROMIUM` if set, else Playwright's own, else the system's, else one installed now, by
 * Playwright or, as root on Debian and its kin, by apt. Throws an error that says what was tried.
 */
export async function findChromium(): Promise<Browser> {
  const refused: string[] = []
  for (const candidate of candidates()) {
    const fault = await startFault(candidate.path)
    if (fault === undefined) return candidate
    refused.push(`${candidate.path} does not start: ${fault}`)
  }
  for (const install of [installByPlaywright, installByApt]) {
    const installed = install()
    if ("fault" in installed) refused.push(installed.fault)
    else {
      const fault = await startFault(installed.path)
      if (fault === undefined) return installed
      refused.push(`${installed.path} does not start: ${fault}`)
    }
  }
  throw new Error(
    ["No Chromium to run the journeys in. Install one, or name it by CHROMIUM.", ...refused].join("\n  "),
  )
}

function candidates(): Browser[] {
  const named = process.env.CHROMIUM
  if (named) return [{ path: named, from: "CHROMIUM" }]
  const system = [...COMMANDS.map((command) => Bun.which(command)), ...APPLICATIONS]
  return [
    { path: chromium.executablePath(), from: "Playwright" },
    ...system.filter((path) => path !== null).map((path) => ({ path, from: "the system" })),
  ].filter(({ path }) => existsSync(path))
}

/** A browser that is there may still lack a library: only starting it tells. */
async function startFault(path: string): Promise<string | undefined> {
  try {
    const browser = await chromium.launch({ executablePath: path, args: ["--no-sandbox"], timeout: 30_000 })
    await browser.close()
  } catch (error) {
    return String(error).split("\n")[0]
  }
}

function installByPlaywright(): Browser | { fault: string } {
  console.log("  no Chromium found; asking Playwright for its own…")
  const fault = run([process.execPath, "--bun", "node_modules/.bin/playwright", "install", "chromium"])
  return fault
    ? { fault: `playwright install: ${fault}` }
    : { path: chromium.executablePath(), from: "Playwright, installed now" }
}

/** With a font for the journeys in Chinese. */
function installByApt(): Browser | { fault: string } {
  if (process.getuid?.() !== 0 || !Bun.which("apt-get"))
    return { fault: "apt-get: needs root, on Debian or its kin" }
  console.log("  installing Debian's chromium…")
  const fault =
    run(["apt-get", "update", "-q"]) ??
    run(["apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium", "fonts-noto-cjk"])
  const path = Bun.which("chromium") ?? Bun.which("chromium-browser")
  if (fault || !path) return { fault: `apt-get: ${fault ?? "installed no chromium"}` }
  return { path, from: "Debian, installed now" }
}

/** The last line a failed command said. */
function run(command: string[]): string | undefined {
  const { exitCode, stdout, stderr } = Bun.spawnSync(command, {
    cwd: ROOT,
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    timeout: 10 * 60_000,
  })
  if (exitCode !== 0) return `${stdout}\n${stderr}`.trim().split("\n").at(-1) || `ended with ${exitCode}`
}
