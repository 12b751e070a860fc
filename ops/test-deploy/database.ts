import { isRunning } from "../swarm/rollout.ts"
import { check, expect } from "../testing/check.ts"
import { attempt, docker } from "../testing/engine.ts"
import { deriveServer } from "./images.ts"
import { checkRemoval } from "./removal.ts"
import type { Site } from "./site.ts"
import { Stack } from "./stack.ts"

/** What the server must not be able to do, each of which the owner of the tables may. */
const DDL = [
  "create table intruder (id integer)",
  "create table pgboss.intruder (id integer)",
  "alter table todos add column intruder integer",
  "drop table todos",
  "truncate todos",
  "create index intruder on todos (title)",
  "create schema intruder",
  "create function public.intruder() returns integer language sql return 1",
  "alter role docket_server_1 superuser",
  "set role docket_owner",
  "copy todos to program 'true'",
]

/** Who reaches the database and what they may do there, and that there is never a second one on its volume. */
export async function checkDatabase(site: Site) {
  const stack = await Stack.of(site, "database")
  try {
    await stack.raise()
    await checkRoles(stack)
    await checkReach(stack)
    await checkUntouched(stack)
    await checkAlone(stack)
    await checkRemoval(stack)
  } finally {
    await stack.end()
  }
}

async function checkRoles(stack: Stack) {
  /** What psql says to each statement, as the user of a secret; a transaction that is rolled back is around each. */
  const says = async (
    secret: "database-url" | "database-backup-url" | "database-monitor-url",
    sql: string[],
  ) => {
    const lines = sql.map(
      (statement) =>
        `echo "begin; ${statement}; rollback" | psql -qAt --set=VERBOSITY=terse "$url" 2>&1 | tail -n 1`,
    )
    const script = [`url=$(cat /run/secrets/${secret})`, ...lines.map((line) => `echo "> $(${line})"`)].join(
      "\n",
    )
    const output = await stack.runOnce("sql", stack.site.images.postgres, {
      command: ["bash", "-c", script],
      secrets: await stack.secrets([secret]),
    })
    return output.split("\n").filter((line) => line.startsWith(">"))
  }
  await check("the server's role may change rows, and no table", async () => {
    const allowed = await says("database-url", [
      "select count(*) >= 0 from todos",
      "insert into spaces (id, kind) values (gen_random_uuid(), 'list') returning 'inserted'",
      "select pgboss.create_queue('intruder', '{\\\"policy\\\": \\\"standard\\\"}') is not null",
    ])
    expect(/^> t$/.test(allowed[0]!) && /^> inserted$/.test(allowed[1]!), `it may not: ${allowed.join("\n")}`)
    expect(!/denied|ERROR/.test(allowed[2]!), `it may make no queue: ${allowed[2]}`)
    const refused = await says("database-url", DDL)
    const done = refused.filter((line) => !/permission denied|must be|requires/i.test(line))
    expect(refused.length === DDL.length && done.length === 0, `it may: ${done.join("\n")}`)
    return `${DDL.length} statements refused`
  })
  await check(
    "the backup's role reads everything and writes nothing; the monitor's reads no content",
    async () => {
      const [reads, writes] = await says("database-backup-url", [
        "select count(*) >= 0 from todos, pgboss.job",
        "delete from todos",
      ])
      expect(reads === "> t" && /permission denied/.test(writes!), `${reads}, ${writes}`)
      const [statistics, content] = await says("database-monitor-url", [
        "select count(*) filter (where query <> '<insufficient privilege>') > 1 from pg_stat_activity",
        "select title from todos",
      ])
      expect(statistics === "> t" && /permission denied/.test(content!), `${statistics}, ${content}`)
    },
  )
}

async function checkReach(stack: Stack) {
  await check("is reached from its own network, and from Traefik's and the socket proxy's not", async () => {
    const [task] = (await stack.tasks("database")).filter(isRunning)
    const attached = task as unknown as { NetworksAttachments: { Addresses: string[] }[] }
    const address = attached.NetworksAttachments[0]!.Addresses[0]!.split("/")[0]!
    /** Asks for PostgreSQL's own word: what lies beyond the engine may take a connection to any address. */
    const ask = (at: string) => `pg_isready --quiet --timeout=3 --host=${at} && echo answers || echo silent`
    const reach = (network: string) =>
      stack.runOnce("reach", stack.site.images.postgres, {
        networks: [`${stack.name}_${network}`],
        command: ["bash", "-c", `${ask("database")}; ${ask(address)}`],
      })
    const own = await reach("data")
    expect(own === "answers\nanswers", `by name and by ${address} from its own: ${own}`)
    for (const network of ["edge", "socket"]) {
      const other = await reach(network)
      expect(other === "silent\nsilent", `by name and by ${address} from ${network}: ${other}`)
    }
  })
}

async function checkUntouched(stack: Stack) {
  await check("two deploys, the second of another release, touch the server and nothing else", async () => {
    const ids = async (name: string) =>
      (await stack.tasks(name))
        .filter(isRunning)
        .map(({ ID }) => ID)
        .sort()
        .join()
    const others = ["database", "traefik", "socket-proxy"]
    const before = await Promise.all([...others, "server"].map(ids))
    await stack.deploy()
    await Bun.sleep(5000)
    const same = await Promise.all([...others, "server"].map(ids))
    expect(same.join(";") === before.join(";"), "the same release again changed a task")
    const other = await deriveServer(stack.site.image, "untouched", ["LABEL test.release=untouched"])
    await stack.deploy(other, ({ services }) => {
      Object.assign(services.server!.deploy.update_config as object, { delay: "1s", monitor: "3s" })
    })
    await stack.rolledTo(other)
    const after = await Promise.all([...others, "server"].map(ids))
    expect(
      after.slice(0, 3).join(";") === before.slice(0, 3).join(";"),
      "another release changed another's task",
    )
    expect(after[3] !== before[3], "another release changed no task of the server")
  })
}

async function checkAlone(stack: Stack) {
  const service = `${stack.name}_database`
  const name = ["--filter", `label=com.docker.swarm.service.name=${service}`]
  /** Watches the engine's containers, and not only Swarm's word, while `work` runs. */
  const most = async (work: () => Promise<void>): Promise<number> => {
    let isOver = false
    let most = 0
    const watching = (async () => {
      while (!isOver) {
        const running = await docker("ps", "--quiet", ...name)
        most = Math.max(most, running.split("\n").filter(Boolean).length)
        await Bun.sleep(50)
      }
    })()
    await work().finally(() => {
      isOver = true
    })
    await watching
    return most
  }
  const newest = async () => (await stack.tasks("database"))[0]!
  const replaced = async (before: string) => {
    for (let tries = 0; tries < 240; tries++) {
      const task = await newest()
      if (task.ID !== before && isRunning(task)) return task
      await Bun.sleep(250)
    }
    throw new Error("it did not come back")
  }

  await check("an update by force ends the old postmaster before the new one begins", async () => {
    const before = await newest()
    let after = before
    const alive = await most(async () => {
      await docker("service", "update", "--force", "--detach", service)
      after = await replaced(before.ID)
    })
    const state = async (task: typeof before, member: string) => {
      const id = task.Status.ContainerStatus!.ContainerID
      return Date.parse(await docker("inspect", "--format", `{{.State.${member}}}`, id))
    }
    const gap = (await state(after, "StartedAt")) - (await state(before, "FinishedAt"))
    expect(alive === 1 && gap > 0, `${alive} were alive at once, ${gap} ms between them`)
    return `${(gap / 1000).toFixed(1)} s between them`
  })
  await check("scaling it to two starts no second one", async () => {
    const before = await newest()
    const alive = await most(async () => {
      await docker("service", "scale", "--detach", `${service}=2`)
      await Bun.sleep(10_000)
    })
    const refused = await attempt(
      "service",
      "ps",
      "--no-trunc",
      "--format",
      "{{.CurrentState}} {{.Error}}",
      service,
    )
    await docker("service", "scale", "--detach", `${service}=1`)
    expect(alive === 1, `${alive} were alive at once`)
    expect(/Pending.*no suitable node.*max replicas/.test(refused.stdout), `Swarm says: ${refused.stdout}`)
    for (
      let tries = 0;
      tries < 60 &&
      (await stack.tasks("database")).some(
        ({ DesiredState, Status }) => DesiredState === "running" && Status.State === "pending",
      );
      tries++
    )
      await Bun.sleep(250)
    expect(
      (await stack.tasks("database")).some(
        ({ ID, Status }) => ID === before.ID && Status.State === "running",
      ),
      "the first one did not stay",
    )
  })
  await check(
    "an update in the wrong order starts no second one, and the next deploy puts the order right",
    async () => {
      const alive = await most(async () => {
        await docker("service", "update", "--force", "--detach", "--update-order=start-first", service)
        await Bun.sleep(10_000)
      })
      expect(alive === 1, `${alive} were alive at once`)
      await stack.deploy()
      await stack.settled()
      const { UpdateConfig } = (await stack.service("database")).Spec
      expect(UpdateConfig?.Order === "stop-first", `its order is ${UpdateConfig?.Order}`)
      expect((await stack.psql("select 1")) === "1", "it does not answer")
    },
  )
}
