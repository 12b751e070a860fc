import { client, unwrap } from "../api/client.ts"
import { t } from "../i18n/translate.ts"
import { ResendButton } from "./ResendButton.tsx"

type Props = { email: string; sent?: boolean }

/** Sends the letter that confirms an address once more. */
export function ResendVerification(props: Props) {
  return (
    <ResendButton
      label={props.sent ? t("letter.resend") : t("signIn.resend")}
      sent={props.sent ?? false}
      send={() => unwrap(client.api["email-verifications"].post({ email: props.email }))}
    />
  )
}
