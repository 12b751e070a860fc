import { setDefaultTimeout } from "bun:test"

/** Milliseconds. A test that hangs is found either way; a slow or busy machine is no fault. */
setDefaultTimeout(30_000)
