import { join } from "node:path"
import { rotation } from "../secrets/rotate.ts"
import { changeStack } from "../swarm/change-stack.ts"
import { check, expect } from "../testing/check.ts"
import { docker, type Ran } from "../testing/engine.ts"
import { Connection } from "./load/connection.ts"
import { targetOf } from "./load/load.ts"
import { people } from "./load/people.ts"
import type { Site } from "./site.ts"
import { Stack } from "./stack.ts"
import { underLoad } from "./under-load.ts"

/** Secrets are seen by nobody and replaced under load, and one that does no good is taken back. */
export async function checkSecrets(site: Site) {
  const stack = await Stack.of(site, "secrets")
  try {
    await stack.raise()
    await checkKept(stack)
    await checkKeyRotation(stack)
    await checkRoleRotation(stack)
    await checkBadSecret(stack)
    await checkRemoval(stack)
  } finally {
    await stack.end()
  }
}

async function checkKept(stack: Stack) {
  await check("makes what a new environment needs once, and shows none of it anywhere", async () => {
    const again = await ops(stack, "generate", "--json")
    expect(again.exitCode === 0 && JSON.parse(again.stdout).made.length === 0, again.output)
    const contents = await serverFiles(stack)
    expect(
      contents.length >= 2 && contents.every((content) => content.length >= 32),
      "the server has no secrets",
    )
    const services = (await docker("service", "ls", "--quiet")).split("\n")
    const container = await serverContainer(stack)
    const shown = [
      again.output,
      (await ops(stack, "list")).output,
      (await ops(stack, "list", "--json")).output,
      await docker("service", "inspect", ...services),
      await docker("inspect", container),
      await docker(
        "exec",
        container,
        "sh",
        "-c",
        "tr '\\0' '\\n' < /proc/1/environ; tr '\\0' ' ' < /proc/1/cmdline",
      ),
    ].join("\n")
    for (const content of contents) expect(!shown.includes(content), "a secret is shown")
    return `${contents.length} looked for`
  })
  await check("takes no secret as an argument, and none that the server would not start with", async () => {
    const argument = await ops(stack, "set", "smtp-password", "hunter2")
    expect(argument.exitCode === 2, `${argument.exitCode}: ${argument.output}`)
    const short = await ops(stack, "set", "jwt-secret-key-previous", "--file=/etc/hostname")
    expect(short.exitCode !== 0, short.output)
    const none = await ops(stack, "set", "mail-https-key", "--file=/nowhere")
    expect(none.exitCode === 2 && none.stderr.includes("Nothing is stored"), none.output)
    const unknown = await ops(stack, "set", "smtp-pasword", "--file=/etc/hostname")
    expect(unknown.exitCode === 2 && unknown.stderr.includes("smtp-password"), unknown.output)
  })
  await check("does not set under a running server what has to be rotated", async () => {
    for (const name of ["jwt-secret-key", "database-url", "postgres-password"]) {
      const ran = await ops(stack, "set", name, "--file=/etc/hostname")
      expect(ran.exitCode === 3 && ran.stderr.includes("rotate"), `${name}: ${ran.exitCode} ${ran.output}`)
    }
    const superuser = await ops(stack, "rotate", "postgres-password")
    expect(superuser.exitCode === 3, superuser.output)
  })
}

async function checkKeyRotation(stack: Stack) {
  const [key] = await serverFiles(stack)
  const target = await targetOf(stack.site)
  const [person] = await people(target, 1)
  const status = async () => {
    const connection = await Connection.make(target)
    const headers = { Authorization: `Bearer ${person!.token}` }
    const answer = await connection.ask(target.domain, { method: "GET", path: "/api/sessions", headers })
    connection.close()
    return answer.status
  }
  await check(
    "rotates the key of access tokens with no failed request, and tokens of the one before stay good",
    async () => {
      const { line } = await underLoad(stack, async () => {
        const ran = await ops(stack, "rotate", "jwt-secret-key")
        expect(ran.exitCode === 0 && ran.stdout.includes("--finish"), ran.output)
      })
      const now = await serverFiles(stack)
      expect(now[0] !== key && now.includes(key!), "the key is not another, or the one before is gone")
      expect((await status()) === 200, `a token of before is answered with ${await status()}`)
      return line
    },
  )
  await check("does not take the key before away while its tokens are good, and then does", async () => {
    const early = await ops(stack, "rotate", "jwt-secret-key", "--finish")
    expect(early.exitCode === 3 && early.stderr.includes("may be good until"), early.output)
    const finish = await rotation(stack.environment, "jwt-secret-key", { file: undefined, finish: true })
    await changeStack(stack.environment, "finishes a rotation", (change) => {
      const now = change.engine.now.bind(change.engine)
      change.engine.now = () => new Date(now().getTime() + 16 * 60_000)
      return finish(change)
    })
    expect(!(await serverFiles(stack)).includes(key!), "the key before is still there")
    expect((await status()) === 401, `a token of the key before is answered with ${await status()}`)
  })
}

async function checkRoleRotation(stack: Stack) {
  const roles = () =>
    stack.psql(
      "select string_agg(distinct usename, ',') from pg_stat_activity where usename like 'docket_server%'",
    )
  await check("rotates the password of the server's database role with no failed request", async () => {
    const before = await roles()
    const { line } = await underLoad(stack, async () => {
      const ran = await ops(stack, "rotate", "database-url")
      expect(ran.exitCode === 0, ran.output)
    })
    const after = await roles()
    expect(before === "docket_server_1" && after === "docket_server_2", `${before} became ${after}`)
    const login = await stack.psql("select rolcanlogin from pg_roles where rolname = 'docket_server_1'")
    expect(login === "f", "the role before may still sign in")
    return line
  })
}

async function checkBadSecret(stack: Stack) {
  await check("takes a secret back that the server does not start with, with no failed request", async () => {
    const password = join(stack.site.folder, "smtp-password")
    await Bun.write(password, "a password for a mail server that no setting names\n")
    const { line } = await underLoad(stack, async () => {
      const ran = await ops(stack, "rotate", "smtp-password", `--file=${password}`)
      expect(ran.exitCode === 4 && ran.stderr.includes("SMTP_HOST"), `${ran.exitCode}: ${ran.output}`)
    })
    const { secrets } = JSON.parse((await ops(stack, "list", "--json")).stdout)
    const current = secrets.flatMap(({ currentAs }: { currentAs: string[] }) => currentAs)
    expect(!current.includes("smtp-password"), "it is still current")
    return line
  })
}

async function checkRemoval(stack: Stack) {
  await check("removes what nothing uses, and nothing else", async () => {
    const ran = await ops(stack, "remove-unused", "--json")
    const { removed } = JSON.parse(ran.stdout) as { removed: string[] }
    expect(
      removed.some((name) => name.includes("_jwt-secret-key_")),
      ran.output,
    )
    await docker("service", "update", "--force", "--detach", `${stack.name}_server`)
    await Bun.sleep(3000)
    await stack.settled()
    return `${removed.length}`
  })
}

/** What is in the server's /run/secrets, in the order of the names: the key first. */
async function serverFiles(stack: Stack): Promise<string[]> {
  const script =
    "for name in jwt-secret-key database-url jwt-secret-key-previous; do cat /run/secrets/$name 2>/dev/null; echo; done"
  const text = await docker("exec", await serverContainer(stack), "sh", "-c", script)
  return text.split("\n").filter(Boolean)
}

async function serverContainer(stack: Stack): Promise<string> {
  const label = `label=com.docker.swarm.service.name=${stack.name}_server`
  return (await docker("ps", "--quiet", "--filter", label, "--filter", "health=healthy")).split("\n")[0]!
}

async function ops(stack: Stack, ...args: string[]): Promise<Ran> {
  const [action = "", ...rest] = args
  const cli = join(import.meta.dir, "../cli.ts")
  const child = Bun.spawn([process.execPath, cli, "secrets", stack.environment.path, action, ...rest], {
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  })
  const [stdout, stderr, exitCode] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ])
  return { exitCode, stdout: stdout.trim(), stderr: stderr.trim(), output: `${stdout}${stderr}`.trim() }
}
