/**
 * What an import writes: the columns of each table, and which of them are moments. Columns that are left out have their
 * defaults. In the order of their foreign keys.
 */
export const TARGETS = {
  spaces: { key: ["id"], columns: ["id", "kind", "rev", "size", "created_at"] },
  accounts: {
    key: ["id"],
    columns: [
      "id",
      "email",
      "email_verified_at",
      "password_hash",
      "password_changed_at",
      "name",
      "language",
      "time_zone",
      "rev",
      "created_at",
      "updated_at",
    ],
  },
  lists: {
    key: ["id"],
    columns: ["id", "name", "is_inbox", "creation_digest", "rev", "created_at", "updated_at"],
  },
  memberships: {
    key: ["space_id", "account_id"],
    columns: ["space_id", "account_id", "role", "position", "rev", "created_at"],
  },
  todos: {
    key: ["id"],
    columns: [
      "id",
      "list_id",
      "title",
      "notes",
      "priority",
      "due_date",
      "position",
      "completed_at",
      "trashed_at",
      "creation_digest",
      "rev",
      "created_at",
      "updated_at",
    ],
  },
} as const

export type TargetTable = keyof typeof TARGETS
export const TARGET_TABLES = Object.keys(TARGETS) as TargetTable[]

/** Texts as PostgreSQL reads them, in the order of the table's columns. `from` names the row of the source. */
export type TargetRow = { table: TargetTable; values: (string | null)[]; from: string }

export const isMoment = (column: string) => column.endsWith("_at")
/** Columns whose least and greatest value are compared. */
export const isOrdered = (column: string) => isMoment(column) || column === "due_date"
/** What people change by using Docket, without anything of the source being lost: no reason to call a row another. */
export const isTheirs = (table: TargetTable, column: string) =>
  table === "spaces" || column === "password_hash" || column === "password_changed_at"
