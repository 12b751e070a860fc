import { onMount } from "solid-js"
import { t } from "../i18n/translate.ts"
import { NAME_MAXIMUM } from "./changes.ts"
import "./NameEditor.css"

type Props = {
  name: string
  label?: string
  placeholder?: string
  /** The new name, or null when it is to stay. */
  onDone: (name: string | null) => void
}

/** Edits a list's name where it stands. Enter and leaving keep it, Escape doesn't; an empty one is not kept. */
export function NameEditor(props: Props) {
  let field!: HTMLInputElement
  let finished = false
  const finish = (keep: boolean) => {
    if (finished) return
    finished = true
    const name = field.value.replace(/\s+/g, " ").trim()
    props.onDone(keep && name && name !== props.name ? name : null)
  }
  onMount(() => {
    field.focus()
    field.select()
  })
  return (
    <input
      ref={field}
      class="name-editor"
      aria-label={props.label ?? t("lists.name")}
      placeholder={props.placeholder}
      value={props.name}
      maxLength={NAME_MAXIMUM}
      autocomplete="off"
      enterkeyhint="done"
      onBlur={() => finish(true)}
      onKeyDown={(event) => {
        if (event.isComposing || (event.key !== "Enter" && event.key !== "Escape")) return
        event.preventDefault()
        event.stopPropagation()
        finish(event.key === "Enter")
      }}
    />
  )
}
