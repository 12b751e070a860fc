import type { Found } from "./history.ts"

/** Milliseconds that an answer may take; and between the tries of one look, since one lost packet is no outage. */
const PATIENCE = 10_000
const PAUSE = 3_000
const TRIES = 3

/** What can be seen of the installation at `origin` from here: three tries, and the best of each part. */
export async function look(origin: string, pause = PAUSE): Promise<Found> {
  let best: Found = { page: "down", api: "down", database: "down", mail: null }
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const found = await once(origin)
    best = {
      page: better(best.page, found.page),
      api: better(best.api, found.api),
      database: better(best.database, found.database),
      mail: better(best.mail, found.mail),
    }
    if (![best.page, best.api, best.database].includes("down")) break
    if (tries < TRIES) await Bun.sleep(pause)
  }
  return best
}

const better = (one: Found["page"], other: Found["page"]) =>
  one === "up" || other === "up" ? "up" : (other ?? one)

async function once(origin: string): Promise<Found> {
  const ask = (path: string) =>
    fetch(`${origin}${path}`, {
      headers: { Accept: path === "/" ? "text/html" : "application/json" },
      signal: AbortSignal.timeout(PATIENCE),
      redirect: "follow",
    })
  const [page, live, health] = await Promise.all([
    ask("/")
      .then(async (answer) => answer.ok && /<script/.test(await answer.text()))
      .catch(() => false),
    ask("/api/instance")
      .then(async (answer) => answer.ok && "version" in ((await answer.json()) as object))
      .catch(() => false),
    // 503 tells too.
    ask("/health")
      .then((answer) => answer.json() as Promise<Health>)
      .catch(() => null),
  ])
  const mail = health?.checks?.mail?.status
  return {
    page: page ? "up" : "down",
    api: live ? "up" : "down",
    database: health?.database === "connected" ? "up" : "down",
    mail: mail === "ok" ? "up" : mail === "degraded" ? "down" : null,
  }
}

type Health = { database?: string; checks?: { mail?: { status?: string } } }
