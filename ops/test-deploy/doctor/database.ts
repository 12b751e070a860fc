import type { Finding } from "../../doctor/finding.ts"
import { check, expect } from "../../testing/check.ts"
import { docker } from "../../testing/engine.ts"
import { ops } from "../operator.ts"
import type { Stack } from "../stack.ts"
import { examine, hold, notOk, sentences } from "./examine.ts"
import { checkFaults } from "./faults.ts"

/** Faults of the database and of the server's role in it. */
export async function checkDatabase(stack: Stack, usual: Finding[]) {
  const edge = (await stack.engine.get<{ Id: string }>(`/networks/${stack.name}_edge`)).Id
  await checkFaults(stack, usual, [
    {
      name: "a database that Traefik's network reaches",
      service: "database",
      change: (spec) => {
        const networks = spec.TaskTemplate.Networks as object[]
        return { ...spec, TaskTemplate: { ...spec.TaskTemplate, Networks: [...networks, { Target: edge }] } }
      },
      expected: [["networks", "problem", /database is in \S+_edge besides/]],
    },
    {
      name: "an update that would start a second PostgreSQL on the volume",
      service: "database",
      change: (spec) => ({ ...spec, UpdateConfig: { ...spec.UpdateConfig!, Order: "start-first" } }),
      expected: [["updates", "problem", /second PostgreSQL on the same volume/]],
    },
  ])
  await check("a role that may more than rows, and one that may less", async () => {
    await stack.psql("alter role docket_server_1 createdb")
    await stack.psql("revoke delete on letter_tokens from docket_server")
    try {
      hold(await examine(stack), usual, [
        ["privileges", "warning", /docket_server_1 has /],
        ["privileges", "problem", /may not read and write letter_tokens/],
      ])
    } finally {
      await stack.psql("alter role docket_server_1 nocreatedb")
      await stack.psql("grant delete on letter_tokens to docket_server")
    }
  })
  await check("a database that is away", async () => {
    await docker("service", "scale", "--detach", `${stack.name}_database=0`)
    try {
      const isAway = async () =>
        (await stack.tasks("database")).every(({ Status }) => Status.State !== "running")
      for (let tries = 0; !(await isAway()) && tries < 120; tries++) await Bun.sleep(500)
      const found = await examine(stack)
      const said = (level: Finding["level"], name: Finding["check"], sentence: RegExp) =>
        found.some((one) => one.level === level && one.check === name && sentence.test(one.finding))
      expect(said("problem", "health", /database is away/), sentences(notOk(found)))
      expect(said("problem", "database", /cannot use its database/), sentences(notOk(found)))
      expect(said("problem", "updates", /not have exactly one replica/), sentences(notOk(found)))
    } finally {
      await docker("service", "scale", "--detach", `${stack.name}_database=1`)
      await stack.settled()
      await serving(stack)
    }
  })
}

/** Waits until a request of someone who is signed in works again. */
async function serving(stack: Stack) {
  for (let tries = 0; (await ops("smoke", stack.environment.path)).exitCode !== 0; tries++) {
    expect(tries < 20, "the stack does not come back")
    await Bun.sleep(2000)
  }
}
