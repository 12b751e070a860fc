import { useNavigate } from "@solidjs/router"
import { paths } from "../paths.ts"

/** Puts the caret into the page's add line; into the Inbox's where the page has none. */
export function useAddLine(): () => void {
  const navigate = useNavigate()
  return () => {
    if (focusAddLine()) return
    navigate(paths.inbox, { state: { add: true } })
  }
}

export function focusAddLine(): boolean {
  const field = document.querySelector<HTMLElement>("main [data-add-todo]")
  field?.focus()
  return field !== null
}
