import { createSignal, getListener, type Signal } from "solid-js"

type Options<Row> = {
  /** The bucket a row stands in, or null when it stands in none. */
  bucketOf: (row: Row) => string | null
  /** Negative when `a` stands before `b`. Never 0 for two rows: end with the ids. */
  compare: (a: Row, b: Row) => number
  /** Whether readers are to be told of a row that stays where it is. */
  matters?: (before: Row, after: Row) => boolean
}

/** `added` is yet to be sorted into `rows`; `order` is their ids, a copy that nobody has read yet. */
type Bucket<Row> = { rows: Row[]; added: Row[]; order: string[] | undefined; ids: Signal<readonly string[]> }

/** From so many on, rows that came together are sorted together: each alone would move half of the others. */
const MANY = 32

export type SortedBuckets<Row> = {
  /** Takes `before` out and puts `after` in. Seen by readers only after `publish`. */
  replace: (before: Row | undefined, after: Row | undefined) => void
  /** Shows readers of the buckets that changed since the last call. */
  publish: () => void
  /** The ids in a bucket, in order. Reactive. */
  ids: (bucket: string) => readonly string[]
  /** The names of the buckets that are not empty, ascending. Reactive. */
  names: () => readonly string[]
}

/**
 * An index that is kept, not computed: rows in buckets, each sorted and with one signal. A change costs a binary
 * search and a copy of the ids of the buckets it touches, however many rows the others hold.
 */
export function createSortedBuckets<Row extends { id: string }>(options: Options<Row>): SortedBuckets<Row> {
  const buckets = new Map<string, Bucket<Row>>()
  const changed = new Set<Bucket<Row>>()
  const [names, setNames] = createSignal<readonly string[]>([])
  let namesChanged = false

  const bucketNamed = (name: string) => {
    let bucket = buckets.get(name)
    if (!bucket) {
      bucket = { rows: [], added: [], order: undefined, ids: createSignal<readonly string[]>([]) }
      buckets.set(name, bucket)
    }
    return bucket
  }

  /** Where `row` is, or would be. */
  const indexOf = (rows: Row[], row: Row) => {
    let low = 0
    let high = rows.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (options.compare(rows[middle]!, row) < 0) low = middle + 1
      else high = middle
    }
    return low
  }

  /** The ids as they were published, to be changed: a copy of all is cheaper than to ask each row for its own. */
  const orderOf = (bucket: Bucket<Row>) => {
    bucket.order ??= bucket.ids[0]().slice()
    return bucket.order
  }

  const sortIn = (bucket: Bucket<Row>) => {
    const { rows, added } = bucket
    if (added.length > MANY) {
      bucket.rows = rows.concat(added).sort(options.compare)
      bucket.order = bucket.rows.map(({ id }) => id)
    } else
      for (const row of added) {
        const at = indexOf(rows, row)
        rows.splice(at, 0, row)
        orderOf(bucket).splice(at, 0, row.id)
      }
    bucket.added = []
  }

  const replace = (before: Row | undefined, after: Row | undefined) => {
    const from = before ? options.bucketOf(before) : null
    const to = after ? options.bucketOf(after) : null
    if (from !== null) {
      const bucket = bucketNamed(from)
      sortIn(bucket)
      const at = indexOf(bucket.rows, before!)
      if (from === to && options.compare(before!, after!) === 0) {
        bucket.rows[at] = after!
        if (options.matters?.(before!, after!)) changed.add(bucket)
        return
      }
      bucket.rows.splice(at, 1)
      orderOf(bucket).splice(at, 1)
      changed.add(bucket)
      namesChanged ||= bucket.rows.length === 0
    }
    if (to !== null) {
      const bucket = bucketNamed(to)
      bucket.added.push(after!)
      changed.add(bucket)
      namesChanged ||= bucket.rows.length === 0
    }
  }

  const publish = () => {
    for (const bucket of changed) sortIn(bucket)
    for (const bucket of changed) {
      // Of other rows at the same places only those who were to be told hear.
      bucket.ids[1](bucket.order ?? bucket.ids[0]().slice())
      bucket.order = undefined
    }
    changed.clear()
    if (!namesChanged) return
    namesChanged = false
    setNames([...buckets].flatMap(([name, { rows }]) => (rows.length > 0 ? [name] : [])).sort())
  }

  return {
    replace,
    publish,
    ids: (name) => {
      const bucket = getListener() ? bucketNamed(name) : buckets.get(name)
      return bucket?.ids[0]() ?? []
    },
    names,
  }
}
