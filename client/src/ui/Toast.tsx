import { createSignal, Show } from "solid-js"
import { Icon } from "./Icon.tsx"
import "./Toast.css"

type ToastContent = {
  message: string
  kind?: "plain" | "problem"
  action?: { label: string; run: () => void }
}

const SHOWN_FOR = 6_000

const [current, setCurrent] = createSignal<ToastContent | null>(null)
/** Stays until it is dismissed; what comes and goes is shown in front of it. */
const [standing, setStanding] = createSignal<ToastContent | null>(null)
let timer: ReturnType<typeof setTimeout> | undefined

/** Shows a message for six seconds, in place of the one before. */
export function toast(content: ToastContent) {
  setCurrent(content)
  resume()
}

/** Shows a message until it is dismissed. */
export const standingToast = (content: ToastContent) => setStanding(content)

export function dismissToast() {
  clearTimeout(timer)
  setCurrent(null)
}

function dismissShown() {
  if (!current()) setStanding(null)
  dismissToast()
}

function pause() {
  clearTimeout(timer)
}

function resume() {
  clearTimeout(timer)
  timer = setTimeout(() => setCurrent(null), SHOWN_FOR)
}

/** Where the one toast stands. The live region is there from the start, or its first message would not be read. */
export function Toaster(props: { dismissLabel: string }) {
  return (
    <div class="toast-place" role="status" aria-live="polite">
      <Show when={current() ?? standing()} keyed>
        {(content) => (
          <div
            class="toast"
            classList={{ "toast-problem": content.kind === "problem" }}
            onPointerEnter={pause}
            onPointerLeave={resume}
            onFocusIn={pause}
            onFocusOut={resume}
          >
            <span class="toast-message">{content.message}</span>
            <Show when={content.action}>
              {(action) => (
                <button
                  type="button"
                  class="toast-action"
                  onClick={() => {
                    dismissShown()
                    action().run()
                  }}
                >
                  {action().label}
                </button>
              )}
            </Show>
            <button
              type="button"
              class="toast-dismiss"
              aria-label={props.dismissLabel}
              onClick={dismissShown}
            >
              <Icon name="close" />
            </button>
          </div>
        )}
      </Show>
    </div>
  )
}
