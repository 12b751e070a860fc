import { variable } from "./backup/settings.ts"
import { localCommand } from "./command.ts"
import { Refusal } from "./refusal.ts"
import { look } from "./status-page/look.ts"
import { bucketPlace, folderPlace } from "./status-page/place.ts"
import { writeStatus } from "./status-page/write.ts"

export default localCommand({
  name: "status-page",
  description:
    "Looks at the installation of STATUS_PAGE_OF from here, and writes the public page of how it is into a bucket or a folder: docs/operations/status-page.md",
  examples: ["bun run ops status-page", "bun run ops status-page --folder=public --json"],
  arguments: {
    folder: {
      type: "string",
      description: "Write into this folder instead of the bucket of STATUS_PAGE_S3_*",
    },
  },
  run: async ({ arguments: { folder }, dryRun }) => {
    const origin = originSetting()
    const title = variable("STATUS_PAGE_TITLE") ?? new URL(origin).host
    const place = folder ? folderPlace(folder) : bucketPlace(bucketSettings())
    const now = Date.now()
    const found = await look(origin)
    const seen = Object.entries(found).map(([part, state]) => `${part} ${state ?? "unknown"}`)
    if (dryRun)
      return {
        text: `It would write into ${place.name}: ${seen.join(", ")}.`,
        facts: { found, place: place.name },
      }
    const { keptAside } = await writeStatus(place, { title, found, now })
    const text = [
      `${origin}: ${seen.join(", ")}. Written to ${place.name}.`,
      ...(keptAside
        ? [`The history there could not be read: it is kept as ${keptAside}, and a new one was begun.`]
        : []),
    ].join("\n")
    return { text, facts: { found, place: place.name, keptAside } }
  },
})

function originSetting(): string {
  const url = URL.parse(variable("STATUS_PAGE_OF") ?? "")
  if (!url || !/^https?:$/.test(url.protocol) || url.pathname !== "/" || url.search || url.username)
    throw new Refusal(2, "STATUS_PAGE_OF is no address like https://docket.example.org: what is looked at.")
  return url.origin
}

function bucketSettings() {
  const need = (name: string) => {
    const value = variable(`STATUS_PAGE_S3_${name}`)
    if (!value)
      throw new Refusal(2, `STATUS_PAGE_S3_${name} is not set: where the page is written (or give --folder).`)
    return value
  }
  const endpoint = need("ENDPOINT").replace(/\/+$/, "")
  if (!/^https?:\/\/[^/]+$/.test(endpoint))
    throw new Refusal(2, "STATUS_PAGE_S3_ENDPOINT is no address like https://s3.example.org.")
  return {
    endpoint,
    bucket: need("BUCKET"),
    region: variable("STATUS_PAGE_S3_REGION") ?? "us-east-1",
    accessKeyId: need("ACCESS_KEY_ID"),
    secretAccessKey: need("SECRET_ACCESS_KEY"),
    prefix: (variable("STATUS_PAGE_S3_PREFIX") ?? "").replace(/^\/+|\/+$/g, "").replace(/(?<=.)$/, "/"),
  }
}
