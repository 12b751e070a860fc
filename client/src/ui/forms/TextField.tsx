import { splitProps } from "solid-js"
import { t } from "../../i18n/translate.ts"
import { Field, type FieldProps } from "./Field.tsx"

type Props = FieldProps & {
  type?: "text" | "email"
  /** What browsers and password managers may fill in (HTML, autofill). */
  autocomplete: string
  /** What it holds to begin with. */
  value?: string
}

export function TextField(props: Props) {
  const [own, field] = splitProps(props, ["type", "autocomplete", "value", "check"])
  const check = (value: string) =>
    own.type === "email" && !/^[^\s@]+@[^\s@]+$/.test(value.trim())
      ? t("fault.not-an-email")
      : (own.check?.(value) ?? null)
  return (
    <Field {...field} check={check}>
      {(control) => (
        <input
          {...control}
          class="field-control"
          type={own.type ?? "text"}
          autocomplete={own.autocomplete}
          value={own.value ?? ""}
          {...(own.type === "email" ? { autocapitalize: "none", spellcheck: false } : {})}
        />
      )}
    </Field>
  )
}
