/** The names that this run gives to what it makes on the engine. */

/** Every container, network and volume of this run begins so, and nothing else is removed at its end. */
export const prefix = `docket-test-image-${process.pid}`
export const image = "docket:test-image"
export const network = prefix
export const database = `${prefix}-database`
