/**
 * The exit code of a command that did not do what was asked; 0 is done. docs/operations/commands.md tells operators.
 *
 * 1: failed, and nothing was changed. 2: bad input (an argument, an environment file, a tag where a digest belongs).
 * 3: refused for now or here (a lock is held, a secret is missing, the schema is too new). 4: taken back, the last
 * good release runs. 5: half-way and could not be undone, a person has to look. 130: interrupted and undone.
 */
export type ExitCode = 1 | 2 | 3 | 4 | 5 | 130

/**
 * What an operator can mend, said in one or two sentences and without a stack: what happened, what runs now, how to
 * see why. `facts` go into the `--json` output beside it. Never holds a secret.
 */
export class Refusal extends Error {
  override name = "Refusal"
  constructor(
    readonly code: ExitCode,
    message: string,
    readonly facts: Record<string, unknown> = {},
  ) {
    super(message)
  }
}
