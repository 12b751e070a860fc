import type { SwarmEnvironment } from "../environments/swarm.ts"
import { Refusal } from "../refusal.ts"
import { Engine } from "../swarm/engine.ts"
import type { EngineInfo } from "../swarm/engine-types.ts"
import { type Connection, quoted } from "./connection.ts"
import type { Step } from "./step.ts"

/** A Swarm of its own, or a worker of the environment's. The first deploy says which node keeps which volume. */
export const swarm: Step = {
  name: "swarm",
  changes: async (host, _, { advertise, join }) => {
    const { state, manages } = await nodeState(host)
    if (state === "active" && manages === Boolean(join)) throw misplaced(host, manages)
    if (state === "active") return []
    const address = advertise ? `--advertise-addr ${quoted(advertise)}` : ""
    if (!join) return [{ what: "starts a Swarm", script: `docker swarm init ${address} 2>&1` }]
    const script = `docker swarm join ${address} --token ${quoted(join.token)} ${quoted(join.manager)} 2>&1`
    return [{ what: `joins the Swarm of ${join.manager} as a worker`, script }]
  },
  proof: async (host, _, { join }) => {
    const { state, manages } = await nodeState(host)
    if (state !== "active") throw new Refusal(1, `The Swarm on ${host.name} is ${state}.`)
    if (manages === Boolean(join)) throw misplaced(host, manages)
    return manages ? "a manager of the Swarm" : "a worker of the Swarm"
  },
}

async function nodeState(host: Connection): Promise<{ state: string; manages: boolean }> {
  const said = await host.run(
    "command -v docker >/dev/null && docker info --format '{{.Swarm.LocalNodeState}} {{.Swarm.ControlAvailable}}' || echo inactive",
  )
  const [state = "", manages] = said.split(" ")
  return { state, manages: manages === "true" }
}

const misplaced = ({ name }: Connection, manages: boolean) =>
  new Refusal(
    1,
    manages
      ? `${name} manages a Swarm already, and cannot join another: docker swarm leave --force there ends that one, and all that it runs.`
      : `${name} is a worker of a Swarm: give --join if it is this environment's, or make it leave that one.`,
  )

/** What a further host needs to join the environment's Swarm. Refuses as `Engine.open` does. */
export async function joinOf(environment: SwarmEnvironment): Promise<{ manager: string; token: string }> {
  await using engine = await Engine.open(environment)
  const { JoinTokens } = await engine.get<{ JoinTokens: { Worker: string } }>("/swarm")
  const { Swarm } = await engine.get<EngineInfo>("/info")
  return { manager: `${Swarm.NodeAddr}:2377`, token: JoinTokens.Worker }
}
