/** The Docker engine that `docker` is pointed at. */

export type Ran = { exitCode: number; stdout: string; stderr: string; output: string }

/** Runs `docker` with `args`, whatever comes of it. `output` is what was printed on both streams. */
export async function attempt(...args: string[]): Promise<Ran> {
  // By the environment as it is now: a test of several engines turns DOCKER_HOST from one to the other.
  const child = Bun.spawn(["docker", ...args], {
    env: process.env,
    stdout: "pipe",
    stderr: "pipe",
    stdin: "ignore",
  })
  const [stdout, stderr, exitCode] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ])
  return { exitCode, stdout: stdout.trim(), stderr: stderr.trim(), output: `${stdout}${stderr}`.trim() }
}

/** What `docker` with `args` prints. Throws with its complaint when it fails. */
export async function docker(...args: string[]): Promise<string> {
  const ran = await attempt(...args)
  if (ran.exitCode !== 0)
    throw new Error(`docker ${args[0]} ended with ${ran.exitCode}: ${ran.output.slice(-2000)}`)
  return ran.stdout
}

/** A sentence when no engine can be used, or nothing. */
export async function missingEngine(): Promise<string | undefined> {
  if (!Bun.which("docker"))
    return "The docker command is not on the PATH: the image cannot be built or checked."
  const version = await attempt("version", "--format", "{{.Server.Version}}")
  if (version.exitCode === 0) return
  const where = process.env.DOCKER_HOST ?? "its usual socket"
  return `No Docker engine answers at ${where}; set DOCKER_HOST to one that does. It says: ${version.stderr}`
}

/** Pulls `name` unless the engine has it. */
export async function fetchImage(name: string) {
  if ((await attempt("image", "inspect", name)).exitCode !== 0) await docker("pull", "--quiet", name)
}

/** Removes every container, network and volume whose name begins with `prefix`. */
export async function removeAll(prefix: string) {
  const remove = async (list: string[], removal: string[]) => {
    const names = (await attempt(...list)).stdout.split("\n").filter((name) => name.startsWith(prefix))
    if (names.length > 0) await attempt(...removal, ...names)
  }
  await remove(["ps", "--all", "--format", "{{.Names}}"], ["rm", "--force", "--volumes"])
  await remove(["network", "ls", "--format", "{{.Name}}"], ["network", "rm"])
  await remove(["volume", "ls", "--format", "{{.Name}}"], ["volume", "rm", "--force"])
}
