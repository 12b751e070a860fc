import { expect, test } from "bun:test"
import { createEffect, createRoot } from "solid-js"
import { createSortedBuckets } from "./sorted-buckets.ts"

type Row = { id: string; bucket: string | null; rank: number }

function buckets() {
  let comparisons = 0
  const index = createSortedBuckets<Row>({
    bucketOf: (row) => row.bucket,
    compare: (a, b) => {
      comparisons += 1
      return a.rank - b.rank || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
    },
  })
  return { index, comparisons: () => comparisons }
}

const row = (id: string, rank: number, bucket: string | null = "a"): Row => ({ id, rank, bucket })

test("keeps each bucket in order, whatever the order rows come in", () => {
  const { index } = buckets()
  for (const one of [row("c", 3), row("a", 1), row("b", 2), row("x", 1, "b")]) index.replace(undefined, one)
  index.publish()
  expect(index.ids("a")).toEqual(["a", "b", "c"])
  expect(index.ids("b")).toEqual(["x"])
  expect(index.names()).toEqual(["a", "b"])
})

test("moves a row within a bucket, between buckets and out", () => {
  const { index } = buckets()
  const [a, b, c] = [row("a", 1), row("b", 2), row("c", 3)]
  for (const one of [a, b, c]) index.replace(undefined, one)
  const moved = row("a", 9)
  index.replace(a, moved)
  index.publish()
  expect(index.ids("a")).toEqual(["b", "c", "a"])
  index.replace(moved, row("a", 9, "b"))
  index.replace(b, row("b", 2, null))
  index.publish()
  expect(index.ids("a")).toEqual(["c"])
  index.replace(c, undefined)
  index.publish()
  expect(index.ids("a")).toEqual([])
  expect(index.names()).toEqual(["b"])
})

test("agrees with sorting after a thousand random changes", () => {
  const { index } = buckets()
  const rows = new Map<string, Row>()
  for (let i = 0; i < 1000; i++) {
    const id = `${Math.floor(Math.random() * 200)}`
    const before = rows.get(id)
    const after =
      Math.random() < 0.2
        ? undefined
        : row(id, Math.floor(Math.random() * 50), Math.random() < 0.5 ? "a" : "b")
    index.replace(before, after)
    if (after) rows.set(id, after)
    else rows.delete(id)
  }
  index.publish()
  for (const bucket of ["a", "b"]) {
    const sorted = [...rows.values()]
      .filter((one) => one.bucket === bucket)
      .sort((a, b) => a.rank - b.rank || (a.id < b.id ? -1 : 1))
    expect(index.ids(bucket)).toEqual(sorted.map(({ id }) => id))
  }
})

test("a change among 20,000 rows costs two binary searches and tells only readers of its bucket", () => {
  const { index, comparisons } = buckets()
  const rows = Array.from({ length: 20_000 }, (_, i) => row(`${i}`, i))
  for (const one of rows) index.replace(undefined, one)
  index.replace(undefined, row("other", 1, "b"))
  index.publish()
  let told = 0
  let othersTold = 0
  createRoot((dispose) => {
    createEffect(() => {
      index.ids("a")
      told += 1
    })
    createEffect(() => {
      index.ids("b")
      othersTold += 1
    })
    queueMicrotask(() => dispose())
  })
  const before = comparisons()
  index.replace(rows[10_000], { ...rows[10_000]!, rank: 0.5 })
  expect(comparisons() - before).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(20_000)) + 2)
  index.publish()
  expect(told).toBe(2)
  expect(othersTold).toBe(1)
})
