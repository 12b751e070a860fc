import { type JSX, onCleanup, onMount } from "solid-js"
import "./Dialog.css"

type Props = {
  /** Names it to a screen reader. */
  label: string
  /** `centre` for a question, `start` and `end` for a sheet at that side, `bottom` for one that a thumb reaches. */
  from: "centre" | "start" | "end" | "bottom"
  /** It was closed, by Escape or a press beside it: stop showing it. */
  onClose: () => void
  children: JSX.Element
}

/** How many are. What is behind a dialog does not scroll. */
let shown = 0

/** A modal dialog while it is shown. The browser keeps the focus in and gives it back after. */
export function Dialog(props: Props) {
  let dialog!: HTMLDialogElement
  onMount(() => {
    dialog.showModal()
    shown += 1
    document.documentElement.classList.add("dialog-shown")
  })
  onCleanup(() => {
    shown -= 1
    if (shown === 0) document.documentElement.classList.remove("dialog-shown")
  })
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape is the key for it, and the browser's own.
    <dialog
      ref={dialog}
      class={`dialog dialog-${props.from}`}
      aria-label={props.label}
      onClose={() => props.onClose()}
      onClick={(event) => event.target === dialog && dialog.close()}
    >
      <div class="dialog-content">{props.children}</div>
    </dialog>
  )
}
