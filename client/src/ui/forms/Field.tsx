import { createUniqueId, type JSX, onCleanup, Show, useContext } from "solid-js"
import { t } from "../../i18n/translate.ts"
import { Icon } from "../Icon.tsx"
import { laterIcons } from "../later-icons.ts"
import { FormContext } from "./form-state.ts"
import "./Field.css"

export type FieldProps = {
  /** The member of what is sent; faults come back under it. */
  name: string
  label: string
  /** Stands under the control, and is read with it. */
  hint?: JSX.Element
  optional?: boolean
  /** What is wrong with `value`, in words, or null. An empty one is asked for by itself. */
  check?: (value: string) => string | null
}

/** What the control inside a field needs, spread onto it. */
type ControlProps = {
  id: string
  name: string
  required: boolean
  "aria-invalid": "true" | undefined
  "aria-describedby": string | undefined
  ref: (element: HTMLInputElement | HTMLSelectElement) => void
  onInput: () => void
}

type Props = FieldProps & { children: (control: ControlProps) => JSX.Element }

/** A labelled control with its hint and its fault, which are read with it. */
export function Field(props: Props) {
  // A control that is applied as soon as it is changed stands in no form.
  const form = useContext(FormContext)
  const id = createUniqueId()
  const fault = () => form?.fault(props.name)
  const describedBy = () => [fault() && `${id}-fault`, props.hint && `${id}-hint`].filter(Boolean).join(" ")
  const check = (value: string) => {
    if (!value.trim()) return props.optional ? null : t("fault.required")
    return props.check?.(value) ?? null
  }
  onCleanup(() => form?.unregister(props.name))

  return (
    <div class="field" classList={{ "field-faulty": Boolean(fault()) }}>
      <label class="field-label" for={id}>
        {props.label}
      </label>
      {props.children({
        id,
        get name() {
          return props.name
        },
        get required() {
          return !props.optional
        },
        get "aria-invalid"() {
          return fault() ? ("true" as const) : undefined
        },
        get "aria-describedby"() {
          return describedBy() || undefined
        },
        ref: (element) => form?.register({ name: props.name, element, check }),
        onInput: () => form?.touch(props.name),
      })}
      <Show when={fault()}>
        <p class="field-fault" id={`${id}-fault`}>
          <Icon name={laterIcons.error} width={16} height={16} />
          <span>{fault()}</span>
        </p>
      </Show>
      <Show when={props.hint}>
        <p class="field-hint" id={`${id}-hint`}>
          {props.hint}
        </p>
      </Show>
    </div>
  )
}
