import { createUniqueId, For } from "solid-js"
import type { Option } from "./Select.tsx"
import "./Choice.css"

type Props<Value extends string> = {
  name: string
  label: string
  options: readonly (Option & { value: Value })[]
  value: Value
  onChange: (value: Value) => void
}

/** A few options side by side, of which one is chosen; arrows move through them. */
export function Choice<Value extends string>(props: Props<Value>) {
  const id = createUniqueId()
  return (
    <fieldset class="choice">
      <legend class="field-label">{props.label}</legend>
      <div class="choice-options">
        <For each={props.options}>
          {(option) => (
            <label class="choice-option">
              <input
                class="visually-hidden"
                type="radio"
                name={`${props.name}-${id}`}
                value={option.value}
                checked={option.value === props.value}
                onChange={() => props.onChange(option.value)}
              />
              {option.label}
            </label>
          )}
        </For>
      </div>
    </fieldset>
  )
}
