import { join } from "node:path"
import { Passwords } from "../server/accounts/passwords.ts"
import { connect } from "../server/database/connect.ts"
import { createAccessTokens } from "../server/sessions/access-token.ts"
import { startCluster } from "../server/testing/cluster.ts"
import { startServer, untilListening } from "../server/testing/server-process.ts"
import { startSmtp } from "../server/testing/smtp.ts"
import { makePerson } from "./api-test/person.ts"

/**
 * Runs Schemathesis, which must be installed, against a server of its own on loopback: `bun ops/api-test.ts`, with
 * any options of `schemathesis run`. Exits with its code. How it is set up is in ops/api-test.
 */
const cluster = await startCluster()
const url = Object.assign(new URL(cluster), { pathname: "/docket_template" }).href
const sql = connect(url, { max: 4, statementTimeout: 10_000 })
const page = "http://localhost:8000"
const smtp = await startSmtp()
const jwtSecretKey = "a key for the test of the API, long enough to be one"
const server = await untilListening(
  await startServer({
    ...smtp.environment,
    DATABASE_URL: url,
    JWT_SECRET_KEY: jwtSecretKey,
    FRONTEND_URL: page,
    TRUSTED_PROXIES: "127.0.0.1/32",
    LOG_LEVEL: "warn",
  }),
)
const accessTokens = createAccessTokens({ jwtSecretKey, jwtSecretKeyPrevious: null })
const password = "seven quiet herons at the weir"
const passwordHash = await new Passwords().hash(password)
/** Makes the hooks a signed-in person of their own, as often as they ask. */
const people = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  fetch: async () => Response.json({ password, ...(await makePerson(sql, accessTokens, passwordHash)) }),
})

const tester = Bun.spawn(
  ["schemathesis", "run", new URL("/api/openapi.json", server.url).href, ...process.argv.slice(2)],
  {
    cwd: join(import.meta.dir, "api-test"),
    env: { ...process.env, PEOPLE_URL: people.url.href, PAGE_ORIGIN: page },
    stdio: ["ignore", "inherit", "inherit"],
  },
)
const code = await tester.exited
for (const line of server.log()) console.log(JSON.stringify(line))
server.kill("SIGTERM")
await server.exited
await smtp.stop()
await sql.end()
process.exit(code)
