/** A fault made on purpose: `from` in a file of the engine becomes `to`. */
type Mutant = {
  file: string
  from: string
  to: string
  /** A seed that meets with it, and how it shows there; `only` some of its steps, where others hide it. */
  seed: number
  only?: string
  found: RegExp
}

/** Faults that the simulation is held against: each is found (mutants.test.ts). */
export const MUTANTS: Record<string, Mutant> = {
  "an op counts as done once it is sent": {
    file: "leader.ts",
    from: "    // Some may have been discarded in between.\n",
    to: "    await options.changeQueue({ queue: [], unqueue: batch.map(({ op }) => op.id) })\n    if (batch.length > 0) return batch.map(({ op }) => op)\n",
    seed: 1,
    found: /is lost/,
  },
  "an op that is sent again has another id": {
    file: "leader.ts",
    from: "(outbox.get(op.id) ? [op] : [])",
    to: "(outbox.get(op.id) ? [{ ...op, id: op.id.slice(0, -4) + (1000 + Math.floor(options.world.random() * 9000)) }] : [])",
    seed: 1,
    found: /done twice/,
  },
  "what the disk missed of the server is never written": {
    file: "background.ts",
    from: "arrival: unwritten !== null ? {",
    to: "arrival: unwritten !== null && Number.isNaN(after) ? {",
    seed: 14,
    found: / lacks the todo /,
  },
  "what was made while a tab slept is sent after what was made later": {
    file: "background.ts",
    from: "follows !== undefined && !outbox",
    to: "Number.isNaN(follows) && !outbox",
    seed: 5113,
    only: "6,9,44,45,94",
    found: /wished for later/,
  },
  "what a full disk did not take counts as heard by a tab that slept": {
    file: "background.ts",
    from: "if (isForUs && fits) {",
    to: "if (isForUs) {",
    seed: 1445,
    only: "12,14,15,21,88,90,91",
    found: / lacks the todo /,
  },
  "a list that was left stays": {
    file: "leader.ts",
    from: "[...answer.reset, ...answer.drop]",
    to: "[...answer.reset]",
    seed: 10,
    found: /which the server hasn't/,
  },
  "what a restored server has forgotten is not sent again": {
    file: "leader.ts",
    from: "if (answer.epoch !== position.epoch) {",
    to: "if (Number.isNaN(position.generation)) {",
    seed: 265,
    found: /is lost/,
  },
  "todos that were purged stay": {
    file: "store.ts",
    from: "if (!row || row.rev >= rev ||",
    to: "if (row || !row || row.rev >= rev ||",
    seed: 7,
    found: /which the server hasn't/,
  },
  "what is not in memory is taken for new": {
    file: "sync.ts",
    from: "const entry = queued(change, madeAt)",
    to: "const creates = store[change.entity](change.key) ? undefined : (true as const)\n        const entry = queued({ ...change, creates }, madeAt)",
    seed: 5561,
    only: "17,26,39,40,42",
    found: /unknown-entity/,
  },
  "the outbox is sent the last first": {
    file: "store.ts",
    from: "a.place - b.place",
    to: "b.place - a.place",
    seed: 2,
    found: /wished for later/,
  },
}

/** Breaks the engine as it is loaded; call it before anything imports it. */
export function breakEngine(name: string) {
  const mutant = MUTANTS[name]
  if (!mutant) throw new Error(`There is no mutant "${name}".`)
  const { file, from, to } = mutant
  Bun.plugin({
    name,
    setup(build) {
      build.onLoad(
        { filter: new RegExp(`/client/src/sync/${file.replace(".", "\\.")}$`) },
        async ({ path }) => {
          const source = await Bun.file(path).text()
          if (source.split(from).length !== 2) throw new Error(`"${from}" is not in ${file} once.`)
          return { contents: source.replace(from, () => to), loader: "ts" }
        },
      )
    },
  })
}
