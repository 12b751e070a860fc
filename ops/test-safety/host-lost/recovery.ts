import { dirname, join } from "node:path"
import { duration } from "../../backup/pace.ts"
import { Storage } from "../../backup/storage.ts"
import { readEnvironment, type SwarmEnvironment } from "../../environments/environment.ts"
import { openKit, sealKit } from "../../recovery-kit/envelope.ts"
import { ops, startOps } from "../../test-deploy/operator.ts"
import { Stack } from "../../test-deploy/stack.ts"
import { check, expect } from "../../testing/check.ts"
import { docker } from "../../testing/engine.ts"
import { refused, succeeded } from "../../testing/running-command.ts"
import { until } from "../../testing/until.ts"
import { type MadeKit, PASSPHRASE } from "./kit.ts"
import { Person } from "./person.ts"
import { EVERY, stored } from "./scheduled.ts"
import { bucketSettings, loseHost, type Site, turnTo, written } from "./site.ts"
import type { Raised } from "./stack.ts"

/** What the database held that was lost, as the people were told. */
type Written = { title: string; at: number }
/** When, in milliseconds, and which epoch its clients knew. */
type Lost = { at: number; epoch: string }

const EPOCH = "select id from epoch"

/** The host is lost under write load, and the service comes back elsewhere from the bucket and the kit alone. */
export async function checkRecovery(raised: Raised, kit: MadeKit) {
  const { site } = raised
  const rows: Written[] = []
  const loss: Lost = { at: 0, epoch: "" }
  const person = new Person(site.lost.site)
  const erased = new Person(site.lost.site, "grace")
  await check("the host is lost while people write: stack, volumes, secrets and Swarm", async () => {
    await person.register()
    await erased.register()
    await person.signIn()
    const before = (await stored(site)).length
    await writeWhile(person, rows, () =>
      until("two more backups", async () => (await stored(site)).length >= before + 2, 6 * EVERY),
    )
    await eraseSince(raised, erased)
    await writeWhile(person, rows, () => Bun.sleep((EVERY * 1000) / 3))
    loss.epoch = await raised.stack.psql(EPOCH)
    loss.at = Date.now()
    await raised.stack.engine[Symbol.asyncDispose]()
    await loseHost(site)
    return `${rows.length} todos were written`
  })
  if (loss.at === 0) return
  turnTo(site.next)
  const environment = await movedEnvironment(site, kit)
  if (!environment) return
  await check("a recovery says what it would do, and a wrong backup or kit changes nothing", async () => {
    const done = await startOps(
      ["recover", kit.path, "--environment", environment, "--dry-run"],
      kit.variables,
    ).done
    succeeded(done)
    const wrong = ["recover", kit.path, "--environment", environment, "--backup", "20200101T000000Z-000000"]
    refused(await startOps(wrong, kit.variables).done, 3, /There is no backup/)
    const unknown = [
      "recover",
      kit.path,
      "--environment",
      environment,
      "--release",
      `sha256:${"0".repeat(64)}`,
    ]
    refused(await startOps(unknown, kit.variables).done, 1, /can't fetch/)
    const lacking = ["recover", await kitWithout(site, kit, "jwt-secret-key"), "--environment", environment]
    const told = refused(await startOps(lacking, kit.variables).done, 3, /The kit lacks jwt-secret-key/)
    expect((await docker("secret", "ls", "--quiet")) === "", "there are secrets")
    return told
  })
  let recovered = false
  await check(
    "from an empty host, the bucket and the kit alone the service answers again, proven equal",
    async () => {
      await site.next.site.authority.lead(site.next.site.address)
      // What the operator's machine has beside the kit is its passphrase.
      const { KIT_PASSPHRASE_FILE } = kit.variables as { KIT_PASSPHRASE_FILE: string }
      const done = await startOps(["recover", kit.path, "--environment", environment], {
        KIT_PASSPHRASE_FILE,
      }).done
      succeeded(done)
      recovered = true
      const { restored, rtoSeconds } = done.said as unknown as {
        restored: {
          takenAt: string
          restored: { proof: Record<string, number> }
          quieted: { erasedAgain: number }
        }
        rtoSeconds: number
      }
      const { tables, rows, definitions, grants } = restored.restored.proof
      expect(rows! > 0 && grants! > 50, JSON.stringify(restored.restored.proof))
      expect(restored.quieted.erasedAgain === 1, "who was erased after the backup came back with it")
      const rpo = (loss.at - Date.parse(restored.takenAt)) / 1000
      expect(rpo < 2 * EVERY + 10, `it brings back ${restored.takenAt}`)
      return `${tables} tables, ${rows} rows, ${definitions} definitions, ${grants} grants equal; RTO ${duration(rtoSeconds)}, RPO ${duration(rpo)} with a backup every ${EVERY} s`
    },
  )
  if (!recovered) return
  await checkServes(raised, { kit, lost: loss, environment, rows, people: { person, erased } })
}

async function kitWithout(site: Site, { path }: MadeKit, name: string): Promise<string> {
  const { secrets, ...kit } = await openKit(await Bun.file(path).text(), { passphrase: PASSPHRASE })
  const { [name]: _left, ...others } = secrets
  return written(site, "lacking.kit", await sealKit({ ...kit, secrets: others }, { passphrase: PASSPHRASE }))
}

type Before = {
  kit: MadeKit
  lost: Lost
  environment: string
  rows: Written[]
  people: { person: Person; erased: Person }
}

async function checkServes({ site }: Raised, { kit, lost, environment, rows, people }: Before) {
  const read = (await readEnvironment(environment)) as SwarmEnvironment
  const stack = await Stack.on(site.next.site, read)
  try {
    await check(
      "what was written before the backup is there, to the last row, and people sign in with their passwords",
      async () => {
        expect(!(await people.person.at(site.next.site).isSignedIn()), "a session of before goes on")
        const person = new Person(site.next.site)
        await person.signIn()
        expect(await person.isSignedIn(), "a session of now does not")
        await person.write("written after the recovery")
        const found = (
          await stack.psql("select title from todos where title like 'row %' order by title")
        ).split("\n")
        const whole = rows.slice(0, found.length).every(({ title }) => found.includes(title))
        expect(whole && found.length > 0, `${found.length} of ${rows.length} are there, with gaps`)
        return `${found.length} of ${rows.length}; the others were written after the backup`
      },
    )
    await check(
      "it is quiet, sessions from before are ended, and it is a new epoch; then it goes live",
      async () => {
        const quiet = "select count(*) from restores where released_at is null"
        expect((await stack.psql(quiet)) === "1", "it is not quiet")
        expect(
          (await stack.psql(
            "select count(*) from sessions where ended_at is null and created_at < (select max(taken_at) from restores)",
          )) === "0",
          "sessions go on",
        )
        expect((await stack.psql(EPOCH)) !== lost.epoch, "the epoch goes on")
        succeeded(await ops("restore", environment, "--go-live"))
        expect((await stack.psql(quiet)) === "0", "it is quiet still")
      },
    )
    await check("who was erased between the backup and the loss does not come back", async () => {
      const found = await stack.psql(`select count(*) from accounts where email = '${people.erased.email}'`)
      expect(found === "0", "the account is there")
    })
    await check("the keys that opened the backup are gone from the host", async () => {
      const names = await docker("secret", "ls", "--format", "{{.Name}}")
      expect(!/restore-/.test(names), names)
    })
    await check("the next backup is made by itself, and the kit counts on the new host", async () => {
      await until(
        "a backup of the new host",
        async () => {
          const newest = (await stored(site)).at(-1)
          return newest?.deployed && Date.parse(newest.takenAt) > lost.at
        },
        300,
      )
      const status = await ops("status", environment)
      expect((status.said.recoveryKit as { changed: string[] }).changed.length === 0, "it does not count")
    })
    await check("the smoke test passes, and a second recovery over what runs is refused", async () => {
      succeeded(await ops("smoke", environment))
      const again = ["recover", kit.path, "--environment", environment]
      return refused(await startOps(again, kit.variables).done, 3, /a recovery is for an empty host/)
    })
  } finally {
    await stack.end()
  }
}

/** Erased as the server does it, and stored beside the backups long before the next of them. */
async function eraseSince({ site, stack }: Raised, { email }: Person) {
  const who = `email = '${email}'`
  const id = await stack.psql(
    `with gone as (delete from accounts where ${who} returning id) insert into erasures (account_id) select id from gone returning account_id`,
  )
  const storage = new Storage(bucketSettings(site))
  await until("an object that says who was erased", async () => {
    for (const { key } of await storage.list("erasures/")) {
      const content = key.endsWith("-recent.json") ? await storage.read(key) : null
      if (content && new TextDecoder().decode(content).includes(id.split("\n")[0]!)) return true
    }
    return false
  })
}

async function writeWhile(person: Person, rows: Written[], work: () => Promise<unknown>) {
  let ended = false
  const writing = (async () => {
    while (!ended) {
      const title = `row ${String(rows.length).padStart(6, "0")}`
      await person.write(title)
      rows.push({ title, at: Date.now() })
      await Bun.sleep(100)
    }
  })()
  try {
    await work()
  } finally {
    ended = true
    await writing
  }
}

/** The kit's environment, unpacked and changed as an operator would for a host at another address. */
async function movedEnvironment(site: Site, kit: MadeKit): Promise<string | undefined> {
  let path: string | undefined
  await check("the environment's file comes out of the kit, to be changed for the new host", async () => {
    const folder = join(dirname(kit.path), "unpacked")
    const done = await startOps(["recovery-kit", "--check", kit.path, "--unpack", folder], kit.variables).done
    succeeded(done)
    const unpacked = String(done.said.unpacked)
    const value = Bun.TOML.parse(await Bun.file(unpacked).text()) as { smoke: object; docker_socket: string }
    const { address, socket } = site.next.site
    value.docker_socket = socket
    value.smoke = { ...value.smoke, address: `${address}:443`, http_address: `${address}:80` }
    await Bun.write(unpacked, Bun.TOML.stringify(value))
    path = unpacked
  })
  return path
}
