import { Navigate, useLocation } from "@solidjs/router"
import { type JSX, lazy, Match, Switch } from "solid-js"
import { paths } from "../paths.ts"
import { withReturn } from "./return-path.ts"
import { me, restoreSession, session } from "./session.ts"

const Unreachable = lazy(() => import("./Unreachable.tsx"))

/** Shows its children to a signed-in person; sends anyone else to sign in, and back here afterwards. */
export function RequireSession(props: { children: JSX.Element }) {
  const location = useLocation()
  const left = () => {
    const current = session()
    return current.status === "signed-out" && current.reason === "left"
  }
  return (
    <Switch>
      <Match when={me()}>{props.children}</Match>
      <Match when={session().status === "unreachable"}>
        <Unreachable retry={restoreSession} />
      </Match>
      <Match when={session().status === "signed-out"}>
        <Navigate
          href={left() ? paths.welcome : withReturn(paths.signIn, `${location.pathname}${location.search}`)}
        />
      </Match>
    </Switch>
  )
}
