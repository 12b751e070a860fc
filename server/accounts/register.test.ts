import { expect, test } from "bun:test"
import { LIMITS } from "../limits/limits.ts"
import { testApp } from "../testing/app.ts"
import {
  exhaust,
  lettersTo,
  newPerson,
  type Person,
  registered,
  tokenFor,
  trySignIn,
} from "../testing/people.ts"

const docket = await testApp()
const { sql } = docket.dependencies

const register = ({ email, password, name, address }: Person, more: object = {}, app = docket) =>
  app.request("POST", "/api/accounts", { body: { email, password, name, ...more }, address })
const confirm = (token: string) =>
  docket.request("POST", "/api/email-verifications/confirmation", { body: { token } })

test("register, follow the link, sign in: with an Inbox and a personal space", async () => {
  const ann = newPerson()
  const answer = await register(
    { ...ann, email: ` ${ann.email.toUpperCase()} ` },
    { language: "zh-TW", timeZone: "Asia/Taipei" },
  )
  expect([answer.status, await answer.json()]).toEqual([202, { status: "verification-sent" }])
  expect(await lettersTo(docket, ann.email)).toEqual(["verify-email"])

  const early = await trySignIn(docket, ann)
  expect(early.status).toBe(403)
  expect(await early.json()).toMatchObject({ type: "urn:docket:problem:email-not-verified" })
  // Who does not know the password is not even told that.
  expect((await trySignIn(docket, { ...ann, password: "some other password" })).status).toBe(401)

  expect((await confirm(await tokenFor(docket, ann.email, "verify-email"))).status).toBe(204)
  const signedIn = await trySignIn(docket, ann)
  expect(signedIn.status).toBe(201)
  const { me } = await signedIn.json()
  expect(me).toMatchObject({
    email: ann.email,
    name: ann.name,
    language: "zh-TW",
    timeZone: "Asia/Taipei",
    theme: "system",
    pendingEmail: null,
    deletesAt: null,
  })
  const spaces = await sql`
    select spaces.kind, lists.is_inbox, memberships.role from spaces
    left join lists using (id) left join memberships on space_id = spaces.id
    where spaces.id = ${me.id} or memberships.account_id = ${me.id} order by kind`
  expect([...spaces]).toEqual([
    { kind: "list", isInbox: true, role: "owner" },
    { kind: "personal", isInbox: null, role: null },
  ])
})

test("a taken address gets the same answer, and its owner a letter", async () => {
  const ann = await registered(docket)
  const stranger = { ...newPerson(), email: ann.email }
  const answer = await register(stranger)
  expect([answer.status, await answer.json()]).toEqual([202, { status: "verification-sent" }])
  expect((await lettersTo(docket, ann.email)).at(-1)).toBe("registration-attempted")
  expect((await trySignIn(docket, stranger)).status).toBe(401)
  expect((await trySignIn(docket, ann)).status).toBe(201)
  expect(
    await sql`select from spaces left join accounts using (id) left join lists using (id)
    where accounts.id is null and lists.id is null`,
  ).toHaveLength(0)
})

test("registering again with the same password is the same person, who is sent the link again", async () => {
  const ann = newPerson()
  await register(ann)
  const link = await tokenFor(docket, ann.email, "verify-email")
  await register({ ...ann, name: "Ann" })
  expect(new Set(await lettersTo(docket, ann.email))).toEqual(new Set(["verify-email"]))
  expect((await confirm(link)).status).toBe(204)
  const signedIn = await trySignIn(docket, ann)
  expect((await signedIn.json()).me.name).toBe("Ann")
})

test("whoever registered someone's address first does not get in once its owner does", async () => {
  const owner = newPerson()
  const squatter = { ...newPerson(), email: owner.email }
  await register(squatter)
  const squattersLink = await tokenFor(docket, owner.email, "verify-email")
  await register(owner)
  expect(await lettersTo(docket, owner.email)).toEqual(["verify-email", "reset-password"])

  // The link of the squatter's letter, should the owner take it for theirs, does nothing.
  expect((await confirm(squattersLink)).status).toBe(410)
  const link = await tokenFor(docket, owner.email, "reset-password")
  const chosen = await docket.request("POST", "/api/password-resets/confirmation", {
    body: { token: link, password: owner.password },
    address: owner.address,
  })
  expect(chosen.status).toBe(204)
  expect((await trySignIn(docket, owner)).status).toBe(201)
  expect((await trySignIn(docket, squatter)).status).toBe(401)
})

test("nor does a stranger who registers it after its owner, before the link is followed", async () => {
  const owner = newPerson()
  const stranger = { ...newPerson(), email: owner.email }
  await register(owner)
  await register(stranger)
  await register(stranger)
  // Even a link that was made meanwhile lets no one in by a password.
  expect((await confirm(await tokenFor(docket, owner.email, "verify-email"))).status).toBe(204)
  expect((await trySignIn(docket, stranger)).status).toBe(401)
  expect((await trySignIn(docket, owner)).status).toBe(401)
  const link = await tokenFor(docket, owner.email, "reset-password")
  const body = { token: link, password: owner.password }
  expect((await docket.request("POST", "/api/password-resets/confirmation", { body })).status).toBe(204)
  expect((await trySignIn(docket, owner)).status).toBe(201)
})

test("asking for the link again, where the password is no one's, brings one to choose a password by", async () => {
  const owner = newPerson()
  await register({ ...newPerson(), email: owner.email })
  await register(owner)
  await sql`delete from pgboss.job`
  const answer = await docket.request("POST", "/api/email-verifications", {
    body: { email: owner.email },
    address: owner.address,
  })
  expect(answer.status).toBe(202)
  expect(await lettersTo(docket, owner.email)).toEqual(["reset-password"])
})

test("the form sent twice at the same moment is one registration", async () => {
  const ann = newPerson()
  const answers = await Promise.all([register(ann), register(ann), register(ann)])
  expect(answers.map(({ status }) => status)).toEqual([202, 202, 202])
  expect(await sql`select from accounts where email = ${ann.email}`).toHaveLength(1)
  expect((await confirm(await tokenFor(docket, ann.email, "verify-email"))).status).toBe(204)
  expect((await trySignIn(docket, ann)).status).toBe(201)
})

test("what is wrong with a registration is told by its member", async () => {
  for (const [change, path, code] of [
    [{ email: "nobody" }, "/email", "not-an-email"],
    [{ email: "a@b" }, "/email", "not-an-email"],
    [{ password: "too short" }, "/password", "too-short"],
    [{ password: "x7".repeat(101) }, "/password", "too-long"],
    [{ password: "password123" }, "/password", "too-common"],
    [{ name: "" }, "/name", "too-short"],
    [{ name: " \n\u0007" }, "/name", "too-short"],
    [{ name: "x".repeat(101) }, "/name", "too-long"],
    [{ timeZone: "Mars/Olympus" }, "/timeZone", "not-a-time-zone"],
    [{ language: "de" }, "/language", "not-one-of"],
    [{ admin: true }, "/admin", "unknown-member"],
  ] as const) {
    const answer = await register(newPerson(), change)
    const { errors } = await answer.json()
    expect([change, answer.status, errors?.[0]]).toMatchObject([change, 400, { path, code }])
  }
  const ann = newPerson()
  const [{ errors }] = [await (await register({ ...ann, password: `${ann.email}1` })).json()]
  expect(errors[0].code).toBe("contains-email")
})

test("a network can register only so many, and is told when it may go on", async () => {
  const ann = newPerson()
  await exhaust(docket, LIMITS.registrationsByNetwork, `${ann.address}/32`, 1)
  expect((await register(ann)).status).toBe(202)
  const answer = await register({ ...newPerson(), address: ann.address })
  expect(answer.status).toBe(429)
  expect(Number(answer.headers.get("Retry-After"))).toBeGreaterThan(100)
  expect((await register(newPerson())).status).toBe(202)
})

test("where registration is closed no one is registered", async () => {
  const closed = await testApp({ REGISTRATION: "closed" })
  const answer = await register(newPerson(), {}, closed)
  expect([answer.status, await answer.json()]).toMatchObject([
    403,
    { type: "urn:docket:problem:registration-closed" },
  ])
})

test("where no letters can be sent an account is active at once, and a taken address is told", async () => {
  const alone = await testApp({ SMTP_HOST: "", SMTP_FROM_EMAIL: "" })
  const ann = newPerson()
  const answer = await register(ann, {}, alone)
  expect([answer.status, await answer.json()]).toEqual([201, { status: "active" }])
  expect((await trySignIn(alone, ann)).status).toBe(201)
  const again = await register(ann, {}, alone)
  expect([again.status, await again.json()]).toMatchObject([409, { type: "urn:docket:problem:email-taken" }])
})
