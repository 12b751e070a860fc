import { deriveServer } from "../../test-deploy/images.ts"
import { startOps } from "../../test-deploy/operator.ts"
import { serves } from "../../test-deploy/outcome.ts"
import { another, shipped } from "../../test-deploy/release-images.ts"
import { check, expect } from "../../testing/check.ts"
import { refused, succeeded } from "../../testing/running-command.ts"
import { type Raised, stored } from "./stack.ts"

/** Hours after which the newest backup is too old to migrate upon. */
const TOLD_OLD = "update backup_reports set succeeded_at = now() - interval '27 hours' where kind = 'backup'"

/** A deploy makes a full backup before it where there is no young one, or where a migration takes something away. */
export async function checkDumpBefore(raised: Raised) {
  const { stack, environment, operator, site, letWrite } = raised
  const { BACKUP_PROOF_PUBLIC_KEY, BACKUP_S3_ACCESS_KEY_ID, BACKUP_S3_SECRET_ACCESS_KEY } =
    operator as Record<string, string>
  const reader = { BACKUP_PROOF_PUBLIC_KEY, BACKUP_S3_ACCESS_KEY_ID, BACKUP_S3_SECRET_ACCESS_KEY } as Record<
    string,
    string
  >
  const deploy = async (image: string, variables: Record<string, string> = {}) => {
    const before = (await stored(raised)).length
    const done = await startOps(["deploy", environment, image], variables).done
    return { done, made: (await stored(raised)).length - before }
  }
  await check("a young backup is enough, by the proofs where they can be read", async () => {
    const { done, made } = await deploy(await another(site, "young"), reader)
    succeeded(done)
    expect(/No full backup is made before: the newest proven backup/.test(done.told), done.told)
    expect(made === 0, `${made} were made`)
  })
  await check("where none can be made and the last is old a deploy stops, and what ran goes on", async () => {
    await stack.psql(TOLD_OLD)
    await letWrite(false)
    try {
      const done = await startOps(["deploy", environment, await another(site, "without")]).done
      await serves(stack, await another(site, "young"))
      return refused(done, 3, /no right/)
    } finally {
      await letWrite(true)
    }
  })
  await check("after 26 hours one is made first", async () => {
    await stack.psql(TOLD_OLD)
    const { done, made } = await deploy(await another(site, "old"))
    succeeded(done)
    expect(
      /A full backup was made before, since the newest backup .* is 27(\.\d)? h old/.test(done.told),
      done.told,
    )
    expect(made === 1, `${made} were made`)
  })
  await check(
    "before a migration that takes something away one is made, however young the last is",
    async () => {
      const number = (await shipped()) + 1
      const name = `/app/migrations/${String(number).padStart(4, "0")}_test_removal.sql`
      const image = await deriveServer(site.image, "removing", [
        "USER 0",
        `RUN printf '%s\\n' '-- serves: ${number - 1}' '-- destructive: what a test made' 'drop table if exists nothing;' > ${name}`,
        "USER 1000:1000",
        `LABEL org.docket.destructive=${number} org.docket.schema=${number}`,
      ])
      const { done, made } = await deploy(image)
      succeeded(done)
      expect(
        new RegExp(`A full backup was made before, since migration ${number} takes something away`).test(
          done.told,
        ),
        done.told,
      )
      expect(made === 1, `${made} were made`)
    },
  )
}
