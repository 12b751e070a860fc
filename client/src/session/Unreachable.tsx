import { createSignal, onCleanup, onMount } from "solid-js"
import { t } from "../i18n/translate.ts"
import { Button } from "../ui/Button.tsx"
import { listen } from "../ui/listen.ts"
import { Notice } from "../ui/Notice.tsx"

/** Milliseconds between tries of our own. */
const RETRY_EVERY = 15_000

/** The page while the server cannot be reached: it tries again by itself, when the connection is back, and when asked. */
export default function Unreachable(props: { retry: () => Promise<unknown> }) {
  const [trying, setTrying] = createSignal(false)

  async function retry() {
    if (trying()) return
    setTrying(true)
    await props.retry()
    setTrying(false)
  }

  onMount(() => {
    const timer = setInterval(retry, RETRY_EVERY)
    listen(window, "online", retry)
    onCleanup(() => clearInterval(timer))
  })

  return (
    <Notice
      title={t("unreachable.title")}
      text={t("unreachable.text")}
      action={
        <Button kind="primary" busy={trying()} onClick={retry}>
          {t("forms.tryAgain")}
        </Button>
      }
    />
  )
}
