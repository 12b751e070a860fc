/** Run before a command: its clock is `CLOCK_SHIFT_DAYS` ahead. */
const shift = Number(process.env.CLOCK_SHIFT_DAYS) * 86_400_000
const { now } = Date
const RealDate = Date
globalThis.Date = class extends RealDate {
  constructor(...given: ConstructorParameters<typeof Date> | []) {
    if (given.length === 0) super(now() + shift)
    else super(...(given as [number]))
  }
  static override now = () => now() + shift
} as DateConstructor
