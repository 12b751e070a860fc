import { Problem } from "../problems.ts"

/** One answer for a letter's token that never was, was used, or is too old. */
export const linkExpired = () => new Problem(410, "link-expired", "This link was used or is too old.")
