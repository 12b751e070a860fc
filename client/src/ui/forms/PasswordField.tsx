import { createSignal, onCleanup, onMount, splitProps } from "solid-js"
import { t } from "../../i18n/translate.ts"
import { Icon } from "../Icon.tsx"
import { laterIcons } from "../later-icons.ts"
import { Field, type FieldProps } from "./Field.tsx"
import "./PasswordField.css"

type Props = FieldProps & {
  autocomplete: "current-password" | "new-password"
  /** Called with each change, for a hint that follows what is typed. */
  onType?: (value: string) => void
}

/** A password that can be shown, pasted and filled in by a password manager. */
export function PasswordField(props: Props) {
  const [own, field] = splitProps(props, ["autocomplete", "onType"])
  const [shown, setShown] = createSignal(false)
  let input!: HTMLInputElement

  onMount(() => {
    // Password managers and browsers offer to keep what is in a password field as it is sent.
    const hide = () => setShown(false)
    const { form } = input
    form?.addEventListener("submit", hide, { capture: true })
    onCleanup(() => form?.removeEventListener("submit", hide, { capture: true }))
  })

  return (
    <Field {...field}>
      {(control) => (
        <div class="password-field">
          <input
            {...control}
            ref={(element) => {
              input = element
              control.ref(element)
            }}
            onInput={() => {
              control.onInput()
              own.onType?.(input.value)
            }}
            class="field-control"
            type={shown() ? "text" : "password"}
            autocomplete={own.autocomplete}
            autocapitalize="none"
            spellcheck={false}
          />
          <button
            type="button"
            class="password-field-toggle"
            aria-label={shown() ? t("forms.hidePassword") : t("forms.showPassword")}
            aria-controls={control.id}
            onClick={() => setShown(!shown())}
          >
            <Icon name={shown() ? laterIcons.hidden : laterIcons.visible} />
          </button>
        </div>
      )}
    </Field>
  )
}
