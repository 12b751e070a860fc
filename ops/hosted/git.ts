import { Refusal } from "../refusal.ts"

/** Who publishes to a Space: a token with write access to it, from https://huggingface.co/settings/tokens. */
export type Credentials = { token: string; remote: string }

/** Milliseconds for one command: a Space's repository has two small files. */
const PATIENCE = 120_000

/** git said no; `complaint` is what it printed. */
export class GitFault extends Error {
  constructor(readonly complaint: string) {
    super(complaint)
  }
}

/**
 * Runs git in `folder` and returns what it printed. The token goes along as a header for the remote's host alone, by
 * the environment: never in an argument, a URL or a file. Nothing is asked at the terminal.
 */
export async function git(folder: string, credentials: Credentials, ...args: string[]): Promise<string> {
  const child = Bun.spawn(["git", ...args], {
    cwd: folder,
    env: { ...process.env, ...quiet, ...headerFor(credentials) },
    stdout: "pipe",
    stderr: "pipe",
    stdin: "ignore",
    timeout: PATIENCE,
  })
  const [output, complaint, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ])
  if (code !== 0) throw new GitFault(complaint.trim() || `git ${args[0]} took more than ${PATIENCE / 1000} s`)
  return output.trim()
}

const quiet = {
  GIT_TERMINAL_PROMPT: "0",
  GIT_ASKPASS: "true",
  LC_ALL: "C",
  GIT_AUTHOR_NAME: "Docket",
  GIT_AUTHOR_EMAIL: "docket@users.noreply.huggingface.co",
  GIT_COMMITTER_NAME: "Docket",
  GIT_COMMITTER_EMAIL: "docket@users.noreply.huggingface.co",
}

/** Hugging Face takes any name with a token as the password. */
function headerFor({ token, remote }: Credentials): Record<string, string> {
  if (!/^https?:/.test(remote)) return {}
  return {
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: `http.${new URL(remote).origin}/.extraHeader`,
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${Buffer.from(`user:${token}`).toString("base64")}`,
  }
}

/** What stands in the way of reaching a Space's repository, in a sentence. Nothing was changed when this is thrown. */
export function unreachable(error: unknown, space: string): unknown {
  if (!(error instanceof GitFault)) return error
  const { complaint } = error
  if (/401|403|Authentication failed|could not read Username/i.test(complaint))
    return new Refusal(3, `Hugging Face refuses HF_TOKEN: it needs write access to the Space ${space}.`)
  if (/not found|404|does not exist/i.test(complaint))
    return new Refusal(
      2,
      `There is no Space ${space}, or HF_TOKEN can't see it. Create it first (SDK: Docker).`,
    )
  return new Refusal(
    1,
    `The Space ${space} can't be reached: ${complaint.split("\n").at(-1)}. Nothing was changed.`,
  )
}
