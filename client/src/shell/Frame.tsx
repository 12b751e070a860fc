import type { RouteSectionProps } from "@solidjs/router"
import { ErrorBoundary, Suspense } from "solid-js"
import { Failure } from "./Failure.tsx"

/** What stands around every page: where its faults and its waiting are shown. */
export function Frame(props: RouteSectionProps) {
  return (
    <ErrorBoundary fallback={(error) => <Failure error={error} />}>
      <Suspense>{props.children}</Suspense>
    </ErrorBoundary>
  )
}
