import { Navigate, useLocation } from "@solidjs/router"
import { type JSX, Show } from "solid-js"
import { paths } from "../paths.ts"
import { returnPath } from "./return-path.ts"
import { me } from "./session.ts"

/** Shows its children to people who are not signed in; others, and those who just signed in, go on to their todos. */
export function GuestOnly(props: { children: JSX.Element }) {
  const location = useLocation()
  return (
    <Show when={me()} fallback={props.children}>
      <Navigate href={returnPath(location.search, paths.inbox)} />
    </Show>
  )
}
