/** A map of at most `capacity` entries: a new one beyond that pushes out the one that was longest not asked for. */
export class LeastRecentlyUsed<Key, Value> {
  readonly #entries = new Map<Key, Value>()

  constructor(readonly capacity: number) {}

  get(key: Key): Value | undefined {
    const value = this.#entries.get(key)
    if (value !== undefined) this.set(key, value)
    return value
  }

  set(key: Key, value: Value) {
    // A Map iterates in order of insertion, so inserting again moves an entry to the young end.
    this.#entries.delete(key)
    this.#entries.set(key, value)
    if (this.#entries.size > this.capacity) this.#entries.delete(this.#entries.keys().next().value as Key)
  }

  delete(key: Key) {
    this.#entries.delete(key)
  }
}
