import { join } from "node:path"
import { readSource, type Source } from "./imports.ts"

/**
 * The rules of docs/architecture.md, each a function from an import (or a file) to what is wrong with it.
 * They see only source text, so that the test can show each a made-up repository that breaks it.
 */

/** What both sides compute: pure files of the server that the page may import. */
const SHARED_WITH_THE_PAGE = ["server/lists/position-between.ts", "server/todos/recurrence.ts"]
/** Pure by name, and held to it. Any other file that reaches nothing outside counts as pure too. */
const PURE_BY_NAME = /^server\/\w+\/(ordering|recurrence|shapes|limits)\.ts$/
/** Packages that compute and do nothing else (Elysia: its shapes, `t`). */
const PURE_PACKAGES = ["elysia", "@sinclair/typebox", "fractional-indexing"]
/** What a feature shows to other features. */
const OPEN_TO_OTHER_FEATURES = /\/(queries|shapes|signed-in)\.ts$/
/** Who may read the environment. */
const READS_ENVIRONMENT =
  /^(server\/config\.ts|server\/testing\/.*|ops\/.*|client\/e2e\/.*|client\/vite\.config\.ts)$/
/** Folders of the server that features stand on. */
const FOUNDATIONS = ["database", "jobs", "mail"]
/** Folders of the page that its features stand on. */
const CLIENT_FOUNDATIONS = ["api", "device", "i18n", "styles", "sync", "ui"]

type Files = Map<string, Source>
type Edge = { from: string; to: string; typeOnly: boolean }

/** Everything in `files` (path → text) that breaks a rule, as sentences. */
export function violations(files: Map<string, string>): string[] {
  const sources: Files = new Map([...files].map(([path, text]) => [path, readSource(path, text)]))
  const edges = [...sources].flatMap(([from, { imports }]) =>
    imports
      .filter((imported) => imported.from.startsWith("."))
      .map(({ from: to, typeOnly }) => ({ from, to: join(from, "..", to), typeOnly })),
  )
  return [
    ...edges
      .flatMap((edge) => brokenBy(edge, sources))
      .map(([edge, why]) => `${edge.from} imports ${edge.to}: ${why}`),
    ...[...sources].flatMap(([path, source]) => wrongWith(path, source, sources, files.get(path) ?? "")),
    ...cycles(edges),
  ]
}

/** At most one fault an import: the first rule it breaks. */
function brokenBy(edge: Edge, sources: Files): [Edge, string][] {
  const why =
    betweenSides(edge) ??
    (isTest(edge.from) ? undefined : (inProduction(edge) ?? onTheServer(edge, sources) ?? onThePage(edge)))
  return why ? [[edge, why]] : []
}

function betweenSides({ from, to, typeOnly }: Edge): string | undefined {
  const side = (path: string) => path.split("/")[0]
  if (side(from) === side(to) || side(from) === "ops") return
  // The release's number is kept there and nowhere else.
  if (from === "server/release.ts" && to === "package.json") return
  if (side(from) === "server") return isTest(from) ? undefined : "the server imports neither the page nor ops"
  if (SHARED_WITH_THE_PAGE.includes(to) || isTest(from)) return
  if (from !== "client/src/api/client.ts")
    return "only client/src/api/client.ts knows the server, by its type"
  if (!typeOnly) return "the page may know the server's type, not its code"
}

function inProduction({ from, to }: Edge): string | undefined {
  if (isTest(to) && !from.startsWith("ops/")) return "only tests use what is made for tests"
}

function onTheServer({ from, to, typeOnly }: Edge, sources: Files): string | undefined {
  if (!from.startsWith("server/") || !to.startsWith("server/")) return
  const listsParts = from === "server/dependencies.ts" && typeOnly
  if (serverLevel(to) > serverLevel(from) && !listsParts)
    return "main → app → features → foundations, never upward"
  const [feature, other] = [serverFeature(from), serverFeature(to)]
  if (feature && other && feature !== other && !OPEN_TO_OTHER_FEATURES.test(to) && impurity(to, sources))
    return "a feature uses another through its queries.ts, shapes.ts, signed-in.ts or a pure file"
}

function onThePage({ from, to }: Edge): string | undefined {
  if (!from.startsWith("client/src/") || !to.startsWith("client/src/")) return
  if (clientLevel(to) > clientLevel(from)) return "routes → features → sync, api, ui, i18n, never upward"
  if (from.startsWith("client/src/ui/") && !/^client\/src\/(ui|i18n|styles|paths)\b/.test(to))
    return "controls know nothing of what they show"
}

const serverFeature = (path: string) => (serverLevel(path) === 1 ? path.split("/")[1] : undefined)

/** 3 entry point, 2 route table, 1 feature, 0 what features stand on. */
function serverLevel(path: string): number {
  const [, folder, ...rest] = path.split("/")
  if (rest.length > 0) return FOUNDATIONS.includes(folder!) ? 0 : 1
  return path === "server/main.ts" ? 3 : path === "server/app.ts" ? 2 : 0
}

/** 2 the route table and what starts it, 1 feature, 0 what features stand on. */
function clientLevel(path: string): number {
  const [, , folder, ...rest] = path.split("/")
  if (rest.length > 0) return CLIENT_FOUNDATIONS.includes(folder!) ? 0 : 1
  return /^(main|routes)\.tsx$/.test(folder!) ? 2 : 0
}

function isTest(path: string): boolean {
  return /\.test\.tsx?$|^server\/testing\/|^client\/(e2e|src\/testing)\//.test(path)
}

function wrongWith(path: string, source: Source, sources: Files, text: string): string[] {
  const name = path
    .split("/")
    .at(-1)!
    .replace(/\.tsx?$/, "")
  const faults = [
    source.readsEnvironment &&
      !READS_ENVIRONMENT.test(path) &&
      "reads the environment; only server/config.ts does",
    /(^|-)(utils?|helpers?|common|managers?|service|misc)(-|\.|$)/i.test(name) &&
      name !== "service-worker" &&
      "a name that says nothing",
    name === "index" && "an index hides where things are",
    source.onlyReExports && "a file that only forwards",
    PURE_BY_NAME.test(path) && impurity(path, sources),
    SHARED_WITH_THE_PAGE.includes(path) &&
      source.imports.some(({ from, typeOnly }) => from === "elysia" && !typeOnly) &&
      "would bring Elysia to the page",
    path.startsWith("client/src/ui/") &&
      /todo|reminder|invitation/i.test(withoutComments(text)) &&
      "a control knows no word of the domain",
  ]
  return faults.filter((fault) => typeof fault === "string").map((fault) => `${path}: ${fault}`)
}

const withoutComments = (text: string) => text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "")

/** Why the file is not pure: what it reaches outside the computation, directly or through what it imports. */
function impurity(path: string, sources: Files, seen = new Set<string>()): string | undefined {
  const source = sources.get(path)
  if (!source || seen.has(path)) return
  seen.add(path)
  if (source.effects[0]) return `a pure file uses ${source.effects[0]}`
  for (const { from, typeOnly } of source.imports) {
    if (typeOnly) continue
    if (!from.startsWith(".")) {
      if (!PURE_PACKAGES.includes(from)) return `a pure file imports ${from}`
      continue
    }
    const why = impurity(join(path, "..", from), sources, seen)
    if (why) return `${why} (through ${from})`
  }
}

/** Each cycle once, by depth-first search. */
function cycles(edges: Edge[]): string[] {
  const targets = Map.groupBy(edges, ({ from }) => from)
  const done = new Set<string>()
  const found: string[] = []
  const visit = (path: string, trail: string[]) => {
    const start = trail.indexOf(path)
    if (start >= 0) found.push(`a cycle: ${[...trail.slice(start), path].join(" → ")}`)
    if (start >= 0 || done.has(path)) return
    for (const { to } of targets.get(path) ?? []) visit(to, [...trail, path])
    done.add(path)
  }
  for (const path of targets.keys()) visit(path, [])
  return found
}
