import { client, unwrap } from "../api/client.ts"
import { saveFile } from "./save-file.ts"

/** Saves everything the server holds about the person as a file of this browser's. Throws what the API throws. */
export async function downloadExport() {
  const data = await unwrap(client.api.me.export.get())
  saveFile("docket", data)
}
