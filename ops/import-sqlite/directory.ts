import type { Place } from "./findings.ts"
import { derivedId } from "./ids.ts"

export type Role = "owner" | "editor" | "viewer"
/** `lists` counts those that they are a member of, and `lastPosition` is where the last of them stands. */
export type Person = {
  accountId: string
  inbox: ListSpace
  lists: number
  lastPosition: string
  created: string
}
/** A list as it fills: `last` is the position of the todo that came last. */
export type ListSpace = { id: string; created: string; size: number; last: string | null }
/** `isListed` says that a row of the members' table says so, and not only the list itself. */
export type Member = { person: Person; role: Role; created: string | null; isListed: boolean }
export type ImportedList = {
  space: ListSpace
  name: string
  updated: string
  /** By account, in the order in which they were found. */
  members: Map<string, Member>
  /** The row of the source that it is from. */
  place: Place
}

/** Where registration puts the Inbox among an account's lists. */
export const INBOX_POSITION = "a0"
/** A moment for what says nothing of when it was made: the same one each time, or a second import would differ. */
export const UNKNOWN_MOMENT = "2000-01-01T00:00:00.000Z"

/** Who and what the rows that follow refer to: people, lists and members by the source's keys. Todos are not held. */
export class Directory {
  readonly people = new Map<string, Person>()
  readonly lists = new Map<string, ImportedList>()
  /** Keys of todos that several rows have, and whether one of them was read. */
  readonly repeated = new Map<string, boolean>()
  readonly #byEmail = new Map<string, Person>()

  /** `latest`, in milliseconds: what is later has not been yet. */
  constructor(
    readonly source: string,
    readonly latest: number,
  ) {}

  personByEmail = (email: string) => this.#byEmail.get(email)

  addPerson(key: string, email: string, created: string): Person {
    const accountId = derivedId(this.source, "account", key)
    const inbox = { id: derivedId(this.source, "inbox", key), created, size: 0, last: null }
    const person = { accountId, inbox, lists: 1, lastPosition: INBOX_POSITION, created }
    this.people.set(key, person)
    this.#byEmail.set(email, person)
    return person
  }

  addList(key: string, list: Omit<ImportedList, "space" | "members">, created: string): ImportedList {
    const space = { id: derivedId(this.source, "list", key), created, size: 0, last: null }
    const added: ImportedList = { ...list, space, members: new Map() }
    this.lists.set(key, added)
    return added
  }
}
