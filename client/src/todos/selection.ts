import { useLocation, useNavigate } from "@solidjs/router"

const PARAMETER = "todo"

/** Which todo's details are shown: a part of the address, so it can be linked to, and Back closes it. */
export function useTodoSelection() {
  const location = useLocation<{ opened?: boolean; focus?: boolean }>()
  const navigate = useNavigate()
  const id = () => {
    const value = location.query[PARAMETER]
    return typeof value === "string" ? value : undefined
  }
  const address = (todo: string | null) => {
    const query = new URLSearchParams(location.search)
    if (todo) query.set(PARAMETER, todo)
    else query.delete(PARAMETER)
    return query.size > 0 ? `${location.pathname}?${query}` : location.pathname
  }
  return {
    id,
    /** Shows a todo's details; with `focus`, also goes there. */
    open(todo: string, focus = false) {
      if (id() === todo) {
        if (focus) document.querySelector<HTMLElement>("[data-details-focus]")?.focus()
        return
      }
      const replace = id() !== undefined
      const opened = !replace || location.state?.opened
      navigate(address(todo), { replace, scroll: false, state: { opened, focus } })
    },
    /** Whether whoever opened the details wants to be in them. */
    wantsFocus: () => location.state?.focus === true,
    close() {
      if (id() === undefined) return
      if (location.state?.opened) navigate(-1)
      else navigate(address(null), { replace: true, scroll: false })
    },
  }
}
