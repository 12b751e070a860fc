import { command } from "./command.ts"
import { needSwarm } from "./environments/environment.ts"
import { Refusal } from "./refusal.ts"
import { Engine } from "./swarm/engine.ts"
import { composeMonitoring } from "./swarm/monitoring-stack.ts"
import { currentSecrets } from "./swarm/secrets.ts"
import { documentOf } from "./swarm/stack.ts"

export default command({
  name: "monitoring",
  description: "Puts the monitoring add-on beside a stack, or brings it up to date; --remove takes it away.",
  examples: [
    "bun run ops monitoring production",
    "bun run ops monitoring production --dry-run",
    "bun run ops monitoring production --remove",
  ],
  arguments: { remove: { type: "boolean", description: "Take it away; what it has kept stays" } },
  run: async ({ environment: given, arguments: { remove }, dryRun }) => {
    const environment = needSwarm(
      given,
      "A monitor on a host of your own can scrape its /metrics with METRICS_TOKEN; the server itself tells of what breaks (ALERT_WEBHOOK_URL and others, docs/operations/monitoring.md).",
    )
    const stack = `${environment.stack}-monitoring`
    await using engine = await Engine.open(environment)
    const docker = async (args: string[], stdin?: string) => {
      const { exitCode, stdout, stderr } = await engine.docker(args, stdin === undefined ? {} : { stdin })
      if (exitCode !== 0) throw new Refusal(1, `docker ${args[0]} ${args[1]} failed: ${stderr.slice(-1000)}`)
      return stdout
    }
    if (remove) {
      if (!dryRun) await docker(["stack", "rm", stack])
      return { text: `${stack} ${dryRun ? "would be" : "was"} removed.`, facts: { stack, removed: !dryRun } }
    }
    const compose = await composeMonitoring(environment, await currentSecrets(engine, environment.stack))
    const services = Object.entries(compose.services).map(([name, { image }]) => `${name}: ${image}`)
    if (!dryRun) {
      const flags = ["--detach=true", "--prune", "--compose-file=-"]
      await docker(["stack", "deploy", ...flags, stack], documentOf(compose))
    }
    const text = [
      `${stack} ${dryRun ? "would run" : "starts"}:`,
      ...services.map((line) => `  ${line}`),
      "Its tasks: docker stack ps",
    ]
    return { text: text.slice(0, dryRun ? -1 : undefined).join("\n"), facts: { stack, services, dryRun } }
  },
})
