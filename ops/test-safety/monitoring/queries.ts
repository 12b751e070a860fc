import { join } from "node:path"
import { check, expect } from "../../testing/check.ts"
import { until } from "../../testing/until.ts"
import { run } from "./programs.ts"
import { FOLDER, type Site, TOKEN } from "./site.ts"

type Board = { title: string; panels: { title: string; targets: { expr: string }[] }[] }

/** Panels that show nothing here, and why. */
const EMPTY: Record<string, string> = {
  "Newest backup": "no backup was taken",
  "Last proof by restore": "no backup was taken",
  "Since write-ahead log was archived": "nothing is archived",
  "Certificate ends in": "the server is asked without TLS",
  Letters: "no letter was tried yet",
  "Disk in use": "the file system may be of another kind",
}

/** What the server tells, and what the dashboards ask. */
export async function checkQueries({ prometheus, server }: Site) {
  await check("the server's metrics are as Prometheus' own linter wants them", async () => {
    const answer = await fetch(new URL("/metrics", server.url), {
      headers: { Authorization: `Bearer ${TOKEN}` },
    })
    const child = Bun.spawn(["promtool", "check", "metrics"], {
      stdin: new Blob([await answer.text()]),
      stdout: "pipe",
      stderr: "pipe",
    })
    const said = (await new Response(child.stdout).text()) + (await new Response(child.stderr).text())
    expect((await child.exited) === 0, said)
    return `${Number(answer.headers.get("content-length") ?? 0) || "some"} bytes`
  })
  await check("and nobody else reads them", async () => {
    const answer = await fetch(new URL("/metrics", server.url))
    expect(answer.status === 401, `${answer.status}`)
  })
  for (const file of new Bun.Glob("grafana/dashboards/*.json").scanSync(FOLDER)) {
    const board = (await Bun.file(join(FOLDER, file)).json()) as Board
    await check(`each panel of "${board.title}" has an answer of the real Prometheus`, async () => {
      for (const { title, targets } of board.panels)
        for (const { expr } of targets) await untilAnswered(prometheus, server.url, title, expr)
      return `${board.panels.length} panels`
    })
  }
  await check("Prometheus evaluates every rule without a fault", async () => {
    const answer = await fetch(`${prometheus}/api/v1/rules`)
    const { data } = (await answer.json()) as {
      data: { groups: { rules: { name: string; health: string; lastError?: string }[] }[] }
    }
    const rules = data.groups.flatMap((group) => group.rules)
    const faulty = rules.filter(({ health }) => health !== "ok")
    expect(
      rules.length > 0 && faulty.length === 0,
      faulty.map(({ name, lastError }) => `${name}: ${lastError}`).join("\n"),
    )
    return `${rules.length} rules`
  })
  await run("promtool", "query", "instant", prometheus, "up")
}

/** Rates want two samples, so some answers take a few seconds to come. */
async function untilAnswered(prometheus: string, server: URL, title: string, expr: string) {
  await until(`"${title}" shows something: ${expr}`, async () => {
    await fetch(new URL("/api/openapi.json", server))
    await fetch(new URL("/api/sessions", server), {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ email: "nobody@example.org", password: "not the password" }),
    })
    const answer = await fetch(`${prometheus}/api/v1/query?query=${encodeURIComponent(expr)}`)
    const { status, error, data } = (await answer.json()) as {
      status: string
      error?: string
      data?: { result: unknown[] }
    }
    expect(status === "success", `${title}: ${error}`)
    return title in EMPTY || data!.result.length > 0
  })
}
