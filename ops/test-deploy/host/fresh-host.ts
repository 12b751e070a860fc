import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { attempt, docker, type Ran } from "../../testing/engine.ts"

/** The root password of the fresh host, as a provider mails it: set-up has to make it useless. */
export const ROOT_PASSWORD = "as-mailed-by-the-provider"

export type FreshHost = {
  /** Of its container, and of the network that it and the callers are in. */
  name: string
  /** On that network. */
  address: string
  /** Of its environment, whose engine is `ssh://deploy@…` of this host. */
  environment: string
  /** SHA256 of its host key, as its console shows it. */
  fingerprint: string
  /** Where the operator's keys are, as a home of their own. */
  home: string
  ssh: { host: string; port: number; knownHosts: string; identity: string }
}

const prefix = `docket-test-host-${process.pid}`

/** Builds the image of a fresh host, on the Debian that Bun's image stands on, and returns its name. */
export async function buildFreshHost(bun: string, release: "13" | "own"): Promise<string> {
  const image = `docket-test-host:${release}`
  const values = ["--build-arg", `BUN_IMAGE=${bun}`, "--build-arg", `RELEASE=${release}`]
  await docker("build", "--quiet", ...values, "--tag", image, import.meta.dir)
  return image
}

/**
 * Starts it with systemd as its first process, its SSH port published at `address`, and an operator who has a key for
 * root. /var/lib/docker is a volume, since Docker cannot keep its layers on another Docker's.
 */
export async function startFreshHost(image: string, address: string): Promise<FreshHost> {
  const name = `${prefix}-${crypto.randomUUID().slice(0, 8)}`
  const home = await mkdtemp(join(tmpdir(), "docket-test-operator-"))
  const identity = join(home, "root-key")
  await Bun.$`ssh-keygen -q -t ed25519 -N "" -f ${identity}`.quiet()
  // A fixed one, which is the same after a restart of the host.
  const port = 30_000 + Math.floor(Math.random() * 2000)
  await docker("network", "create", name)
  const temporary = ["/run", "/run/lock", "/tmp"].flatMap((path) => ["--tmpfs", path])
  const run = [
    "run",
    "--detach",
    "--name",
    name,
    "--network",
    name,
    "--privileged",
    "--cgroupns=private",
    "--hostname",
    "fresh",
  ]
  await docker(
    ...run,
    ...temporary,
    "--volume",
    "/var/lib/docker",
    "--publish",
    `${address}:${port}:22`,
    image,
  )
  await inside(
    name,
    `
mkdir -p -m 700 /root/.ssh; echo '${(await Bun.file(`${identity}.pub`).text()).trim()}' > /root/.ssh/authorized_keys
echo 'root:${ROOT_PASSWORD}' | chpasswd
echo 'PermitRootLogin yes' > /etc/ssh/sshd_config.d/50-cloud-init.conf
for i in $(seq 60); do systemctl is-active --quiet ssh && break; sleep 0.5; done
systemctl reload ssh`,
  )
  const environment = join(home, "trial.toml")
  await Bun.write(environment, environmentFile(address, port))
  const key = await inside(name, "ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub")
  const template = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}"
  return {
    name,
    address: await docker("inspect", "--format", template, name),
    environment,
    fingerprint: key.split(" ")[1]!,
    home,
    ssh: { host: address, port, knownHosts: join(home, "trial.known_hosts"), identity },
  }
}

export async function removeFreshHost({ name, home }: Pick<FreshHost, "name" | "home">) {
  await attempt("rm", "--force", "--volumes", name)
  await attempt("network", "rm", name)
  await rm(home, { recursive: true, force: true })
}

/** What `script` prints as root on the host's console. */
export const inside = (name: string, script: string) => docker("exec", name, "sh", "-ec", script)

/** Runs `ops` as the operator, from a machine that has nothing but the repository and the operator's keys. */
export async function ops(host: FreshHost, ...args: string[]): Promise<Ran> {
  return ended(startOps(host, ...args))
}

/** The same, while it runs. `onLine` sees each line of progress. */
export function startOps({ home }: FreshHost, ...args: string[]) {
  const environment = { ...process.env, HOME: home }
  delete (environment as Record<string, unknown>).DOCKER_HOST
  return Bun.spawn([process.execPath, join(import.meta.dir, "../../cli.ts"), ...args], {
    env: environment,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  })
}

export async function ended(child: ReturnType<typeof startOps>): Promise<Ran> {
  const [stdout, stderr, exitCode] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ])
  return { exitCode, stdout: stdout.trim(), stderr: stderr.trim(), output: `${stdout}${stderr}`.trim() }
}

/** The arguments that every set-up of this host has. */
export const setupHost = (host: FreshHost, ...more: string[]) => [
  "setup-host",
  host.environment,
  `--identity=${host.ssh.identity}`,
  "--docker=debian",
  ...more,
]

/** Which of `ports` a container on the host's network reaches: a namespace of its own, as any stranger's machine. */
export async function reachable(
  { name, address }: FreshHost,
  image: string,
  ports: number[],
): Promise<number[]> {
  const script = `const open = await Promise.all(${JSON.stringify(ports)}.map((port) => new Promise((resolve) => {
    const timer = setTimeout(() => resolve(0), 2000)
    const done = (value) => { clearTimeout(timer); resolve(value) }
    require("net").connect(port, "${address}").once("connect", () => done(port)).once("error", () => done(0))
  })))
  console.log(JSON.stringify(open.filter(Boolean)))
  process.exit()`
  return JSON.parse(await docker("run", "--rm", "--network", name, image, "bun", "-e", script))
}

function environmentFile(address: string, port: number): string {
  return `kind = "swarm"
engine = "ssh://deploy@${address}:${port}"
stack = "trial"
image = "ghcr.io/owner/docket"
domains = ["trial.example.org"]
acme_email = "operator@example.org"
`
}
