import { type JSX, splitProps } from "solid-js"
import type { LaterIcon } from "./later-icons.ts"

/** Paths on a 20 by 20 grid, drawn with a 1.5 stroke in the text's colour: those that the first screens draw or offer. */
const icons = {
  add: "M10 4.5v11M4.5 10h11",
  archive: "M3.5 5h13v3h-13zM5 8v7.5h10V8M8.5 11h3",
  check: "M5 10.5l3.5 3.5L15 6.8",
  close: "M5.5 5.5l9 9M14.5 5.5l-9 9",
  "chevron-down": "M6 8l4 4 4-4",
  "chevron-right": "M8 6l4 4-4 4",
  delete: "M4.5 6h11M8 6V4h4v2M6 6l.6 10h6.8L14 6M8.6 9v4.2M11.4 9v4.2",
  edit: "M4.5 15.5l.6-2.9 8-8 2.3 2.3-8 8zM11.7 6l2.3 2.3",
  handle: "M8 6v.01M12 6v.01M8 10v.01M12 10v.01M8 14v.01M12 14v.01",
  inbox: "M3.5 11l2-6.5h9l2 6.5v4.5h-13zM3.5 11h4a2.5 2.5 0 0 0 5 0h4",
  keyboard: "M3 6h14v8.5H3zM6 9v.01M9 9v.01M12 9v.01M14.5 9v.01M7 12h6",
  menu: "M3.5 6h13M3.5 10h13M3.5 14h13",
  more: "M5 10v.01M10 10v.01M15 10v.01",
  notes: "M4.5 5.5h11M4.5 9h11M4.5 12.5h7",
  restore: "M4.2 8.2h7.3a3.9 3.9 0 0 1 0 7.8H8M7.2 5l-3 3.2 3 3.2",
  search: "M8.8 3.8a5 5 0 1 1 0 10 5 5 0 0 1 0-10zM12.5 12.5l4 4",
  settings:
    "M3.5 6.5h7M14.5 6.5h2M3.5 13.5h2M9.5 13.5h7M12.5 4.5a2 2 0 1 1 0 4 2 2 0 0 1 0-4zM7.5 11.5a2 2 0 1 1 0 4 2 2 0 0 1 0-4z",
  "sign-out": "M11.5 4.5h-6v11h6M9 10h7.5M13.5 7l3 3-3 3",
  today:
    "M10 6.2a3.8 3.8 0 1 1 0 7.6 3.8 3.8 0 0 1 0-7.6zM10 2.5v1.2M10 16.3v1.2M2.5 10h1.2M16.3 10h1.2M4.7 4.7l.8.8M14.5 14.5l.8.8M15.3 4.7l-.8.8M5.5 14.5l-.8.8",
  upcoming: "M4 5.5h12v10.5H4zM4 8.8h12M7 3.5v3M13 3.5v3M9 10.6l2 1.9-2 1.9",
} as const

/** One of these by its name, one of `later-icons.ts` by its path. */
export type IconName = keyof typeof icons | LaterIcon

type Props = { name: IconName } & Omit<JSX.SvgSVGAttributes<SVGSVGElement>, "name">

/** An icon says nothing to a screen reader; the control around it has the words. */
export function Icon(props: Props) {
  const [own, rest] = splitProps(props, ["name"])
  return (
    <svg
      width="20"
      height="20"
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      stroke-width="1.5"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
      {...rest}
    >
      <path d={icons[own.name as keyof typeof icons] ?? own.name} />
    </svg>
  )
}
