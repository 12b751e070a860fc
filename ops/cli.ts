/** `bun run ops COMMAND ENVIRONMENT`: runs a deployment. `bun run ops` lists the commands; docs/operations/commands.md. */
import { type ArgsDef, defineCommand, renderUsage, runCommand } from "citty"
import { editDistance } from "../server/misspelt.ts"
import type { Command, Result } from "./command.ts"
import { commands, refuseStrangers } from "./commands.ts"
import { Refusal } from "./refusal.ts"

const given = process.argv.slice(2)
const json = given.includes("--json")
try {
  const result = await run(given)
  console.log(json ? JSON.stringify({ ok: true, ...result.facts }) : result.text)
} catch (error) {
  process.exitCode = tell(error)
}
// Not when the last handle closes: a connection to an engine that hangs would be one.
process.exit()

async function run([name, ...rest]: string[]): Promise<Result> {
  const help = rest.includes("--help") || rest.includes("-h")
  if (name === undefined || name.startsWith("-") || name === "help") {
    const wanted = name === "help" ? rest[0] : undefined
    return helpOf(wanted)
  }
  const command = await commandNamed(name)
  if (help) return helpOf(name)
  refuseStrangers(name, (await command.args) as ArgsDef, rest)
  try {
    return (await runCommand(command, { rawArgs: rest })).result as Result
  } catch (error) {
    // Citty's own complaints: an argument that is missing, or a value that is not among the choices.
    if (error instanceof Error && error.name === "CLIError")
      throw new Refusal(2, `${sentence(error.message)} See: bun run ops ${name} --help`)
    throw error
  }
}

async function commandNamed(name: string): Promise<Command> {
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (load) return (await load()).default
  const guess = Object.keys(commands).find((known) => editDistance(name, known) <= 2)
  const hint = guess ? `Did you mean ${guess}?` : `There are: ${Object.keys(commands).join(", ")}.`
  throw new Refusal(2, `There is no command "${name}". ${hint}`)
}

async function helpOf(name: string | undefined): Promise<Result> {
  const program = { name: "bun run ops", description: "Runs a deployment of Docket." }
  if (name === undefined) {
    const subCommands = Object.fromEntries(
      Object.entries(commands).map(([key, load]) => [key, async () => (await load()).default]),
    )
    const text = await renderUsage(defineCommand({ meta: program, subCommands }))
    return { text, facts: { commands: Object.keys(commands) } }
  }
  const command = await commandNamed(name)
  const usage = await renderUsage(command, defineCommand({ meta: program }))
  const examples = command.examples.map((line) => `  ${line}`).join("\n")
  return {
    text: `${usage}\n\nEXAMPLES\n\n${examples}\n`,
    facts: { command: name, examples: command.examples },
  }
}

/** Prints what went wrong, and returns the exit code for it. */
function tell(error: unknown): number {
  const refusal = error instanceof Refusal ? error : undefined
  const code = refusal?.code ?? 1
  const message = error instanceof Error ? error.message : String(error)
  if (json) console.log(JSON.stringify({ ok: false, code, message, ...refusal?.facts }))
  if (refusal) console.error(message)
  // Not foreseen, so it is a defect: with the stack, for whoever mends it.
  else console.error(error)
  return code
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`
}
