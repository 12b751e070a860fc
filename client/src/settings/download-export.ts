import { client, unwrap } from "../api/client.ts"

/** Saves everything the server holds about the person as a file of this browser's. Throws what the API throws. */
export async function downloadExport() {
  const data = await unwrap(client.api.me.export.get())
  const url = URL.createObjectURL(new Blob([JSON.stringify(data, null, 2)], { type: "application/json" }))
  const link = document.createElement("a")
  link.href = url
  link.download = `docket-${new Date().toISOString().slice(0, 10)}.json`
  link.click()
  URL.revokeObjectURL(url)
}
