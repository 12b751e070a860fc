import { join } from "node:path"
import { readEnvironment, type SwarmEnvironment } from "../environments/environment.ts"
import { generateSecrets } from "../secrets/generate.ts"
import type { Compose } from "../swarm/compose.ts"
import { Engine } from "../swarm/engine.ts"
import type { Service, Task } from "../swarm/engine-types.ts"
import { type OneShot, runOneShot } from "../swarm/one-shot.ts"
import { isRunning, replicasOf } from "../swarm/rollout.ts"
import { currentSecrets, type SecretName } from "../swarm/secrets.ts"
import { composeStack, deployStack, engineFacts } from "../swarm/stack.ts"
import { expect } from "../testing/check.ts"
import { attempt, docker } from "../testing/engine.ts"
import { writeEnvironment } from "./environment-file.ts"
import { removeStack } from "./remove-stack.ts"
import type { Site } from "./site.ts"

/** Changes to what is deployed, for a control. */
export type Change = (compose: Compose) => void

/** A stack that a section deploys on the site. */
export class Stack {
  readonly name: string

  private constructor(
    readonly site: Site,
    readonly engine: Engine,
    readonly environment: SwarmEnvironment,
  ) {
    this.name = environment.stack
  }

  /** `fields` are further ones of the environment's file, or others than usual. */
  static async of(site: Site, name: string, fields: Record<string, unknown> = {}): Promise<Stack> {
    const path = await writeEnvironment(site, name, fields)
    const environment = (await readEnvironment(path)) as SwarmEnvironment
    return new Stack(site, await Engine.open(environment), environment)
  }

  /** The stack of an environment that is deployed by others. */
  static async on(site: Site, environment: SwarmEnvironment): Promise<Stack> {
    return new Stack(site, await Engine.open(environment), environment)
  }

  /** Everything for the first time: secrets, the database and its roles, migrations, then the server. */
  async raise(image = this.site.image, change?: Change) {
    await removeStack(this.name)
    await generateSecrets(this.engine, this.environment, false)
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
    const secrets = await currentSecrets(this.engine, this.name)
    const facts = await engineFacts((args) => docker(...args))
    const compose = await composeStack(this.environment, image, secrets, facts)
    change?.(compose)
    const run = async (args: string[], stdin?: string) => {
      const { exitCode, stdout, stderr } = await this.engine.docker(
        args,
        stdin === undefined ? {} : { stdin },
      )
      expect(exitCode === 0, `docker ${args[0]} failed: ${stderr}`)
      return stdout
    }
    await deployStack(run, this.name, compose)
  }

  async makeRoles() {
    const script = await Bun.file(join(import.meta.dir, "../database/roles.sh")).text()
    await this.runOnce("roles", this.site.images.postgres, {
      command: ["bash", "-c", script],
      secrets: await this.secrets([
        "database-url",
        "database-owner-url",
        "database-backup-url",
        "database-monitor-url",
        "postgres-password",
      ]),
    })
  }

  async migrate(image: string) {
    await this.runOnce("migrate", image, {
      command: ["bun", "migrate"],
      variables: [
        "DATABASE_URL_FILE=/run/secrets/database-owner-url",
        "JWT_SECRET_KEY_FILE=/run/secrets/jwt-secret-key",
      ],
      secrets: await this.secrets(["database-owner-url", "jwt-secret-key"]),
    })
  }

  /** Runs a job on the database's network, and returns what it wrote. Throws with that when it fails. */
  async runOnce(name: string, image: string, job: Partial<OneShot> & { command: string[] }): Promise<string> {
    const { ended, reason, output } = await runOneShot(this.engine, {
      name: `${this.name}_${name}`,
      stack: this.name,
      image,
      networks: [`${this.name}_data`],
      seconds: 120,
      ...job,
    })
    expect(ended === "done", `${name} ${ended}: ${reason}\n${output}`)
    return output
  }

  /** The Swarm secrets of these names, by the name of their file. */
  async secrets(names: SecretName[]): Promise<Record<string, string>> {
    const current = await currentSecrets(this.engine, this.name)
    return Object.fromEntries(names.map((name) => [name, current[name]!]))
  }

  /** Waits until every replica of the server runs `image` and the update is over. Throws when it is taken back. */
  async rolledTo(image: string, seconds = 180) {
    let state = ""
    for (const limit = performance.now() + seconds * 1000; performance.now() < limit; await Bun.sleep(250)) {
      const service = await this.service("server")
      const tasks = await this.tasks("server")
      const images = tasks.filter(isRunning).map(({ Spec }) => Spec.ContainerSpec.Image)
      state = `${service.UpdateStatus?.State ?? "no update"}, running ${images.join(", ")}`
      if (/rollback|paused/.test(state)) break
      const isRolled =
        images.length === replicasOf(service.Spec) && images.every((running) => running === image)
      if (isRolled && service.UpdateStatus?.State === "completed") return
    }
    throw new Error(`${this.name} does not come to ${image}: ${state}`)
  }

  service(name: string): Promise<Service> {
    return this.engine.get<Service>(`/services/${this.name}_${name}`)
  }

  /** The service's tasks, those that have ended too, the newest first. */
  async tasks(name: string): Promise<Task[]> {
    const tasks = await this.engine.list<Task>("/tasks", { service: [`${this.name}_${name}`] })
    return tasks.sort((one, other) => other.CreatedAt.localeCompare(one.CreatedAt))
  }

  /** The ids of the containers that the service's tasks run in. */
  async containers(name: string): Promise<string[]> {
    const running = (await this.tasks(name)).filter(isRunning)
    return running.map(({ Status }) => Status.ContainerStatus!.ContainerID)
  }

  /**
   * Runs SQL in the database's container as its superuser, and returns what psql prints, bare. Between two of its tasks
   * it waits for the next one, for a minute at most.
   */
  async psql(sql: string): Promise<string> {
    const flags = ["--username=postgres", "--dbname=docket", "--no-align", "--tuples-only"]
    for (const limit = performance.now() + 60_000; performance.now() < limit; await Bun.sleep(500)) {
      const [container] = await this.containers("database")
      if (container) return docker("exec", container, "psql", ...flags, "-c", sql)
    }
    throw new Error(`${this.name} has no database that runs`)
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

  /** Waits until nothing of a service runs any more. */
  async without(name: string, seconds = 150) {
    const left = async () => (await this.tasks(name)).some(({ Status }) => Status.State === "running")
    for (const limit = performance.now() + seconds * 1000; await left(); await Bun.sleep(500))
      if (performance.now() > limit) throw new Error(`${this.name}_${name} still runs after ${seconds} s`)
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
        this.site.domains.map((domain) => served(this.site, domain).catch((error: Error) => error.message)),
      )
      complaint = answers.filter((answer) => typeof answer === "string").join(", ")
      if (!complaint) return
    }
    const { output } = await attempt("service", "logs", "--tail", "30", `${this.name}_traefik`)
    throw new Error(`No certificates after ${seconds} s: ${complaint}\n${output}`)
  }

  /** After the last check on it. */
  async end() {
    await removeStack(this.name)
    await this.engine[Symbol.asyncDispose]()
  }
}

/** Throws unless `domain` answers with a certificate of its own. */
async function served({ address, authority }: Site, domain: string) {
  const answer = await fetch(`https://${address}/health/live`, {
    headers: { Host: domain },
    redirect: "manual",
    tls: { ca: await authority.roots(), serverName: domain },
  } as RequestInit)
  if (answer.status !== 200 && answer.status !== 308 && answer.status !== 301)
    throw new Error(`${domain} answers ${answer.status}`)
}
