import { join } from "node:path"
import { removeUnusedConfigs } from "../swarm/configs.ts"
import type { Config } from "../swarm/engine-types.ts"
import { isRunning } from "../swarm/rollout.ts"
import { check, expect } from "../testing/check.ts"
import { docker } from "../testing/engine.ts"
import { Connection } from "./load/connection.ts"
import { targetOf } from "./load/load.ts"
import type { Site } from "./site.ts"
import { Stack } from "./stack.ts"

/** What Traefik's Swarm provider asks for, and what a thief would. */
const ASKED = ["GET /_ping", "GET /version", "GET /v1.44/services", "GET /v1.44/tasks", "GET /v1.44/networks"]
const REFUSED = [
  "GET /v1.44/containers/json",
  "GET /v1.44/secrets",
  "GET /v1.44/configs",
  "GET /v1.44/info",
  "GET /v1.44/services/../secrets",
  "GET /v1.44/nodes",
  "POST /v1.44/services/create",
  "POST /v1.44/networks",
  "DELETE /v1.44/services/server",
]

/** That the stack comes up as it should be, and what its parts can do to each other. */
export async function checkStack(site: Site) {
  const stack = await Stack.of(site, "stack")
  try {
    await check("comes up, with certificates for both domains", () => stack.raise())
    await check("knows callers by their own address, whatever they say it is", async () => {
      const target = await targetOf(site)
      const connection = await Connection.make(target)
      const send = (path: string, body: object) =>
        connection.ask(target.domain, {
          method: "POST",
          path,
          headers: { "X-Forwarded-For": "203.0.113.9", "X-Real-Ip": "203.0.113.9" },
          body: JSON.stringify(body),
        })
      const person = { email: "ada@example.org", password: "a long enough password" }
      await send("/api/accounts", { ...person, name: "Ada" })
      const session = await send("/api/sessions", person)
      expect(session.status === 201, `sign-in answers ${session.status}: ${session.body}`)
      const known = await stack.psql("select host(address) from sessions order by created_at desc limit 1")
      const own = connection.localAddress
      connection.close()
      expect(known === own, `it takes ${own} for ${known}`)
      return known
    })
    await checkSocketProxy(stack)
    await checkHardening(stack)
    await checkConfigs(stack)
  } finally {
    await stack.end()
  }
}

async function checkSocketProxy(stack: Stack) {
  await check("the socket proxy lets through what Traefik asks for, and nothing else", async () => {
    const requests = [...ASKED, ...REFUSED]
    const ask = (request: string) =>
      `exec 3<>/dev/tcp/socket-proxy/2375; printf '%s HTTP/1.0\\r\\n\\r\\n' '${request}' >&3; read -r -t 5 line <&3; echo "$line"`
    const output = await stack.runOnce("ask", stack.site.images.postgres, {
      networks: [`${stack.name}_socket`],
      command: ["bash", "-c", requests.map(ask).join("\n")],
    })
    const statuses = output.split("\n").map((line) => Number(line.split(" ")[1]))
    const wrong = requests.filter((_, index) => statuses[index] !== (index < ASKED.length ? 200 : 403))
    expect(statuses.length === requests.length && wrong.length === 0, `${wrong.join(", ")}\n${output}`)
    return `${ASKED.length} answered, ${REFUSED.length} refused`
  })
  await check(
    "the database's and the socket proxy's networks have no way out, and Traefik's has",
    async () => {
      const way = `timeout 3 bash -c "</dev/tcp/${stack.site.address}/443" 2>/dev/null && echo open || echo closed`
      for (const network of ["edge", "data", "socket"]) {
        const output = await stack.runOnce("out", stack.site.images.postgres, {
          networks: [`${stack.name}_${network}`],
          command: ["bash", "-c", way],
        })
        const expected = network === "edge" ? "open" : "closed"
        expect(output === expected, `from ${network} the way out is ${output}`)
      }
    },
  )
}

async function checkHardening(stack: Stack) {
  await check("every container runs on a read-only root, without capabilities, within limits", async () => {
    for (const name of ["traefik", "socket-proxy", "server", "database"]) {
      const [task] = (await stack.tasks(name)).filter(isRunning)
      const id = task!.Status.ContainerStatus!.ContainerID
      const { HostConfig, Config } = JSON.parse(await docker("inspect", "--format", "{{json .}}", id))
      const says = `${name}: ${JSON.stringify(HostConfig)}`
      expect(HostConfig.ReadonlyRootfs && HostConfig.Init, says)
      expect(HostConfig.CapDrop.includes("ALL"), says)
      expect((HostConfig.CapAdd ?? []).length === (name === "database" ? 5 : 0), says)
      expect(HostConfig.Memory > 0 && HostConfig.PidsLimit > 0 && HostConfig.NanoCpus > 0, says)
      expect(HostConfig.LogConfig.Config["max-size"] === "10m", says)
      expect(!HostConfig.Privileged, says)
      const told = JSON.stringify(Config.Env)
      expect(
        !/postgres:\/\/|PASSWORD=[^/]/.test(told),
        `${name} is told a secret in its environment: ${told}`,
      )
    }
    const [database] = (await stack.tasks("database")).filter(isRunning)
    const shared = await docker(
      "exec",
      database!.Status.ContainerStatus!.ContainerID,
      "df",
      "--output=size",
      "-k",
      "/dev/shm",
    )
    expect(Number(shared.split("\n")[1]) === 262_144, `/dev/shm has ${shared}`)
    const [server] = (await stack.tasks("server")).filter(isRunning)
    const files = await docker(
      "exec",
      server!.Status.ContainerStatus!.ContainerID,
      "sh",
      "-c",
      "ulimit -n; id -u",
    )
    expect(files === `${stack.site.nofile}\n1000`, `the server's files and user: ${files}`)
  })
}

async function checkConfigs(stack: Stack) {
  await check("of a config that changes, what runs and what ran before stay, and older ones go", async () => {
    const held = async () => {
      const configs = await stack.engine.list<Config>("/configs", { name: [`${stack.name}_socket-proxy_`] })
      return configs.map(({ Spec: { Name } }) => Name).sort()
    }
    const usual = await Bun.file(join(import.meta.dir, "../socket-proxy/haproxy.cfg")).text()
    const made = await held()
    for (const number of [1, 2]) {
      const file = join(stack.site.folder, `haproxy-${number}.cfg`)
      await Bun.write(file, `${usual}# ${number}\n`)
      const name = `${stack.name}_socket-proxy_changed${number}`
      await stack.deploy(stack.site.image, ({ configs }) => {
        configs["socket-proxy"] = { file, name }
      })
      await Bun.sleep(2000)
      await stack.settled()
      const removed = await removeUnusedConfigs(stack.engine, stack.name)
      expect(removed.join() === (number === 1 ? "" : made[0]), `${number}: it removes ${removed.join()}`)
      made.push(name)
    }
    expect((await held()).join() === made.slice(1).sort().join(), `there are ${(await held()).join()}`)
    await stack.certified()
  })
}
