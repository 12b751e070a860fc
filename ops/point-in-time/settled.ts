import type { Quieted } from "../backup/make-quiet.ts"

/** What a restored database came to, once it can serve. */
export type Settled = {
  quieted: Quieted
  /** What was read of it, every row. */
  tables: number
  rows: number
  /** Checks of the application that held on it. */
  checks: number
}
