import type { SwarmEnvironment } from "../environments/swarm.ts"
import { Refusal } from "../refusal.ts"
import { Engine } from "../swarm/engine.ts"
import type { EngineInfo } from "../swarm/engine-types.ts"
import { quoted } from "./connection.ts"
import type { Change, Step } from "./step.ts"

/** The node that holds the database's volume; the stack places the database there alone. */
const DATABASE_LABEL = "docket.database=true"

export const swarm: Step = {
  name: "swarm",
  changes: async (host, _, { advertise, join }) => {
    const [state, manages, label] = await nodeState(host)
    if (state === "active" && !join && manages !== "true")
      throw new Refusal(
        1,
        `${host.name} is a worker of another Swarm: give --join, or make it leave that one.`,
      )
    const address = advertise ? `--advertise-addr ${quoted(advertise)}` : ""
    const changes: Change[] = []
    if (state !== "active")
      changes.push(
        join
          ? {
              what: `joins the Swarm of ${join.manager} as a worker`,
              script: `docker swarm join ${address} --token ${quoted(join.token)} ${quoted(join.manager)} 2>&1`,
            }
          : { what: "starts a Swarm", script: `docker swarm init ${address} 2>&1` },
      )
    if (!join && label === "none")
      changes.push({
        what: `labels the node ${DATABASE_LABEL}: the database's volume is here`,
        script: `docker node update --label-add ${DATABASE_LABEL} "$(docker info --format '{{.Swarm.NodeID}}')"`,
      })
    return changes
  },
  proof: async (host, _, { join }) => {
    const [state, manages, label] = await nodeState(host)
    if (state !== "active" || (!join && manages !== "true"))
      throw new Refusal(1, `The Swarm on ${host.name} is ${state}.`)
    return join ? "a worker of the Swarm" : `a manager of the Swarm; the database is pinned to ${label}`
  },
}

/** State, whether it is a manager, and the name of the node that has the database's label. */
async function nodeState(host: Parameters<Step["changes"]>[0]): Promise<[string, string, string]> {
  const said = await host.run(`
command -v docker >/dev/null || { printf 'inactive\\nfalse\\nnone\\n'; exit 0; }
docker info --format '{{.Swarm.LocalNodeState}}
{{.Swarm.ControlAvailable}}'
docker node ls --filter node.label=${DATABASE_LABEL} --format '{{.Hostname}}' 2>/dev/null | grep . || echo none`)
  const [state = "", manages = "", label = "none"] = said.split("\n")
  return [state, manages, label]
}

/** What a further host needs to join the environment's Swarm. Refuses as `Engine.open` does. */
export async function joinOf(environment: SwarmEnvironment): Promise<{ manager: string; token: string }> {
  await using engine = await Engine.open(environment)
  const { JoinTokens } = await engine.get<{ JoinTokens: { Worker: string } }>("/swarm")
  const { Swarm } = await engine.get<EngineInfo>("/info")
  return { manager: `${Swarm.NodeAddr}:2377`, token: JoinTokens.Worker }
}
