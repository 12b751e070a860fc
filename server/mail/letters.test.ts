import { expect, test } from "bun:test"
import { newAccount, testApp } from "../testing/app.ts"

const app = await testApp()
const { sql, letters } = app.dependencies

test("a letter is queued with what caused it, and only then", async () => {
  const accountId = await newAccount(app)
  const change = sql.begin(async (transaction) => {
    for (let n = 0; n < 20; n++) await letters.enqueue(transaction, { kind: "reset-password", accountId })
    throw new Error("changed our mind")
  })
  await expect(change).rejects.toThrow("changed our mind")
  expect(await app.letters()).toEqual([])
  await sql.begin((transaction) => letters.enqueue(transaction, { kind: "password-changed", accountId }))
  expect(await app.letters()).toEqual([{ kind: "password-changed", accountId }])
})

test("a letter that already waits stands for the next of its kind", async () => {
  const accountId = await newAccount(app)
  const other = await newAccount(app)
  await letters.enqueue(sql, { kind: "reset-password", accountId })
  await letters.enqueue(sql, { kind: "reset-password", accountId })
  await letters.enqueue(sql, { kind: "verify-email", accountId })
  await letters.enqueue(sql, { kind: "reset-password", accountId: other })
  expect((await app.letters()).slice(1)).toEqual([
    { kind: "reset-password", accountId },
    { kind: "verify-email", accountId },
    { kind: "reset-password", accountId: other },
  ])
})
