import { check, expect } from "../testing/check.ts"
import { attempt, docker } from "../testing/engine.ts"
import { image, prefix } from "./names.ts"
import {
  databasePassword,
  databaseUrl,
  end,
  exitCode,
  hardened,
  healthy,
  secretKey,
  startServer,
} from "./server.ts"

/** What it says of a wrong configuration, and the ways to configure it. */
export async function checkConfiguring() {
  await check("says in sentences what is missing, and exits with an error", async () => {
    const ran = await attempt("run", "--rm", ...hardened, image)
    expect(ran.exitCode !== 0, "it exited with 0")
    for (const name of ["DATABASE_URL", "JWT_SECRET_KEY"])
      expect(ran.output.includes(`${name} is not set`), `nothing of ${name} in: ${ran.output}`)
    expect(!/^\s+at /m.test(ran.output), `it printed a stack: ${ran.output}`)
  })
  await check("never prints a secret it refuses", async () => {
    const variables = ["--env", `DATABASE_URL=${databaseUrl}`, "--env", "JWT_SECRET_KEY=too-short-to-sign"]
    const ran = await attempt("run", "--rm", ...hardened, ...variables, image)
    expect(ran.exitCode !== 0 && ran.output.includes("JWT_SECRET_KEY"), ran.output)
    expect(!ran.output.includes("too-short-to-sign"), "it did")
  })
  await check("says in a sentence that the database refuses it, without the password", async () => {
    const wrong = crypto.randomUUID()
    const server = await startServer("refused", {
      variables: { DATABASE_URL: databaseUrl.replace(databasePassword, wrong) },
    })
    const ended = await Promise.race([docker("wait", server.name), Bun.sleep(20_000)])
    expect(ended === "1", `it ended with ${ended}`)
    const { output } = await attempt("logs", server.name)
    expect(output.includes("refuses the user or the password"), `it said: ${output}`)
    expect(!output.includes(wrong), "it printed the password")
    expect(!/^\s+at /m.test(output), `it printed a stack: ${output}`)
  })
  await check("reads secrets from files by NAME_FILE", async () => {
    const volume = `${prefix}-secrets`
    const write =
      'printf "%s\\n" "$1" > /run/secrets/database-url; printf "%s\\n" "$2" > /run/secrets/jwt-secret-key'
    const mount = ["--volume", `${volume}:/run/secrets`]
    await docker("run", "--rm", "--user=0", ...mount, image, "sh", "-c", write, "sh", databaseUrl, secretKey)
    const files = {
      DATABASE_URL: "",
      JWT_SECRET_KEY: "",
      DATABASE_URL_FILE: "/run/secrets/database-url",
      JWT_SECRET_KEY_FILE: "/run/secrets/jwt-secret-key",
    }
    const server = await startServer("files", {
      variables: files,
      flags: ["--volume", `${volume}:/run/secrets:ro`],
    })
    await healthy(server)
    await end(server)
  })
  await check("shares its port among WORKERS processes, on another PORT, and stops them all", async () => {
    const server = await startServer("workers", { variables: { WORKERS: "2", PORT: "9000" }, port: 9000 })
    await healthy(server)
    const workers =
      "for p in /proc/[0-9]*; do tr '\\0' ' ' < $p/cmdline; echo; done | grep -c 'main[.]js worker'"
    const count = await docker("exec", server.name, "sh", "-c", workers)
    expect(count === "2", `${count} workers run`)
    const answers = await Promise.all(Array.from({ length: 40 }, () => fetch(`${server.origin}/health/live`)))
    expect(
      answers.every((answer) => answer.ok),
      "not every request was answered",
    )
    const seconds = await end(server)
    expect(seconds <= 5, `it ended after ${seconds} s`)
    expect((await exitCode(server)) === 0, `it ended with ${await exitCode(server)}`)
    return `stops in ${seconds.toFixed(2)} s`
  })
}
