import { expect, test } from "bun:test"
import { createOutbox, type Outcome } from "./outbox.ts"
import type { Op } from "./rows.ts"

let ids = 0
const write = (key: string, fields: object, creates = false): Op => ({
  entity: "todo",
  key,
  fields,
  creates,
  id: `${ids++}`,
})

/** An outbox whose server answers when the test says so. */
function outboxWithServer() {
  const sent: Op[] = []
  const answers = new Map<Op, (outcome: Outcome) => void>()
  const taken: Op[] = []
  const refused: Op[][] = []
  const outbox = createOutbox({
    send: (op) => {
      sent.push(op)
      return new Promise((resolve) => answers.set(op, resolve))
    },
    taken: (op) => taken.push(op),
    refused: (ops) => refused.push(ops),
    delay: () => 1,
  })
  const answer = async (op: Op, outcome: Outcome) => {
    answers.get(op)!(outcome)
    await Bun.sleep(5)
  }
  return { outbox, sent, taken, refused, answer }
}

const TAKEN: Outcome = { kind: "taken", row: undefined }
const REFUSED: Outcome = { kind: "refused", problem: "no" }

test("writes of one row go one after another, those of others beside them", async () => {
  const { outbox, sent, answer } = outboxWithServer()
  const [first, second, other] = [write("a", { title: "1" }), write("a", { title: "2" }), write("b", {})]
  outbox.push([first, second, other])
  expect(sent).toEqual([first, other])
  expect(outbox.state()).toBe("saving")
  await answer(first, TAKEN)
  expect(sent).toEqual([first, other, second])
  await answer(second, TAKEN)
  await answer(other, TAKEN)
  expect(outbox.state()).toBe("idle")
})

test("a todo waits for the list it is to stand in", async () => {
  const { outbox, sent, answer } = outboxWithServer()
  const list: Op = { entity: "list", key: "l", fields: { name: "List" }, creates: true, id: "list" }
  const todo = write("t", { listId: "l", title: "Milk" }, true)
  outbox.push([list, todo])
  expect(sent).toEqual([list])
  await answer(list, TAKEN)
  expect(sent).toEqual([list, todo])
})

test("what needs a refused creation is refused with it, and the rest goes on", async () => {
  const { outbox, sent, refused, answer } = outboxWithServer()
  const list: Op = { entity: "list", key: "l", fields: { name: "List" }, creates: true, id: "list" }
  const todo = write("t", { listId: "l", title: "Milk" }, true)
  const edit = write("t", { title: "Bread" })
  const other = write("o", { title: "Other" })
  outbox.push([list, todo, edit, other])
  await answer(list, REFUSED)
  expect(refused).toEqual([[list, todo, edit]])
  expect(sent).toEqual([list, other])
})

test("a refused edit does not take later edits with it", async () => {
  const { outbox, refused, taken, answer } = outboxWithServer()
  const [first, second] = [write("a", { title: "" }), write("a", { title: "2" })]
  outbox.push([first, second])
  await answer(first, REFUSED)
  await answer(second, TAKEN)
  expect(refused).toEqual([[first]])
  expect(taken).toEqual([second])
})

test("without an answer the same op is sent again, before what came after it", async () => {
  const { outbox, sent, taken, answer } = outboxWithServer()
  const [first, second] = [write("a", { title: "1" }), write("a", { title: "2" })]
  outbox.push([first, second])
  await answer(first, { kind: "later", offline: true })
  await Bun.sleep(20)
  expect(sent).toEqual([first, first])
  await answer(first, TAKEN)
  await answer(second, TAKEN)
  expect(taken).toEqual([first, second])
  expect(outbox.state()).toBe("idle")
})

test("says it is offline until something is taken", async () => {
  const { outbox, answer } = outboxWithServer()
  const op = write("a", {})
  outbox.push([op])
  await answer(op, { kind: "later", offline: true })
  expect(outbox.state()).toBe("offline")
  await Bun.sleep(10)
  expect(outbox.state()).toBe("offline")
  await answer(op, TAKEN)
  expect(outbox.state()).toBe("idle")
})

test("signed out it keeps what it has, and goes on when told", async () => {
  const { outbox, sent, taken, answer } = outboxWithServer()
  const op = write("a", {})
  outbox.push([op])
  await answer(op, { kind: "signed-out" })
  expect(outbox.state()).toBe("signed-out")
  outbox.push([write("b", {})])
  expect(sent).toEqual([op])
  outbox.resume()
  await answer(op, TAKEN)
  expect(taken).toEqual([op])
})
