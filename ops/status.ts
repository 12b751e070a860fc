import { backupsToldAt } from "./backup/told.ts"
import { command, type Result } from "./command.ts"
import type { SwarmEnvironment } from "./environments/environment.ts"
import { addressOfSpace } from "./hosted/running.ts"
import { statusHosted } from "./hosted/status.ts"
import { kitState, kitStateText } from "./recovery-kit/record.ts"
import { Engine } from "./swarm/engine.ts"
import { short } from "./swarm/images.ts"
import { stackState } from "./swarm/stack-state.ts"
import { table } from "./table.ts"

export default command({
  name: "status",
  description: "Shows what runs: release, replicas and where they are, recent failures, who holds the lock.",
  examples: ["bun run ops status production", "bun run ops status production --json"],
  run: async ({ environment }) => {
    if (environment.kind === "swarm") return statusOf(environment)
    const [{ stage, running, release }, backups] = await Promise.all([
      statusHosted(environment),
      backupsToldAt(addressOfSpace(environment.space)),
    ])
    const lines = [
      `${environment.name}: ${environment.space} is ${stage ?? "at a stage that Hugging Face does not tell"}.`,
      running
        ? `${running.version} answers since ${running.startedAt.toISOString()}.`
        : "Nothing answers there.",
      release
        ? `The last release is ${release.number}, ${short(release.digest)}.`
        : "No release is on record.",
      ...backups.lines,
    ]
    return { text: lines.join("\n"), facts: { stage, running, release, ...backups.facts } }
  },
})

async function statusOf(environment: SwarmEnvironment): Promise<Result> {
  await using engine = await Engine.open(environment)
  const [state, kit, backups] = await Promise.all([
    stackState(engine, environment.stack),
    kitState(engine, environment),
    backupsToldAt(`https://${environment.domains[0]}`),
  ])
  const { release, services, failures, holder, halfMade, kept } = state
  const tasks = services.flatMap(({ name, tasks }) =>
    tasks.map(({ node, state, since, image }) => [name, state, node, since, image]),
  )
  const lines = [
    release
      ? `${environment.name} runs release ${release.number}: ${release.version}, ${short(release.image)}, since ${release.endedAt ?? release.at}`
      : `${environment.name} has no release that succeeded.`,
    ...services.map(
      ({ name, running, wanted, update }) =>
        `${name}: ${running} of ${wanted} run${update && update !== "completed" ? `, ${update}` : ""}`,
    ),
    holder &&
      `Locked by ${holder.by} (process ${holder.process}), who ${holder.what} since ${holder.since}${holder.alive ? "" : "; that command is gone"}.`,
    halfMade &&
      `Release ${halfMade.number} (${short(halfMade.image)}) is ${holder?.alive ? "being made" : "left half-made"}, ${halfMade.phase}.${holder?.alive ? "" : " The next deploy or rollback finishes or undoes it."}`,
    ...backups.lines,
    kit
      ? `Recovery kit: ${kitStateText(kit)}.`
      : `Recovery kit: none was made; without one a lost host does not come back (bun run ops recovery-kit ${environment.name}).`,
    kept.length > 0 && `On every node, for a rollback: ${kept.map(short).join(", ")}`,
    tasks.length > 0 && `\n${table(["task of", "state", "node", "since", "image"], tasks)}`,
    failures.length > 0 &&
      `\nFailed lately:\n${failures.map(({ name, at, reason }) => `  ${at}  ${name}: ${reason}`).join("\n")}`,
  ]
  return {
    text: lines.filter((line) => typeof line === "string").join("\n"),
    facts: { ...state, ...backups.facts, recoveryKit: kit },
  }
}
