import { check, expect } from "../../testing/check.ts"
import { type FreshHost, inside, ops, reachable, setupHost, startOps } from "./fresh-host.ts"

/** Seconds that the host waits for a confirmation (ops/host/guard.ts). */
const CONFIRM_SECONDS = 45

/**
 * New connections fail from the moment that a step begins, as if its rules shut the operator out; the open one stays.
 * The packets are dropped before any rule of the firewall sees them.
 */
export async function checkLockout(host: FreshHost, bun: string) {
  await check("puts the firewall back at once when no new connection comes through it", async () => {
    const child = startOps(host, ...setupHost(host))
    const rest = await shutOutAfter(host, child, "docker: Docker ")
    const [exitCode, said] = [await child.exited, await rest]
    expect(exitCode === 1 && said.includes("It has been put back as it was"), `${exitCode}: ${said}`)
    expect(await isOpen(host), "its rules are still there")
    await letIn(host)
  })
  await check("published ports bypass the host's own firewall (control)", async () => {
    await publish(host)
    await inside(host.name, "iptables -I INPUT -p tcp --dport 8080 -j DROP")
    const open = await reachable(host, bun, [8080])
    await inside(host.name, "iptables -D INPUT -p tcp --dport 8080 -j DROP")
    expect(open.includes(8080), "the rule in INPUT, where ufw has its own, closed the published port")
  })
  await check("the host puts the firewall back by itself when the operator's machine is gone", async () => {
    const began = performance.now()
    const child = startOps(host, ...setupHost(host))
    void shutOutAfter(host, child, "docker: Docker ")
    await until(host, "iptables -S DOCKET-INPUT 2>/dev/null | grep -q DROP", 30)
    child.kill("SIGKILL")
    expect(!(await isOpen(host)), "its rules were not loaded, so nothing is shown")
    await until(host, "! iptables -S DOCKET-INPUT 2>/dev/null | grep -q DROP", CONFIRM_SECONDS + 20)
    await letIn(host)
    expect((await reachable(host, bun, [22, 8080])).length === 2, "it is still closed")
    return `${((performance.now() - began) / 1000).toFixed(0)} s`
  })
  await check("also when the host restarts before anyone confirmed", async () => {
    const child = startOps(host, ...setupHost(host))
    void shutOutAfter(host, child, "swarm: a manager")
    await until(host, "test -f /etc/ssh/sshd_config.d/00-docket.conf", 60)
    child.kill("SIGKILL")
    await inside(host.name, "test -f /var/lib/docket/guard/restore")
    await restart(host)
    await until(host, "test ! -e /var/lib/docket/guard", 30)
    const left = await inside(host.name, "ls /etc/ssh/sshd_config.d; sshd -T | grep ^passwordauthentication")
    expect(!left.includes("00-docket") && left.includes("passwordauthentication yes"), left)
    const again = await ops(host, ...setupHost(host, "--dry-run"))
    expect(again.exitCode === 0, `the operator cannot sign in: ${again.output}`)
  })
}

/** A container of the host's own Perl that answers on 80, 443 and 8080: two ports that are open, and one that is not. */
export async function publish({ name }: FreshHost) {
  await inside(
    name,
    `
if ! docker image inspect probe >/dev/null 2>&1; then
  programs="/usr/bin/perl /usr/bin/grep /usr/bin/dash"
  tar -C / -ch $programs $(ldd $programs | grep -o '/[^ :]* ' | sort -u) /usr/lib/*/perl-base 2>/dev/null | docker import - probe >/dev/null
fi
docker rm --force probe >/dev/null 2>&1 || true
docker run --detach --name probe -p 80:8080 -p 443:8080 -p 8080:8080 probe /usr/bin/perl -MIO::Socket::INET -e '
  $SIG{TERM} = sub { exit }; $server = IO::Socket::INET->new(LocalPort => 8080, Listen => 9, ReuseAddr => 1) or die $!;
  while (1) { $caller = $server->accept or next; print $caller "probe"; close $caller }' >/dev/null`,
  )
  await until({ name }, `${call("127.0.0.1", 8080)} | grep -q probe`, 20)
}

/** A command in the probe that connects and prints what it is sent. */
export const call = (address: string, port: number) =>
  `docker exec probe /usr/bin/perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(PeerAddr => "${address}", PeerPort => ${port}, Timeout => 5)->getline'`

export async function restart({ name }: FreshHost) {
  await Bun.$`docker restart ${name}`.quiet()
  await until({ name }, "systemctl is-active --quiet ssh && systemctl is-active --quiet docker", 60)
}

/** Reads the child's progress, and when a line holds `mark` lets no new connection through. Returns all it says. */
async function shutOutAfter(
  host: FreshHost,
  child: ReturnType<typeof startOps>,
  mark: string,
): Promise<string> {
  let said = ""
  let isShut = false
  for await (const chunk of child.stderr) {
    said += new TextDecoder().decode(chunk)
    if (isShut || !said.includes(mark)) continue
    isShut = true
    await inside(host.name, "iptables -t raw -I PREROUTING -p tcp --dport 22 --syn -j DROP")
  }
  return said
}

const letIn = ({ name }: FreshHost) => inside(name, "iptables -t raw -F PREROUTING")
const isOpen = async ({ name }: FreshHost) =>
  (await inside(name, "iptables -S INPUT | grep -c DOCKET-INPUT || true")) === "0"

async function until({ name }: { name: string }, condition: string, seconds: number) {
  await inside(
    name,
    `for i in $(seq ${seconds * 4}); do if ${condition}; then exit 0; fi; sleep 0.25; done; echo 'not within ${seconds} s' >&2; exit 1`,
  )
}
