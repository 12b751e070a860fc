import { createContext, useContext } from "solid-js"
import { t } from "../i18n/translate.ts"
import type { Change } from "../sync/rows.ts"
import type { Sync } from "../sync/sync.ts"
import { dismissToast, toast } from "../ui/Toast.tsx"

export type Undo = ReturnType<typeof createUndo>

export const UndoContext = createContext<Undo>()

export function useUndo(): Undo {
  const undo = useContext(UndoContext)
  if (!undo) throw new Error("useUndo outside of Shell")
  return undo
}

/** How many actions may be taken back, one after another. */
const DEPTH = 50

/** Actions that can be taken back: at once by their toast, later by the keyboard. */
export function createUndo(sync: Sync) {
  const done: Change[][] = []

  const takeBack = (changes: Change[]) => {
    const at = done.indexOf(changes)
    if (at < 0) return
    done.splice(at, 1)
    sync.mutate(changes)
  }

  return {
    /** Makes the changes; with a `message`, says so and offers to undo. */
    act(changes: readonly Change[], message?: string) {
      if (changes.length === 0) return
      const undo = sync.mutate(changes)
      done.push(undo)
      if (done.length > DEPTH) done.shift()
      if (message) toast({ message, action: { label: t("shell.undo"), run: () => takeBack(undo) } })
    },
    /** Takes back the last action that was not taken back. */
    undoLast() {
      const last = done.at(-1)
      if (!last) return
      dismissToast()
      takeBack(last)
    },
  }
}
