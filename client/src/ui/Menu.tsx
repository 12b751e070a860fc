import { createSignal, createUniqueId, For, type JSX, Show } from "solid-js"
import { Icon, type IconName } from "./Icon.tsx"
import "./Menu.css"
import { Popover } from "./Popover.tsx"

export type MenuItem = {
  label: string
  icon?: IconName
  /** Drawn in place of an icon. */
  mark?: () => JSX.Element
  /** Makes it one of a set of which one is chosen. */
  checked?: boolean
  danger?: boolean
  onSelect: () => void
}

type Props = {
  /** What the button is called; also the menu's name. */
  label: string
  items: readonly MenuItem[]
  class?: string
  tabIndex?: number
  children: JSX.Element
}

/** A button that opens a menu (the ARIA menu button pattern: arrows, Home, End, first letters). */
export function Menu(props: Props) {
  const id = createUniqueId()
  let button!: HTMLButtonElement
  let menu: HTMLElement | undefined
  // Most menus are never opened, and a list has one in each row.
  const [wanted, setWanted] = createSignal(false)
  const items = () => Array.from(menu?.querySelectorAll<HTMLElement>(".menu-item") ?? [])
  const move = (step: number) => {
    const all = items()
    const at = all.indexOf(document.activeElement as HTMLElement)
    all[(at + step + all.length) % all.length]?.focus()
  }

  const onKeyDown = (event: KeyboardEvent) => {
    const all = items()
    if (event.key === "ArrowDown") move(1)
    else if (event.key === "ArrowUp") move(-1)
    else if (event.key === "Home") all[0]?.focus()
    else if (event.key === "End") all.at(-1)?.focus()
    else if (event.key === "Tab") menu?.hidePopover()
    else if (/^\S$/u.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const after = all.indexOf(document.activeElement as HTMLElement) + 1
      const ordered = [...all.slice(after), ...all.slice(0, after)]
      ordered.find((item) => item.textContent?.toLowerCase().startsWith(event.key.toLowerCase()))?.focus()
    } else return
    if (event.key !== "Tab") event.preventDefault()
    event.stopPropagation()
  }

  return (
    <>
      <button
        ref={button}
        type="button"
        class={props.class}
        aria-label={props.label}
        aria-haspopup="menu"
        popoverTarget={id}
        tabIndex={props.tabIndex}
        // Before the browser looks for what it opens.
        onClick={() => setWanted(true)}
      >
        {props.children}
      </button>
      <Show when={wanted()}>
        <Popover
          id={id}
          anchor={() => button}
          class="menu"
          role="menu"
          aria-label={props.label}
          onKeyDown={onKeyDown}
          onOpen={(element) => {
            menu = element
            const all = items()
            ;(all.find((item) => item.ariaChecked === "true") ?? all[0])?.focus()
          }}
        >
          <For each={props.items}>
            {(item) => (
              <button
                type="button"
                tabIndex={-1}
                class="menu-item"
                classList={{ "menu-item-danger": item.danger }}
                {...(item.checked === undefined
                  ? { role: "menuitem" as const }
                  : { role: "menuitemradio" as const, "aria-checked": item.checked })}
                onClick={() => {
                  menu?.hidePopover()
                  item.onSelect()
                }}
              >
                <Show
                  when={item.mark}
                  fallback={<Show when={item.icon}>{(icon) => <Icon name={icon()} />}</Show>}
                >
                  {(mark) => <span class="menu-mark">{mark()()}</span>}
                </Show>
                <span class="menu-label">{item.label}</span>
                <Show when={item.checked}>
                  <Icon name="check" class="menu-check" />
                </Show>
              </button>
            )}
          </For>
        </Popover>
      </Show>
    </>
  )
}
