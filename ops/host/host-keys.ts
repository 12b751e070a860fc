import { confirm, isCancel } from "@clack/prompts"
import { Refusal } from "../refusal.ts"

/**
 * Makes the file of pinned host keys if there is none: asks the host for its keys, and takes them if their SHA256
 * fingerprint is `expected`, or a person says that it is the one which the provider's console shows. From then on a
 * host with another key is refused. Refuses (2) when nobody can be asked.
 */
export async function pinHostKeys(
  { host, port, knownHosts }: { host: string; port: number; knownHosts: string },
  expected: string | undefined,
): Promise<void> {
  if (await Bun.file(knownHosts).exists()) return
  const keys = await printed(["ssh-keyscan", "-T", "10", "-p", `${port}`, "-t", "ed25519", host])
  const entry = keys.split("\n").find((line) => line && !line.startsWith("#"))
  if (!entry)
    throw new Refusal(
      1,
      `${host} shows no SSH host key at port ${port}: is it up, and is the port open to you?`,
    )
  const fingerprint = (await printed(["ssh-keygen", "-l", "-f", "-"], `${entry}\n`)).split(" ")[1]!
  if (expected !== undefined && expected !== fingerprint)
    throw new Refusal(
      1,
      `${host} shows the host key ${fingerprint}, and not ${expected}: somebody may be in between. Nothing is changed.`,
    )
  if (expected === undefined) await askPerson(host, fingerprint)
  await Bun.write(knownHosts, `${entry}\n`)
}

async function askPerson(host: string, fingerprint: string) {
  if (!process.stdin.isTTY)
    throw new Refusal(
      2,
      `${host} is not known yet, and nobody can be asked here. If its host key is ${fingerprint}, say so with --fingerprint.`,
    )
  const said = await confirm({
    message: `${host} shows the host key ${fingerprint}. Is it the one that its console shows (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub)?`,
    initialValue: false,
    output: process.stderr,
  })
  if (isCancel(said) || !said) throw new Refusal(130, "The host key was not confirmed. Nothing is changed.")
}

async function printed(command: string[], input = ""): Promise<string> {
  const child = Bun.spawn(command, { stdin: Buffer.from(input), stdout: "pipe", stderr: "ignore" })
  const text = await new Response(child.stdout).text()
  await child.exited
  return text
}
