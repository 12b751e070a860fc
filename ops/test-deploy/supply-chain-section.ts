import { join } from "node:path"
import { Refusal } from "../refusal.ts"
import { exec, missingPrograms } from "../supply-chain/programs.ts"
import { type Published, publish } from "../supply-chain/publish.ts"
import type { ImageName } from "../supply-chain/recipes.ts"
import { check, expect } from "../testing/check.ts"
import { docker } from "../testing/engine.ts"
import { forwardLoopback } from "../testing/forward.ts"
import { checkDistrust } from "./distrust.ts"
import { makeKeys } from "./keys.ts"
import type { Site } from "./site.ts"

/** The images' way into the registry, and who may run them: published for real, with keys of this run's own. */
export async function checkSupplyChain(
  site: Pick<Site, "address" | "registry" | "images" | "folder" | "prefix">,
) {
  const missing = missingPrograms("cosign", "syft")
  if (missing.length > 0)
    return check("has cosign and syft", () => Promise.reject(new Error(missing.join("\n"))))
  await using _ = await forwardLoopback(Number(site.registry.split(":")[1]), site.address)
  process.env.BUN_IMAGE = site.images.bun
  process.env.POSTGRES_IMAGE = site.images.postgres
  const keys = (name: string) => makeKeys(join(site.folder, name))
  const [ours, other, stranger] = [await keys("ours"), await keys("other"), await keys("stranger")]
  const target = { image: `${site.registry}/published`, cosign: { key: ours.public } }
  const materials = join(site.folder, "materials")
  let published: Published | undefined
  await check("publishes the images of HEAD: built once, tried, pushed by digest, signed", async () => {
    published = await publish(target, ours.private, materials)
    const names = published.images.map(({ name }) => name).join()
    expect(names === "tools,database,server", names)
    for (const { image, reused, bytes } of published.images) {
      expect(/@sha256:[0-9a-f]{64}$/.test(image), `it is ${image}`)
      expect(!reused && bytes > 0, `${image} was there, or takes ${bytes} bytes`)
    }
    return published.steps.map(({ step, seconds }) => `${step} ${seconds} s`).join(", ")
  })
  if (!published) return
  await checkPublished(published, ours.public, materials)
  await check("takes the image of a commit that was published, and builds nothing", async () => {
    const again = await publish(target, ours.private)
    expect(
      JSON.stringify(imagesOf(again)) === JSON.stringify(imagesOf(published!)),
      `they are ${again.images}`,
    )
    expect(!again.steps.some(({ step }) => step.endsWith("build")), "one was built again")
    return again.steps.map(({ step, seconds }) => `${step} ${seconds} s`).join(", ")
  })
  await check("builds anew what has another base, and takes the others as they are", async () => {
    process.env.BUN_IMAGE = `${site.prefix}-bun:again`
    await docker("tag", site.images.bun, process.env.BUN_IMAGE)
    const again = await publish(target, ours.private)
    process.env.BUN_IMAGE = site.images.bun
    const built = again.images.filter(({ reused }) => !reused).map(({ name }) => name)
    expect(built.join() === "tools,server", `it built ${built}`)
    expect(imagesOf(again).database === imagesOf(published!).database, "the database's is another")
  })
  await check("builds them again when those that are there are signed by another", async () => {
    const again = await publish({ ...target, cosign: { key: stranger.public } }, stranger.private)
    expect(
      again.images.every(({ reused }) => !reused),
      "one was taken as it was",
    )
  })
  await check("publishes nothing that does not run", async () => {
    process.env.POSTGRES_IMAGE = site.images.bun
    const refusal = await publish(target, ours.private).catch((error: Error) => error)
    process.env.POSTGRES_IMAGE = site.images.postgres
    expect(
      refusal instanceof Refusal && /tools could not be built|does not run/.test(refusal.message),
      `${refusal}`,
    )
    return (refusal as Refusal).message.split("\n")[0]!
  })
  await checkDistrust(published.image, { ours, other })
}

const imagesOf = ({ images }: Published) =>
  Object.fromEntries(images.map(({ name, image }) => [name, image])) as Record<ImageName, string>

async function checkPublished(published: Published, publicKey: string, materials: string) {
  const { image, commit, version, schema, serves } = published
  const { tools, database } = imagesOf(published)
  await check(
    "carries version, commit, schema, what it serves, and the images beside it as labels",
    async () => {
      await docker("pull", "--quiet", image)
      const labels = JSON.parse(
        await docker("image", "inspect", "--format", "{{json .Config.Labels}}", image),
      )
      const wanted = {
        "org.docket.tools": tools.split("@")[1],
        "org.docket.database": database.split("@")[1],
        "org.opencontainers.image.version": version,
        "org.opencontainers.image.revision": commit,
        "org.docket.schema": `${schema}`,
        "org.docket.serves": `${serves}`,
      }
      for (const [label, value] of Object.entries(wanted))
        expect(labels[label] === value, `${label} is ${labels[label]}`)
    },
  )
  await check("the tools hold what runs, and nothing of a test or a secret", async () => {
    const files = (
      await docker("run", "--rm", "--entrypoint", "find", tools, "/app", "/var/lib/docket", "-type", "f")
    ).split("\n")
    const others = files.filter(
      (file) =>
        !/^\/app\/(bun|authorities\.pem|dist\/server\/[^/]+\.js|migrations\/\d{4}_\w+\.sql)$/.test(file),
    )
    expect(others.length === 0, `it also holds ${others}`)
    return `${files.length} files`
  })
  await check(
    "tells what the images are made of: Bun, Debian's packages, pgBackRest, what is bundled",
    async () => {
      const archiving = await namesOf(join(materials, "database.spdx.json"))
      expect(archiving.includes("pgbackrest"), `the database's holds ${archiving.length} packages`)
      const backups = await namesOf(join(materials, "tools.spdx.json"))
      expect(
        backups.some((name) => name.startsWith("postgresql-client")),
        `the tools hold ${backups.length}`,
      )
      const base = await namesOf(join(materials, "server.spdx.json"))
      const bundled = await namesOf(join(materials, "packages.spdx.json"))
      expect(base.includes("bun") && base.includes("libc6"), `the image holds ${base.length} packages`)
      expect(bundled.includes("elysia") && bundled.includes("solid-js"), `${bundled.length} are bundled`)
      const stated = await statements(image, publicKey, "spdxjson")
      expect(stated.length === 2, `${stated.length} bills of materials stand beside it`)
      return `${base.length} packages and ${bundled.length} of npm`
    },
  )
  await check("tells which commit it was built from, signed", async () => {
    const [statement] = await statements(image, publicKey, "slsaprovenance1")
    const { resolvedDependencies } = statement.predicate.buildDefinition
    expect(resolvedDependencies[0].digest.gitCommit === commit, JSON.stringify(resolvedDependencies))
    expect(image.endsWith(statement.subject[0].digest.sha256), "it is a statement about another image")
  })
}

async function namesOf(file: string): Promise<string[]> {
  const { packages } = (await Bun.file(file).json()) as { packages: { name: string }[] }
  return packages.map(({ name }) => name)
}

/** What is stated about `image` by whoever holds the key, as in-toto has it. */
async function statements(image: string, key: string, type: string) {
  const ran = await exec(
    "cosign",
    ["verify-attestation", `--key=${key}`, "--private-infrastructure", `--type=${type}`, image],
    { variables: { SIGSTORE_REKOR_PUBLIC_KEY: key } },
  )
  expect(ran.exitCode === 0, ran.stderr)
  return ran.stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(Buffer.from(JSON.parse(line).payload, "base64").toString()))
}
