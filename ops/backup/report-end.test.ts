import { expect, test } from "bun:test"
import { testApp } from "../../server/testing/app.ts"
import { telling } from "./report-end.ts"
import { backupsToldAt } from "./told.ts"

const TOKEN = "a-token-for-tests-that-is-long-enough"
const docket = await testApp({ BACKUP_REPORT_TOKEN: TOKEN })

test("what runs elsewhere tells of its end, and operators read it", async () => {
  const server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: (request) => docket.app.handle(request) })
  const settings = { BACKUP_REPORT_URL: server.url.origin, BACKUP_REPORT_TOKEN: TOKEN }
  Object.assign(process.env, settings)
  try {
    const at = new Date().toISOString()
    expect(
      await telling(
        "backup",
        async () => 7,
        () => ({ at, sizeBytes: 9 }),
      ),
    ).toBe(7)
    const failure = telling(
      "drill",
      async () => Promise.reject(new Error("disk full")),
      () => ({ at }),
    )
    await expect(failure).rejects.toThrow("disk full")
    const { lines, facts } = await backupsToldAt(server.url.origin)
    expect(facts.backup).toMatchObject({ status: "ok", lastSuccessAt: at })
    expect(lines[0]).toMatch(/^Last backup: \d{4}-\d\d-\d\d \d\d:\d\d UTC, .+ ago\.$/)
    expect(lines[1]).toStartWith("Last drill: none has succeeded yet; one failed")
    process.env.BACKUP_REPORT_TOKEN = ""
    await expect(
      telling(
        "backup",
        async () => 7,
        () => ({ at }),
      ),
    ).rejects.toThrow("BACKUP_REPORT_TOKEN is not set")
  } finally {
    for (const name of Object.keys(settings)) delete process.env[name]
    await server.stop(true)
  }
  expect((await backupsToldAt("http://127.0.0.1:9")).lines[0]).toContain("not known")
})
