import type { Node, Task } from "../swarm/engine-types.ts"
import { type Finding, ok, warning } from "./finding.ts"

/**
 * Whether the server outlives the loss of a node. The Swarm spreads what it starts, but an update starts each replica
 * beside the ones of before, and may leave all of them on one node. Nothing to say of one node or one replica.
 */
export function judgeSpread(serverTasks: Task[], nodes: Node[]): Finding[] {
  const running = serverTasks.filter(({ Status }) => Status.State === "running")
  const ready = nodes.filter(({ Spec, Status }) => Spec.Availability === "active" && Status.State === "ready")
  if (running.length < 2 || ready.length < 2) return []
  const used = new Set(running.map(({ NodeID }) => NodeID))
  if (used.size > 1) return [ok("spread", `${running.length} replicas run on ${used.size} nodes.`)]
  return [
    warning(
      "spread",
      `All ${running.length} replicas run on one of ${ready.length} nodes: without it nothing answers until the Swarm has started others.`,
      "Have them placed anew: docker service update --force STACK_server.",
    ),
  ]
}
