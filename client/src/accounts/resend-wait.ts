import { createSignal, onCleanup } from "solid-js"

/** Seconds between two letters, so that the first has time to arrive. */
const WAIT = 60

/** Counts down the seconds until a letter may be asked for again; 0 when it may. `first`: one was just sent. */
export function createResendWait({ first }: { first: boolean }) {
  const [until, setUntil] = createSignal(first ? Date.now() + WAIT * 1000 : 0)
  const [now, setNow] = createSignal(Date.now())
  const timer = setInterval(() => setNow(Date.now()), 500)
  onCleanup(() => clearInterval(timer))
  return {
    seconds: () => Math.max(0, Math.ceil((until() - now()) / 1000)),
    begin: (seconds = WAIT) => {
      setNow(Date.now())
      setUntil(Date.now() + seconds * 1000)
    },
  }
}
