/** Something that must never be was. */
export class Violation extends Error {}
