import { useLocation, useNavigate } from "@solidjs/router"

const PARAMETER = "todo"

/** Which todo's details are shown: a part of the address, so it can be linked to, and Back closes it. */
export function useTodoSelection() {
  const location = useLocation<{ opened?: boolean }>()
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
    open(todo: string) {
      if (id() === todo) return
      const replace = id() !== undefined
      navigate(address(todo), {
        replace,
        scroll: false,
        state: { opened: !replace || location.state?.opened },
      })
    },
    close() {
      if (id() === undefined) return
      if (location.state?.opened) navigate(-1)
      else navigate(address(null), { replace: true, scroll: false })
    },
  }
}
