import { createSignal } from "solid-js"
import { t } from "../../i18n/translate.ts"
import { PasswordField } from "./PasswordField.tsx"

/** Characters; the server holds the same limits (server/accounts/password-rules.ts). */
const LEAST = 10
const MOST = 200

type Props = { name: string; label: string }

/** A password to be chosen: says while one types how far it is from being accepted. */
export function NewPasswordField(props: Props) {
  const [length, setLength] = createSignal(0)
  const hint = () => {
    if (length() === 0) return t("forms.passwordHint")
    return length() < LEAST
      ? t("forms.passwordMore", { count: LEAST - length() })
      : t("forms.passwordLongEnough")
  }
  const check = (value: string) => {
    if (lengthOf(value) < LEAST) return t("fault.password-too-short")
    return lengthOf(value) > MOST ? t("fault.password-too-long") : null
  }
  return (
    <PasswordField
      name={props.name}
      label={props.label}
      autocomplete="new-password"
      hint={hint()}
      check={check}
      onType={(value) => setLength(lengthOf(value))}
    />
  )
}

const lengthOf = (password: string) => [...password.normalize("NFC")].length
