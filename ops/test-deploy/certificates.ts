import { isRunning } from "../swarm/rollout.ts"
import { check, expect } from "../testing/check.ts"
import { docker } from "../testing/engine.ts"
import { offer, TLS_1_1, TLS_1_2 } from "./load/client-hello.ts"
import { Connection, type Target } from "./load/connection.ts"
import { startLoad } from "./load/load.ts"
import { type Site, withAuthority } from "./site.ts"
import { Stack } from "./stack.ts"

/** With `certificates_duration_hours = 1` Traefik looks every minute, and renews what has 20 minutes left. */
const VALIDITY_SECONDS = 23 * 60
/** From where the load begins: enough for the next renewal, should the first have been before. */
const RENEWED_WITHIN_SECONDS = 5 * 60
/** Seconds before the renewal from which on there is load. */
const LOAD_AHEAD = 45
const PROTOCOL_VERSION = 70

/** Certificates by ACME for two domains: issued, kept, renewed; and nothing but good TLS. */
export async function checkCertificates(usual: Site) {
  const site = await withAuthority(usual, VALIDITY_SECONDS)
  const acme = {
    directory: site.authority.directory,
    ca: site.authority.endpointCa,
    certificates_duration_hours: 1,
  }
  const stack = await Stack.of(site, "certificates", { acme })
  const ca = await site.authority.roots()
  const targets: Target[] = site.domains.map((domain) => ({ address: site.address, domain, ca }))
  const serials = () =>
    Promise.all(
      targets.map(async (target) => {
        const connection = await Connection.make(target)
        connection.close()
        return connection.serialNumber
      }),
    )
  try {
    await stack.raise()
    const issued = performance.now()
    await check("each of two domains has a certificate of its own", async () => {
      const [first, second] = await serials()
      expect(first !== second, `both are ${first}`)
    })
    await checkWays(site, targets)
    await check(
      "keeps them on a volume, in a file that only root reads, through a restart of Traefik",
      async () => {
        const before = await serials()
        const file = async () => {
          const [task] = (await stack.tasks("traefik")).filter(isRunning)
          return docker(
            "exec",
            task!.Status.ContainerStatus!.ContainerID,
            "stat",
            "-c",
            "%a %u",
            "/acme/acme.json",
          )
        }
        expect((await file()) === "600 0", `its mode is ${await file()}`)
        await docker("service", "update", "--force", "--detach", `${stack.name}_traefik`)
        await Bun.sleep(3000)
        await stack.settled()
        await stack.certified()
        expect((await file()) === "600 0", `its mode is ${await file()} afterwards`)
        const after = await serials()
        expect(after.join() === before.join(), `${before.join()} became ${after.join()}`)
      },
    )
    await check("renews them under load with no failed handshake or request", async () => {
      const renewalSeconds = VALIDITY_SECONDS - 20 * 60 - LOAD_AHEAD
      await Bun.sleep(Math.max(0, renewalSeconds * 1000 - (performance.now() - issued)))
      const load = await startLoad(site)
      const began = performance.now()
      let seconds = 0
      let after: string[] = []
      try {
        const before = await serials()
        after = before
        while (after.some((serial, index) => serial === before[index])) {
          seconds = (performance.now() - began) / 1000
          expect(seconds < RENEWED_WITHIN_SECONDS, `still ${after.join()}`)
          await Bun.sleep(1000)
          after = await serials()
        }
        await Bun.sleep(10_000)
      } finally {
        await load.stop()
      }
      expect(load.report.failed === 0, `${load.report.line}: ${load.report.kinds}`)
      return `both new ${seconds.toFixed(0)} s after the load began; ${load.report.line}`
    })
  } finally {
    await stack.end()
  }
}

async function checkWays({ address, domains }: Site, [first, second]: Target[]) {
  const ask = async (target: Target, path: string) => {
    const connection = await Connection.make(target)
    const answer = await connection.ask(target.domain, {
      method: "GET",
      path,
      headers: { Accept: "text/html" },
    })
    connection.close()
    return answer
  }
  await check("HTTP leads to HTTPS, for both domains, path and query kept", async () => {
    for (const domain of domains) {
      const url = `http://${address}/lists/1?a=b`
      const answer = await fetch(url, { headers: { Host: domain }, redirect: "manual" })
      const location = answer.headers.get("Location")
      expect([301, 308].includes(answer.status), `${domain} answers ${answer.status}`)
      expect(location === `https://${domain}/lists/1?a=b`, `it leads to ${location}`)
    }
  })
  await check("the second domain leads to the first, and both answer with HSTS", async () => {
    const page = await ask(first!, "/")
    expect(page.status === 200, `the page answers ${page.status}`)
    const other = await ask(second!, "/lists/1?a=b")
    expect([301, 308].includes(other.status), `the second answers ${other.status}`)
    expect(other.headers.location === `https://${first!.domain}/lists/1?a=b`, `to ${other.headers.location}`)
    for (const { headers } of [page, other]) {
      const hsts = headers["strict-transport-security"] ?? ""
      expect(Number(/max-age=(\d+)/.exec(hsts)?.[1]) >= 31_536_000, `HSTS is "${hsts}"`)
    }
  })
  await check("TLS 1.2 is the oldest that is spoken, and to no name that is not ours", async () => {
    const old = await offer(address, first!.domain, TLS_1_1)
    expect(old === PROTOCOL_VERSION, `to TLS 1.1 it says ${old}`)
    const oldest = await offer(address, first!.domain, TLS_1_2)
    expect(oldest === "hello", `to TLS 1.2 it says ${oldest}`)
    const stranger = await offer(address, "stranger.example.org", TLS_1_2)
    expect(typeof stranger === "number", "a name that is not ours is shown a certificate")
  })
}
