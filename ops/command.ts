import { type ArgsDef, type CommandDef, defineCommand, type ParsedArgs } from "citty"
import { type Environment, readEnvironment } from "./environments/environment.ts"

/** What a command has to say at its end: `text` for people, on stdout; `facts` are the object of `--json`. */
export type Result = { text: string; facts: Record<string, unknown> }

const environmentArgument = {
  environment: {
    type: "positional",
    required: true,
    description: "A file of ops/environments/ by its name, or a path that ends in .toml",
  },
} as const

const sharedArguments = {
  json: { type: "boolean", description: "Print one JSON object, for failures too" },
  "dry-run": { type: "boolean", description: "Say what would be done, and change nothing" },
} as const

type LocallyGiven<T extends ArgsDef> = {
  arguments: ParsedArgs<typeof sharedArguments & T>
  dryRun: boolean
}
type Given<T extends ArgsDef> = LocallyGiven<T> & { environment: Environment }

type Definition<T extends ArgsDef, G> = {
  name: string
  description: string
  /** Whole lines, as they are typed. */
  examples: string[]
  arguments?: T
  run: (given: G) => Promise<Result>
}

/** A command of the CLI: what is shared by all, and what ops/cli.ts prints of it as help. */
export type Command = CommandDef<ArgsDef> & { examples: string[] }

/** Defines a command. It reports progress as in ops/progress.ts, returns its result, and throws a `Refusal`. */
export function command<const T extends ArgsDef>(definition: Definition<T, Given<T>>): Command {
  return localCommand<ArgsDef>({
    ...definition,
    arguments: { ...environmentArgument, ...definition.arguments },
    run: async (given) =>
      definition.run({
        ...(given as unknown as LocallyGiven<T>),
        environment: await readEnvironment(String(given.arguments.environment)),
      }),
  })
}

/** The same for a command that works on this machine, or on the database of `DATABASE_URL`, and knows no environment. */
export function localCommand<const T extends ArgsDef>(definition: Definition<T, LocallyGiven<T>>): Command {
  const { name, description, examples, run } = definition
  const defined = defineCommand({
    meta: { name, description },
    args: { ...definition.arguments, ...sharedArguments } as ArgsDef,
    run: async ({ args }) =>
      run({
        arguments: args as unknown as LocallyGiven<T>["arguments"],
        dryRun: Boolean(args["dry-run"]),
      }),
  })
  return { ...defined, examples }
}
