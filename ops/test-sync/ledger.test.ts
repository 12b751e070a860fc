import { expect, test } from "bun:test"
import type { Op } from "../../client/src/sync/rows.ts"
import { createLedger } from "./ledger.ts"

const wish = (n: number): Op => ({
  id: `op ${n}`,
  entity: "todo",
  key: `todo ${n}`,
  fields: { notes: `wish ${n}` },
})

function ledgerOf(...wishes: Op[]) {
  const ledger = createLedger()
  for (const [n, { key }] of wishes.entries()) ledger.onMade({ mark: `wish ${n + 1}`, tab: "tab", key, n })
  return ledger
}

test("a wish that its person gave up is not lost, though no disk ever held it", () => {
  const [one, other] = [wish(1), wish(2)]
  const ledger = ledgerOf(one, other)
  ledger.onGivenUp(one)
  expect(() => ledger.settle(new Map())).toThrow("wish 2 of tab came neither to the disk nor to the server")
  ledger.onGivenUp(other)
  ledger.settle(new Map())
})

test("an op that a disk held is lost unless it was done, waits, or was given up", () => {
  const ops = [wish(1), wish(2), wish(3), wish(4)] as [Op, Op, Op, Op]
  const ledger = ledgerOf(...ops)
  for (const op of ops) ledger.onKept(op)
  ledger.onAnswer([ops[0]], new Set(), [{ id: "op 1" }])
  ledger.onGivenUp(ops[1])
  const waits: [string, string] = ["op 3", "wish 3"]
  expect(() => ledger.settle(new Map([waits]))).toThrow("The op op 4 (wish 4) was on a disk, and is lost.")
  ledger.settle(new Map([waits, ["op 4", "wish 4"]]))
})

test("what a closed tab's server did and no disk took may be gone with a restore, what it had not done may not", () => {
  const [done, undone] = [wish(1), wish(2)]
  const ledger = ledgerOf(done, undone)
  const backup = ledger.copy()
  ledger.onAnswer([done], new Set(), [{ id: "op 1" }])
  ledger.onClosed("tab")
  ledger.restore(backup)
  expect(() => ledger.settle(new Map())).toThrow("wish 2 of tab came neither to the disk nor to the server")
  ledger.onAnswer([undone], new Set(), [{ id: "op 2" }])
  ledger.settle(new Map())
})
