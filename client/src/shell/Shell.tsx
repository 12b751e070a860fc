import type { RouteSectionProps } from "@solidjs/router"

/** What stands around the pages of a signed-in person. */
export default function Shell(props: RouteSectionProps) {
  return <main>{props.children}</main>
}
