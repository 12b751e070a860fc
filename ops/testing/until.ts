/** Looks again and again until `condition` gives something true, which is returned; throws after `seconds`. */
export async function until<T>(
  what: string,
  condition: () => Promise<T> | T,
  seconds = 90,
): Promise<NonNullable<T>> {
  for (const end = performance.now() + seconds * 1000; performance.now() < end; await Bun.sleep(250)) {
    const found = await condition()
    if (found) return found
  }
  throw new Error(`Not within ${seconds} s: ${what}.`)
}
