import { check, expect } from "../../testing/check.ts"
import { attempt, docker, type Ran } from "../../testing/engine.ts"
import { type FreshHost, inside, ops, reachable, setupHost } from "./fresh-host.ts"
import { call, publish, restart } from "./lockout.ts"

const PORTS = [22, 80, 443, 2377, 7946, 8080, 9000]
const OPEN = "[22,80,443]"

/** What the host is afterwards, from inside and from another machine. */
export async function checkEffect(host: FreshHost, bun: string) {
  await inside(host.name, `mkdir -p /etc/docker; echo '{"debug": true}' > /etc/docker/daemon.json`)
  await check("sets the host up", async () => {
    const began = performance.now()
    isSetUp(await ops(host, ...setupHost(host)))
    return `${((performance.now() - began) / 1000).toFixed(1)} s`
  })
  await check("changes nothing in a second run, and says so", () => changesNothing(host))
  await checkPorts(host, bun)
  await checkContainers(host)
  await checkSignIn(host)
  await check("keeps all of it over a restart of the host", async () => {
    await restart(host)
    await publish(host)
    expect(JSON.stringify(await reachable(host, bun, PORTS)) === OPEN, "other ports are open")
    await changesNothing(host)
  })
  await check("finds and mends what somebody undid", async () => {
    await inside(host.name, "iptables -F DOCKER-USER; sed -i s/no/yes/ /etc/ssh/sshd_config.d/00-docket.conf")
    const ran = await ops(host, ...setupHost(host, "--json"))
    const changed = JSON.parse(ran.stdout).steps.filter(
      ({ changes }: { changes: string[] }) => changes.length > 0,
    )
    expect(changed.map(({ step }: { step: string }) => step).join() === "firewall,ssh", ran.output)
    expect(!(await reachable(host, bun, PORTS)).includes(8080), "the published port is open")
  })
}

async function checkPorts(host: FreshHost, bun: string) {
  await inside(
    host.name,
    `setsid perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new(LocalPort => 9000, Listen => 5, ReuseAddr => 1) or die $!; sleep 3600' </dev/null >/dev/null 2>&1 & sleep 1`,
  )
  await publish(host)
  await check(
    "lets in 22, 80 and 443 from another machine, and neither a published port, the Swarm's nor a program's",
    async () => {
      const listening = await inside(
        host.name,
        "cat /proc/net/tcp /proc/net/tcp6 | awk '$4 == \"0A\" {print $2}'",
      )
      for (const port of PORTS)
        expect(
          listening.includes(`:${port.toString(16).toUpperCase().padStart(4, "0")}`),
          `nothing listens on ${port}, so nothing is shown`,
        )
      const open = await reachable(host, bun, PORTS)
      expect(JSON.stringify(open) === OPEN, `open are ${open}`)
    },
  )
  await check("lets containers call out", async () => {
    const outside = `${host.name}-outside`
    const serve = `require("net").createServer((socket) => socket.end("outside")).listen(7)`
    await docker("run", "--detach", "--name", outside, "--network", host.name, bun, "bun", "-e", serve)
    try {
      const template = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}"
      const address = await docker("inspect", "--format", template, outside)
      expect((await inside(host.name, call(address, 7))) === "outside", "another was called")
    } finally {
      await docker("rm", "--force", outside)
    }
  })
  await check("opens the Swarm's ports to its other nodes alone", async () => {
    const network = host.address.replace(/\.\d+$/, ".0/24")
    isSetUp(await ops(host, ...setupHost(host, `--peers=${network}`)))
    const open = await reachable(host, bun, PORTS)
    expect(JSON.stringify(open) === "[22,80,443,2377,7946]", `open to a node are ${open}`)
    isSetUp(await ops(host, ...setupHost(host, "--peers=192.0.2.1")))
    const closed = await reachable(host, bun, PORTS)
    expect(JSON.stringify(closed) === OPEN, `open to another are ${closed}`)
    isSetUp(await ops(host, ...setupHost(host)))
  })
}

async function checkContainers({ name }: FreshHost) {
  await check(
    "gives every container no-new-privileges and a bounded log, and keeps the operator's daemon.json",
    async () => {
      const status = await inside(name, "docker exec probe grep NoNewPrivs /proc/1/status")
      expect(status.endsWith("1"), status)
      const log = await inside(name, "docker inspect --format '{{json .HostConfig.LogConfig}}' probe")
      expect(log.includes('"max-size":"10m"') && log.includes('"max-file":"5"'), log)
      expect(JSON.parse(await inside(name, "cat /etc/docker/daemon.json")).debug === true, "debug is gone")
    },
  )
  await check("installs security updates by itself, but Docker's", async () => {
    const said = await inside(
      name,
      "unattended-upgrade --dry-run --debug 2>&1 | head -40; systemctl is-active apt-daily-upgrade.timer",
    )
    expect(/blacklist.*\^docker/i.test(said) && said.endsWith("active"), said.slice(-800))
  })
}

async function checkSignIn(host: FreshHost) {
  const { ssh } = host
  const options = ["-p", ssh.port, "-o", `UserKnownHostsFile=${ssh.knownHosts}`, "-o", "BatchMode=yes"]
  await check("refuses passwords, root's too", async () => {
    for (const user of ["root", "deploy"]) {
      const ran = await Bun.$`ssh ${options} -o PubkeyAuthentication=no ${user}@${ssh.host} true`
        .nothrow()
        .quiet()
      expect(
        ran.exitCode !== 0 && ran.stderr.toString().includes("Permission denied (publickey)."),
        `${ran.stderr}`,
      )
    }
  })
  await check(
    "answers docker at ssh://deploy@…, by the environment's key and pinned host key alone",
    async () => {
      const generated = await ops(host, "secrets", host.environment, "generate", "--json")
      expect(generated.exitCode === 0 && JSON.parse(generated.stdout).made.length === 8, generated.output)
      const stranger = await attempt("-H", `ssh://deploy@${ssh.host}:${ssh.port}`, "info")
      expect(stranger.exitCode !== 0, "it answers anyone")
    },
  )
  await check("is finished once there is a recovery kit of the secrets as they are", () => finishes(host))
  await check("gives the deploy user no terminal, no forwarding and no password", async () => {
    const keys = await inside(host.name, "cat /home/deploy/.ssh/authorized_keys; passwd --status deploy")
    expect(keys.startsWith("restrict ssh-ed25519 ") && / docket-trial\ndeploy L /.test(keys), keys)
  })
}

async function changesNothing(host: FreshHost) {
  const ran = await ops(host, ...setupHost(host, "--json"))
  isSetUp(ran)
  const { steps } = JSON.parse(ran.stdout) as { steps: { step: string; changes: string[] }[] }
  const changed = steps.filter(({ changes }) => changes.length > 0)
  expect(changed.length === 0, `it changed ${JSON.stringify(changed)}`)
  const plain = await ops(host, ...setupHost(host))
  expect(plain.stderr.includes("Everything was as it should be. Nothing was changed."), plain.stderr)
}

/** Every step is done, and only the recovery kit is left: without one no set-up is finished. */
function isSetUp({ exitCode, output }: Ran) {
  expect(
    exitCode === 3 &&
      /The set-up is not finished\.\W+There is no recovery kit yet/.test(output.replaceAll("\\n", "\n")),
    `it ended with ${exitCode}: ${output}`,
  )
}

/** What `ops recovery-kit` notes once it has read a kit back; a host without an image can run no job. */
async function finishes(host: FreshHost) {
  const secrets = (
    await inside(host.name, "docker secret ls --format '{{.Label \"docket.secret\"}} {{.Name}}'")
  ).split("\n")
  const labels = [
    "docket.stack=trial",
    `docket.kit.at=${new Date().toISOString()}`,
    "docket.kit.by=a test",
    ...secrets.map((line) => `docket.kit.secret.${line.replace(" ", "=")}`),
  ]
  const flags = labels.map((label) => `--label '${label}'`).join(" ")
  await inside(host.name, `echo x | docker config create ${flags} trial_recovery-kit - >/dev/null`)
  const ran = await ops(host, ...setupHost(host))
  expect(ran.exitCode === 0 && /The recovery kit was made today by a test/.test(ran.stdout), ran.output)
  await inside(host.name, "docker config rm trial_recovery-kit")
}
