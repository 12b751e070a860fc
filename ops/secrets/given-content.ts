import { isCancel, password } from "@clack/prompts"
import { Refusal } from "../refusal.ts"
import type { SecretName } from "../swarm/secrets.ts"
import { checkedContent } from "./contents.ts"

/**
 * A secret's content from the file at `path`, from standard input (`-`), or from a person who is asked for it without
 * echo. Never from an argument, which the shell's history and every process list would show. Refuses (2) what cannot
 * be read or used.
 */
export async function givenContent(name: SecretName, path: string | undefined): Promise<string> {
  if (path === "-") return checkedContent(name, await Bun.stdin.text())
  if (path !== undefined) {
    if (!(await Bun.file(path).exists())) throw new Refusal(2, `There is no file ${path}. Nothing is stored.`)
    return checkedContent(name, await Bun.file(path).text())
  }
  if (!process.stdin.isTTY)
    throw new Refusal(
      2,
      `Nobody can be asked for ${name} here: name a file with --file, or --file=- to pipe it in.`,
    )
  const answer = await password({ message: `${name}:`, output: process.stderr })
  if (isCancel(answer)) throw new Refusal(130, "Interrupted. Nothing is stored.")
  return checkedContent(name, answer ?? "")
}
