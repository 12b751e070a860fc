import { attempt, docker } from "../testing/engine.ts"

/** The names of the stacks that are raised here begin so. */
export const TEST_STACK = "docket-test-"

/** Removes the stack with its volumes, secrets, configs and labels, and waits until it is gone. */
export async function removeStack(stack: string) {
  await attempt("stack", "rm", stack)
  // Jobs, and what holds images on the nodes.
  const further = await docker("service", "ls", "--quiet", "--filter", `label=docket.stack=${stack}`)
  if (further) await docker("service", "rm", ...further.split("\n"))
  const containers = ["ps", "--all", "--quiet", "--filter", `label=com.docker.stack.namespace=${stack}`]
  for (let tries = 0; tries < 300 && (await docker(...containers)); tries++) await Bun.sleep(500)
  const network = ["network", "ls", "--quiet", "--filter", `label=com.docker.stack.namespace=${stack}`]
  for (let tries = 0; tries < 60 && (await docker(...network)); tries++) await Bun.sleep(500)
  for (const kind of ["secret", "config"]) {
    const names = (await docker(kind, "ls", "--format", "{{.Name}}")).split("\n")
    const own = names.filter((name) => name.startsWith(`${stack}_`))
    if (own.length > 0) await docker(kind, "rm", ...own)
  }
  for (const volume of ["acme", "database", "backup"])
    for (let tries = 0; tries < 20; tries++) {
      if ((await attempt("volume", "inspect", `${stack}_${volume}`)).exitCode !== 0) break
      await attempt("volume", "rm", `${stack}_${volume}`)
      await Bun.sleep(250)
    }
}

/** The same of every stack that an earlier run left, since it was killed: it would hold the ports. */
export async function removeLeftStacks() {
  const kinds = await Promise.all(
    ["service", "secret", "config"].map((kind) => docker(kind, "ls", "--format", "{{.Name}}")),
  )
  const names = kinds.flatMap((names) => names.split("\n")).filter((name) => name.startsWith(TEST_STACK))
  for (const stack of new Set(names.map((name) => name.split("_")[0]!))) await removeStack(stack)
}
