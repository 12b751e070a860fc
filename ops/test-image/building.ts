import { cp, mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { $ } from "bun"
import { check, expect } from "../testing/check.ts"
import { docker, fetchImage } from "../testing/engine.ts"
import { image } from "./names.ts"

const repository = join(import.meta.dir, "../..")
/** What is kept in the sources as a secret would be, and must be in no layer. */
const canary = `canary-${crypto.randomUUID()}`
const canaryFiles = [
  ".env",
  ".env.production",
  "ops/.env",
  "client/.env",
  "server/.env.local",
  ".data/secrets.json",
]

/** The most that the image may add to its base, in bytes. */
const MOST_ADDED = 25_000_000

/** Builds the image from what git would have, plus planted secrets, and checks what is in its layers. */
export async function checkBuild() {
  const folder = await mkdtemp(join(tmpdir(), "docket-test-image-"))
  try {
    const context = join(folder, "context")
    await copySources(context)
    const base = process.env.BUN_IMAGE ?? /^ARG BUN_IMAGE=(\S+)$/m.exec(await text("Dockerfile"))![1]!
    const { version } = await Bun.file(join(repository, "package.json")).json()
    const commit = (await $`git rev-parse HEAD`.cwd(repository).text()).trim()

    const began = performance.now()
    await check("builds", async () => {
      const values = { BUN_IMAGE: base, VERSION: version, COMMIT: commit }
      const flags = Object.entries(values).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`])
      await docker("build", ...flags, "--tag", image, context)
      return `${((performance.now() - began) / 1000).toFixed(1)} s`
    })
    await fetchImage(base)
    await check("adds at most 25 MB to its base", () => checkSize(base))
    await checkLayers(base, folder)
    await check("carries its version and commit as labels", async () => {
      const labels = JSON.parse(
        await docker("image", "inspect", "--format", "{{json .Config.Labels}}", image),
      )
      expect(labels["org.opencontainers.image.version"] === version, `version is ${JSON.stringify(labels)}`)
      expect(labels["org.opencontainers.image.revision"] === commit, `revision is ${JSON.stringify(labels)}`)
      return `${version}, ${commit.slice(0, 7)}`
    })
    await check("runs as user 1000, in exec form, and asks /health/live every 30 s", async () => {
      const config = JSON.parse(await docker("image", "inspect", "--format", "{{json .Config}}", image))
      expect(config.User === "1000:1000", `its user is ${config.User}`)
      expect(
        config.Cmd[0] === "bun" && !config.Entrypoint?.length,
        `it runs ${config.Entrypoint} ${config.Cmd}`,
      )
      expect(config.Healthcheck.Test[0] === "CMD", "its health check needs a shell")
      expect(config.Healthcheck.Test.join(" ").includes("/health/live"), "it asks for something else")
      expect(config.Healthcheck.Interval === 30e9, `it asks every ${config.Healthcheck.Interval} ns`)
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const text = (path: string) => Bun.file(join(repository, path)).text()

async function copySources(context: string) {
  const listed = await $`git ls-files --cached --others --exclude-standard -z`.cwd(repository).text()
  for (const path of listed.split("\0").filter(Boolean))
    if (await Bun.file(join(repository, path)).exists()) await cp(join(repository, path), join(context, path))
  for (const path of canaryFiles)
    await Bun.write(join(context, path), `JWT_SECRET_KEY=${canary}\nVITE_KEY=${canary}\n`)
}

async function checkSize(base: string) {
  const size = async (name: string) =>
    (await docker("history", "--human=false", "--format", "{{.Size}}", name))
      .split("\n")
      .reduce((sum, line) => sum + Number(line), 0)
  const added = (await size(image)) - (await size(base))
  expect(added > 0 && added <= MOST_ADDED, `it adds ${added} bytes`)
  return `${(added / 1e6).toFixed(1)} MB`
}

/** Unpacks the layers above the base one by one: a file that a later layer deletes is still in the image. */
async function checkLayers(base: string, folder: string) {
  const layersOf = async (name: string): Promise<string[]> =>
    JSON.parse(await docker("image", "inspect", "--format", "{{json .RootFS.Layers}}", name))
  const [baseLayers, layers] = [await layersOf(base), await layersOf(image)]
  await check("stands on its base", async () => {
    expect(baseLayers.length > 0 && layers.length > baseLayers.length, "it has no layer of its own")
    expect(
      baseLayers.every((layer, position) => layer === layers[position]),
      "the base's layers are others",
    )
  })

  await docker("save", "--output", join(folder, "image.tar"), image)
  await $`tar -xf image.tar && rm image.tar && mkdir own`.cwd(folder).quiet()
  const [manifest] = await Bun.file(join(folder, "manifest.json")).json()
  const own: string[] = manifest.Layers.slice(baseLayers.length)
  const paths: string[] = []
  for (const [position, layer] of own.entries()) {
    paths.push(
      ...(await $`tar -tf ${layer}`.cwd(folder).text()).split("\n").filter((path) => /[^/]$/.test(path)),
    )
    await $`mkdir own/${position} && tar -xf ${layer} -C own/${position}`.cwd(folder).quiet()
  }
  await check(
    "holds the page, the API's reference, the server's bundle and the migrations, and no other file",
    async () => {
      const strays = paths.filter(
        (path) => !/^app\/(dist\/page|dist\/reference|dist\/server|migrations)\//.test(path),
      )
      expect(strays.length === 0, `also ${strays.slice(0, 10).join(", ")}`)
      for (const path of [
        "app/dist/page/index.html",
        "app/dist/server/main.js",
        "app/migrations/0001_accounts.sql",
      ])
        expect(paths.includes(path), `${path} is not there`)
      return `${paths.length} files`
    },
  )
  await check("holds no packages, source maps, sources or settings", async () => {
    const unwanted = paths.filter((path) =>
      /node_modules|\.map$|\.tsx?$|\.env|\.git|\.lock$|\.(pem|key)$/.test(path),
    )
    expect(unwanted.length === 0, unwanted.slice(0, 10).join(", "))
  })
  await check("holds no secret that lay beside the sources", async () => {
    const found = await $`grep -rlF ${canary} own ${manifest.Config}`.cwd(folder).nothrow().text()
    expect(found === "", `found in ${found}`)
    const history = await docker("history", "--no-trunc", "--format", "{{.CreatedBy}}", image)
    expect(!history.includes(canary), "found in the history")
  })
}
