import { Button } from "../ui/Button.tsx"

/** A fault of the page itself. What was typed and not yet saved may still be in the other parts: offer to go on. */
export function Failure(props: { error: unknown; reset: () => void }) {
  return (
    <main>
      <h1>Docket</h1>
      <p>{String(props.error)}</p>
      <Button onClick={props.reset}>Try again</Button>
    </main>
  )
}
