import type { Todo } from "../sync/rows.ts"

/** Text as it is compared in a search: without case and accents, as the server's `fold` does it. */
export const fold = (text: string) =>
  text
    .normalize("NFD")
    .replace(/\p{Diacritic}/gu, "")
    .toLowerCase()

/** A row does not change, so what it holds is folded once. */
const folded = new WeakMap<Todo, string>()

function textOf(todo: Todo) {
  let text = folded.get(todo)
  if (text === undefined) {
    text = fold(`${todo.title}\n${todo.notes}`)
    folded.set(todo, text)
  }
  return text
}

/** Most results that are shown; who looks for more types another letter. */
const RESULTS_MAXIMUM = 200

/** Ids of the todos that hold `query`: open ones first, those with it in the title before those with it in the notes. */
export function search(todos: Iterable<Todo>, query: string): string[] {
  const wanted = fold(query.trim())
  if (!wanted) return []
  const ranks: string[][] = [[], [], [], []]
  for (const todo of todos) {
    if (todo.trashedAt || !textOf(todo).includes(wanted)) continue
    const inTitle = fold(todo.title).includes(wanted)
    ranks[(todo.completedAt ? 2 : 0) + (inTitle ? 0 : 1)]!.push(todo.id)
  }
  return ranks.flat().slice(0, RESULTS_MAXIMUM)
}
