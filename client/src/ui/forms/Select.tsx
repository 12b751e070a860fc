import { For, Show, splitProps } from "solid-js"
import { Icon } from "../Icon.tsx"
import { Field, type FieldProps } from "./Field.tsx"
import "./Select.css"

export type Option = { value: string; label: string; lang?: string }
type Group = { label: string; options: Option[] }

type Props = FieldProps & {
  /** Either options, or options under headings. */
  options: readonly (Option | Group)[]
  value: string
  onChange?: (value: string) => void
}

export function Select(props: Props) {
  const [own, field] = splitProps(props, ["options", "value", "onChange"])
  return (
    <Field {...field}>
      {(control) => (
        <div class="select">
          <select
            {...control}
            class="field-control"
            onChange={(event) => own.onChange?.(event.currentTarget.value)}
          >
            <For each={own.options}>
              {(entry) => (
                <Show when={"options" in entry && entry} fallback={option(entry as Option, own.value)}>
                  {(group) => (
                    <optgroup label={group().label}>
                      <For each={group().options}>{(entry) => option(entry, own.value)}</For>
                    </optgroup>
                  )}
                </Show>
              )}
            </For>
          </select>
          <Icon name="chevron-down" class="select-arrow" />
        </div>
      )}
    </Field>
  )
}

const option = (entry: Option, chosen: string) => (
  <option value={entry.value} lang={entry.lang} selected={entry.value === chosen}>
    {entry.label}
  </option>
)
