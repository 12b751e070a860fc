import { expect, test } from "bun:test"
import { Turns } from "./turns.ts"

const refused = () => new Error("refused")

/** A work that ends when it is told to. */
function work(log: string[], name: string) {
  const end = Promise.withResolvers<void>()
  return {
    end: end.resolve,
    fail: end.reject,
    run: async () => {
      log.push(name)
      await end.promise
      return name
    },
  }
}

test("runs so many at once, and the others in the order in which they came", async () => {
  const turns = new Turns(2, 10, refused)
  const log: string[] = []
  const works = ["a", "b", "c", "d"].map((name) => work(log, name))
  const results = works.map(({ run }) => turns.take(run))
  await Bun.sleep(0)
  expect(log).toEqual(["a", "b"])
  works[1]!.end()
  await results[1]
  await Bun.sleep(0)
  expect(log).toEqual(["a", "b", "c"])
  for (const { end } of works) end()
  expect(await Promise.all(results)).toEqual(["a", "b", "c", "d"])
})

test("refuses one that comes when the queue is full, and takes it again once there is room", async () => {
  const turns = new Turns(1, 1, refused)
  const log: string[] = []
  const works = ["a", "b", "c"].map((name) => work(log, name))
  const [first, second] = [turns.take(works[0]!.run), turns.take(works[1]!.run)]
  expect(turns.take(works[2]!.run)).rejects.toThrow("refused")
  for (const { end } of works) end()
  await Promise.all([first, second])
  expect(await turns.take(works[2]!.run)).toBe("c")
})

test("a work that fails gives its place away like any other", async () => {
  const turns = new Turns(1, 10, refused)
  const log: string[] = []
  const [bad, good] = [work(log, "bad"), work(log, "good")]
  const results = [turns.take(bad.run), turns.take(good.run)]
  bad.fail(new Error("broken"))
  expect(results[0]).rejects.toThrow("broken")
  good.end()
  expect(await results[1]).toBe("good")
})
