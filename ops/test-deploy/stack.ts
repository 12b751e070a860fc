import { join } from "node:path"
import { generateSecrets } from "../secrets/generate.ts"
import { dockerAt } from "../swarm/docker.ts"
import { currentSecrets, type SwarmApi } from "../swarm/secrets.ts"
import {
  type Compose,
  composeStack,
  deployStack,
  engineFacts,
  type StackEnvironment,
} from "../swarm/stack.ts"
import { attempt, docker } from "../testing/engine.ts"
import { runOnce } from "./one-shot.ts"
import type { Site } from "./site.ts"

/** Changes to what is deployed, for a control. */
export type Change = (compose: Compose) => void

/** A stack that a section deploys on the site. */
export class Stack {
  readonly name: string
  readonly environment: StackEnvironment

  constructor(
    readonly site: Site,
    name: string,
    environment: Partial<StackEnvironment> = {},
  ) {
    this.name = `docket-test-${name}`
    this.environment = {
      stack: this.name,
      domains: site.domains,
      acme_email: "operator@example.org",
      replicas: 2,
      database: "stack",
      acme: { directory: site.authority.directory, ca: site.authority.endpointCa },
      images: { traefik: site.images.traefik, postgres: site.images.postgres, haproxy: site.images.haproxy },
      nofile: site.nofile,
      docker_socket: site.socket,
      ...environment,
    }
  }

  /** Everything for the first time: secrets, the database and its roles, migrations, then the server. */
  async raise(image = this.site.image, change?: Change) {
    await this.remove()
    await generateSecrets(swarmApi(this.site), { stack: this.name, database: "stack" }, false)
    await this.deploy(image, (compose) => {
      change?.(compose)
      compose.services.server!.deploy.replicas = 0
    })
    await this.settled()
    await this.makeRoles()
    await this.migrate(image)
    await this.deploy(image, change)
    await this.settled()
    await this.certified()
  }

  async deploy(image = this.site.image, change?: Change) {
    const run = dockerAt()
    const secrets = await currentSecrets(swarmApi(this.site), this.name)
    const compose = await composeStack(this.environment, image, secrets, await engineFacts(run))
    change?.(compose)
    await deployStack(run, this.name, compose)
  }

  async makeRoles() {
    const config = `${this.name}_roles`
    await docker(
      "config",
      "create",
      "--label",
      `docket.stack=${this.name}`,
      config,
      join(import.meta.dir, "../database/roles.sh"),
    )
    try {
      const names = [
        "database-url",
        "database-owner-url",
        "database-backup-url",
        "database-monitor-url",
        "postgres-password",
      ] as const
      await runOnce(`${this.name}-roles`, [
        ...["--network", `${this.name}_data`, "--config", `source=${config},target=/roles.sh`],
        ...(await this.secretFlags(names)),
        ...["--entrypoint", "bash", this.site.images.postgres, "/roles.sh"],
      ])
    } finally {
      await docker("config", "rm", config)
    }
  }

  async migrate(image: string) {
    const flags = await this.secretFlags(["database-owner-url", "jwt-secret-key"])
    const variables = {
      DATABASE_URL_FILE: "/run/secrets/database-owner-url",
      JWT_SECRET_KEY_FILE: "/run/secrets/jwt-secret-key",
    }
    await runOnce(`${this.name}-migrate`, [
      ...["--network", `${this.name}_data`],
      ...flags,
      ...Object.entries(variables).flatMap(([name, value]) => ["--env", `${name}=${value}`]),
      ...["--no-resolve-image", image, "bun", "migrate"],
    ])
  }

  private async secretFlags(names: readonly (keyof Awaited<ReturnType<typeof currentSecrets>>)[]) {
    const secrets = await currentSecrets(swarmApi(this.site), this.name)
    return names.flatMap((name) => ["--secret", `source=${secrets[name]},target=${name},mode=0444`])
  }

  /** Waits until no update runs and every service has the tasks it should have. */
  async settled(seconds = 180) {
    let state = ""
    for (const limit = performance.now() + seconds * 1000; performance.now() < limit; await Bun.sleep(500)) {
      const services = await this.services()
      const unsettled = services.filter(
        ({ replicas, update }) => !/^(\d+)\/\1$/.test(replicas) || update === "updating",
      )
      state = JSON.stringify(unsettled)
      if (services.length > 0 && unsettled.length === 0) return
      if (await this.failsAgain()) break
    }
    const tasks = await attempt("stack", "ps", "--no-trunc", this.name)
    throw new Error(`${this.name} does not settle: ${state}\n${tasks.output}`)
  }

  /** Whether a task has failed for the fifth time in a row: it will not settle. */
  private async failsAgain() {
    const tasks = await docker("stack", "ps", "--format", "{{.Name}} {{.CurrentState}}", this.name)
    return /(?:^\S+ (?:Failed|Rejected).*\n?){4}/m.test(tasks)
  }

  async services() {
    const lines = await docker("stack", "services", "--format", "{{.Name}} {{.Replicas}}", this.name)
    return Promise.all(
      lines
        .split("\n")
        .filter(Boolean)
        .map(async (line) => {
          const [name = "", replicas = ""] = line.split(" ")
          const format = "{{with .UpdateStatus}}{{.State}}{{end}}"
          const update = await docker("service", "inspect", "--format", format, name)
          return { name, replicas, update }
        }),
    )
  }

  /** Waits until both domains are served with a certificate of the authority. */
  async certified(seconds = 90) {
    let complaint = ""
    for (const limit = performance.now() + seconds * 1000; performance.now() < limit; await Bun.sleep(500)) {
      const answers = await Promise.all(
        this.site.domains.map((domain) =>
          attemptFetch(this.site, domain).catch((error: Error) => error.message),
        ),
      )
      complaint = answers.filter((answer) => typeof answer === "string").join(", ")
      if (!complaint) return
    }
    const { output } = await attempt("service", "logs", "--tail", "30", `${this.name}_traefik`)
    throw new Error(`No certificates after ${seconds} s: ${complaint}\n${output}`)
  }

  /** Removes the stack with its volumes, secrets, configs and labels, and waits until it is gone. */
  async remove() {
    await attempt("stack", "rm", this.name)
    const containers = ["ps", "--all", "--quiet", "--filter", `label=com.docker.stack.namespace=${this.name}`]
    for (let tries = 0; tries < 300 && (await docker(...containers)); tries++) await Bun.sleep(500)
    const network = ["network", "ls", "--quiet", "--filter", `label=com.docker.stack.namespace=${this.name}`]
    for (let tries = 0; tries < 60 && (await docker(...network)); tries++) await Bun.sleep(500)
    for (const kind of ["secret", "config"]) {
      const names = (await docker(kind, "ls", "--format", "{{.Name}}")).split("\n")
      const own = names.filter((name) => name.startsWith(`${this.name}_`))
      if (own.length > 0) await docker(kind, "rm", ...own)
    }
    for (const volume of ["acme", "database"])
      for (let tries = 0; tries < 20; tries++) {
        if ((await attempt("volume", "inspect", `${this.name}_${volume}`)).exitCode !== 0) break
        await attempt("volume", "rm", `${this.name}_${volume}`)
        await Bun.sleep(250)
      }
  }
}

async function attemptFetch({ address, authority }: Site, domain: string) {
  const answer = await fetch(`https://${address}/health/live`, {
    headers: { Host: domain },
    redirect: "manual",
    tls: { ca: await authority.roots(), serverName: domain },
  } as RequestInit)
  if (answer.status !== 200 && answer.status !== 308 && answer.status !== 301)
    throw new Error(`${domain} answers ${answer.status}`)
}

const swarmApi = ({ socket }: Site): SwarmApi => {
  const send = async (method: string, path: string, body?: unknown) => {
    const answer = await fetch(`http://docker/v1.44${path}`, {
      method,
      unix: socket,
      headers: { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    } as RequestInit)
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
    return text ? JSON.parse(text) : undefined
  }
  return {
    get: (path) => send("GET", path),
    post: (path, body) => send("POST", path, body),
    delete: (path) => send("DELETE", path),
  }
}
