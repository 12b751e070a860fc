import { A } from "@solidjs/router"
import { type JSX, Show } from "solid-js"
import { formatter } from "../i18n/formatters.ts"
import { language, t } from "../i18n/translate.ts"
import { createFollowing } from "../ui/following.ts"
import "./SidebarLink.css"

type Props = {
  href: string
  /** What stands before the words: an icon or a list's dot. */
  mark: JSX.Element
  /** How many open todos are behind it; none is not said. */
  count?: number
  /** Places below this one count as it. */
  wide?: boolean
  children: JSX.Element
}

/** A place to go to, in the sidebar. */
export function SidebarLink(props: Props) {
  const count = createFollowing(() => props.count ?? 0)
  return (
    <A class="sidebar-link" activeClass="sidebar-link-active" href={props.href} end={!props.wide}>
      <span class="sidebar-link-mark">{props.mark}</span>
      <span class="sidebar-link-text">{props.children}</span>
      <Show when={count()}>
        <span class="sidebar-link-count" data-figures>
          <span aria-hidden="true">{formatter(Intl.NumberFormat, language()).format(count())}</span>
          <span class="visually-hidden">, {t("todos.openCount", { count: count() })}</span>
        </span>
      </Show>
    </A>
  )
}
