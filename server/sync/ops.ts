import type { TSchema } from "@sinclair/typebox"
import { TypeCompiler } from "@sinclair/typebox/compiler"
import { givenProfile } from "../accounts/profile.ts"
import { updateAccount } from "../accounts/queries.ts"
import type { Sql } from "../database/connect.ts"
import { inputErrors } from "../input-errors.ts"
import { changeList, createList } from "../lists/queries.ts"
import { Problem } from "../problems.ts"
import { changeTodo, createTodo } from "../todos/queries.ts"
import {
  FIELDS,
  type ListChanges,
  type ListCreation,
  type Op,
  type ProfileChanges,
  type TodoChanges,
  type TodoCreation,
} from "./shapes.ts"

type Apply = (sql: Sql, accountId: string, key: string, fields: never) => Promise<unknown>
type Entity = { change: Checked; creation?: Checked }
type Checked = { check: (fields: unknown) => void; apply: Apply }

/**
 * What ops may do to each entity, by the write functions that the REST routes call. Another noun is another line
 * here and in `FIELDS`.
 */
const ENTITIES: Record<string, Entity> = {
  todo: {
    change: checked(FIELDS.todo.change, (sql, accountId, key, fields: TodoChanges) =>
      changeTodo(sql, accountId, key, fields),
    ),
    creation: checked(
      FIELDS.todo.creation,
      async (sql, accountId, key, { completedAt, trashedAt, ...fields }: TodoCreation) => {
        await createTodo(sql, accountId, { ...fields, id: key })
        if (completedAt || trashedAt) await changeTodo(sql, accountId, key, { completedAt, trashedAt })
      },
    ),
  },
  list: {
    change: checked(FIELDS.list.change, (sql, accountId, key, fields: ListChanges) =>
      changeList(sql, accountId, key, fields),
    ),
    creation: checked(
      FIELDS.list.creation,
      async (sql, accountId, key, { archivedAt, trashedAt, ...fields }: ListCreation) => {
        await createList(sql, accountId, { ...fields, id: key })
        if (archivedAt || trashedAt) await changeList(sql, accountId, key, { archivedAt, trashedAt })
      },
    ),
  },
  profile: {
    change: checked(FIELDS.profile.change, async (sql, accountId, key, fields: ProfileChanges) => {
      if (key !== accountId) throw Problem.notFound("profile")
      await updateAccount(sql, accountId, givenProfile(fields))
    }),
  },
}

function checked<Fields>(
  shape: TSchema,
  apply: (sql: Sql, accountId: string, key: string, fields: Fields) => Promise<unknown>,
): Checked {
  const compiled = TypeCompiler.Compile(shape)
  return {
    check: (fields) => {
      if (!compiled.Check(fields)) throw Problem.invalidInput(inputErrors(shape, fields))
    },
    apply: apply as Apply,
  }
}

/** Does what `op` asks for, or throws the `Problem` that it is refused with. Call it in a transaction, or a savepoint. */
export async function applyOp(sql: Sql, accountId: string, op: Op): Promise<void> {
  const entity = Object.hasOwn(ENTITIES, op.entity) ? ENTITIES[op.entity] : undefined
  const kind = op.creates ? entity?.creation : entity?.change
  if (!kind) throw new Problem(400, "unknown-entity", "This server knows nothing of that kind to change.")
  kind.check(op.fields)
  await kind.apply(sql, accountId, op.key.toLowerCase(), op.fields as never)
}
