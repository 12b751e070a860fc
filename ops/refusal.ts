/**
 * What an operator can put right: said in a sentence or two, with no stack trace.
 *
 * `code` is the command's exit code: 1 failed and nothing changed, 2 bad input, 3 refused, 4 taken back,
 * 5 needs a person.
 */
export class Refusal extends Error {
  override name = "Refusal"
  constructor(
    readonly code: 1 | 2 | 3 | 4 | 5,
    message: string,
  ) {
    super(message)
  }
}
