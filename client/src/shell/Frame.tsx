import type { RouteSectionProps } from "@solidjs/router"
import { ErrorBoundary, Suspense } from "solid-js"
import { t } from "../i18n/translate.ts"
import { Announcer } from "../ui/announce.tsx"
import { Toaster } from "../ui/Toast.tsx"
import { Failure } from "./Failure.tsx"
import { createFocusOnArrival } from "./focus-on-arrival.ts"

/** What stands around every page: where its faults, its waiting and its messages are shown. */
export function Frame(props: RouteSectionProps) {
  createFocusOnArrival()
  return (
    <>
      <ErrorBoundary fallback={(error) => <Failure error={error} />}>
        <Suspense>{props.children}</Suspense>
      </ErrorBoundary>
      <Announcer />
      <Toaster dismissLabel={t("shell.dismiss")} />
    </>
  )
}
