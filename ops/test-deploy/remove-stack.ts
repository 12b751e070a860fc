import { attempt, docker } from "../testing/engine.ts"

/** The names of the stacks that are raised here begin so. */
export const TEST_STACK = "docket-test-"

/** Removes the stack with its volumes, secrets, configs and labels, and waits until it is gone. */
export async function removeStack(name: string) {
  await attempt("stack", "rm", name)
  // Jobs, and what holds images on the nodes.
  const further = await docker("service", "ls", "--quiet", "--filter", `label=docket.stack=${name}`)
  if (further) await docker("service", "rm", ...further.split("\n"))
  const containers = ["ps", "--all", "--quiet", "--filter", `label=com.docker.stack.namespace=${name}`]
  for (let tries = 0; tries < 300 && (await docker(...containers)); tries++) await Bun.sleep(500)
  const network = ["network", "ls", "--quiet", "--filter", `label=com.docker.stack.namespace=${name}`]
  for (let tries = 0; tries < 60 && (await docker(...network)); tries++) await Bun.sleep(500)
  for (const kind of ["secret", "config"]) {
    const names = (await docker(kind, "ls", "--format", "{{.Name}}")).split("\n")
    const own = names.filter((name) => name.startsWith(`${name}_`))
    if (own.length > 0) await docker(kind, "rm", ...own)
  }
  for (const volume of ["acme", "database"])
    for (let tries = 0; tries < 20; tries++) {
      if ((await attempt("volume", "inspect", `${name}_${volume}`)).exitCode !== 0) break
      await attempt("volume", "rm", `${name}_${volume}`)
      await Bun.sleep(250)
    }
}

/** The same of every stack that an earlier run left, since it was killed: it would hold the ports. */
export async function removeLeftStacks() {
  const services = (await docker("service", "ls", "--format", "{{.Name}}")).split("\n")
  const stacks = services.filter((name) => name.startsWith(TEST_STACK)).map((name) => name.split("_")[0]!)
  for (const name of new Set(stacks)) await removeStack(name)
}
