import { NetworkFailure } from "../api/problem.ts"
import { t } from "../i18n/translate.ts"
import { Button } from "../ui/Button.tsx"
import { Notice } from "../ui/Notice.tsx"

/**
 * The page itself failed: a part of it could not be loaded (no network, or a new release took it away), or a fault of
 * ours. Loading anew mends all of these; the error goes to the console, where it can be copied, and to whoever runs this (main.tsx).
 */
export function Failure(props: { error: unknown }) {
  reportError(props.error)
  const offline = () => !navigator.onLine || props.error instanceof NetworkFailure
  return (
    <Notice
      title={t(offline() ? "shell.offlineTitle" : "shell.failureTitle")}
      text={t(offline() ? "shell.offlineText" : "shell.failureText")}
      action={
        <Button kind="primary" onClick={() => globalThis.location.reload()}>
          {t("shell.reload")}
        </Button>
      }
    />
  )
}
