/** One promise of the image, proven or not. A later check runs though an earlier one failed. */

let passed = 0
let failed = 0

/** Proves `promise` by `proof`, which throws when it does not hold and may return a text to show. */
export async function check(promise: string, proof: () => Promise<unknown>) {
  try {
    const figure = await proof()
    passed++
    console.log(`  ✓ ${promise}${typeof figure === "string" ? ` (${figure})` : ""}`)
  } catch (error) {
    failed++
    console.log(`  ✗ ${promise}\n      ${String(error).replaceAll("\n", "\n      ")}`)
  }
}

/** Throws `complaint` unless `holds`. */
export function expect(holds: boolean, complaint: string): asserts holds {
  if (!holds) throw new Error(complaint)
}

/** Prints the last line. True when everything held and something was checked. */
export function summary() {
  console.log(`${passed} passed, ${failed} failed`)
  return failed === 0 && passed > 0
}
