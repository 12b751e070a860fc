import { type ArgsDef, type CommandDef, defineCommand, type ParsedArgs } from "citty"
import { type Environment, readEnvironment } from "./environments/environment.ts"

/** What a command has to say at its end: `text` for people, on stdout; `facts` are the object of `--json`. */
export type Result = { text: string; facts: Record<string, unknown> }

const sharedArguments = {
  environment: {
    type: "positional",
    required: true,
    description: "A file of ops/environments/ by its name, or a path that ends in .toml",
  },
  json: { type: "boolean", description: "Print one JSON object, for failures too" },
  "dry-run": { type: "boolean", description: "Say what would be done, and change nothing" },
} as const

type Given<T extends ArgsDef> = {
  environment: Environment
  arguments: ParsedArgs<typeof sharedArguments & T>
  dryRun: boolean
}

type Definition<T extends ArgsDef> = {
  name: string
  description: string
  /** Whole lines, as they are typed. */
  examples: string[]
  arguments?: T
  run: (given: Given<T>) => Promise<Result>
}

/** A command of the CLI: what is shared by all, and what ops/cli.ts prints of it as help. */
export type Command = CommandDef<ArgsDef> & { examples: string[] }

/** Defines a command. It reports progress as in ops/progress.ts, returns its result, and throws a `Refusal`. */
export function command<const T extends ArgsDef>(definition: Definition<T>): Command {
  const { name, description, examples, run } = definition
  const defined = defineCommand({
    meta: { name, description },
    args: { ...sharedArguments, ...definition.arguments } as ArgsDef,
    run: async ({ args }) =>
      run({
        environment: await readEnvironment(String(args.environment)),
        arguments: args as unknown as Given<T>["arguments"],
        dryRun: Boolean(args["dry-run"]),
      }),
  })
  return { ...defined, examples }
}
