import { command } from "./command.ts"
import { releasesHosted } from "./hosted/deploy.ts"
import { Engine } from "./swarm/engine.ts"
import { short } from "./swarm/images.ts"
import { listReleases, oldestServed } from "./swarm/release-records.ts"
import { runningImages } from "./swarm/rollout.ts"
import { table } from "./table.ts"

/** More than this, and only the newest are shown to people. */
const SHOWN = 20

export default command({
  name: "releases",
  description: "Lists what was released: who, when, digest, version, commit, schema, and what came of it.",
  examples: ["bun run ops releases production", "bun run ops releases production --json"],
  run: async ({ environment }) => {
    if (environment.kind === "hosted") {
      const releases = await releasesHosted(environment)
      const rows = releases.map(({ number, at, by, digest, version, commit, schema, why }) => [
        `${number}`,
        at,
        by,
        short(digest),
        version,
        commit.slice(0, 7),
        `${schema}`,
        why,
      ])
      const heads = ["release", "when", "who", "digest", "version", "commit", "schema", "why"]
      return { text: table(heads, rows.slice(-SHOWN).reverse()), facts: { releases } }
    }
    await using engine = await Engine.open(environment)
    const { stack } = environment
    const releases = await listReleases(engine, stack)
    const running = await runningImages(engine, `${stack}_server`)
    if (releases.length === 0) return { text: `${environment.name} has no release yet.`, facts: { releases } }
    const serving = releases.findLast(
      ({ image, outcome }) => outcome === "succeeded" && running.includes(image),
    )
    const oldest = oldestServed(releases)
    const rows = releases.map((release) => [
      `${release.number}${release.rollbackTo ? ` (→ ${release.rollbackTo})` : ""}`,
      release.at.slice(0, 16).replace("T", " "),
      release.by,
      short(release.image),
      release.version,
      release.commit.slice(0, 7),
      `${release.schema ?? "?"}${release.schema !== undefined && release.schema < oldest ? ", too old" : ""}`,
      release === serving ? "serves now" : release.outcome,
    ])
    const heads = ["release", "when (UTC)", "who", "digest", "version", "commit", "schema", "outcome"]
    return {
      text: table(heads, rows.slice(-SHOWN).reverse()),
      facts: { releases: releases.map(({ id, ...release }) => release), running, oldestServed: oldest },
    }
  },
})
