import { createContext, createMemo, createSignal, onCleanup, useContext } from "solid-js"
import { me } from "../session/session.ts"
import { listen } from "../ui/listen.ts"
import { dateIn } from "./due.ts"

const TodayContext = createContext<() => string>()
export const TodayProvider = TodayContext.Provider

/** The date it is where the person lives. Reactive: it changes at midnight. */
export function useToday(): () => string {
  const today = useContext(TodayContext)
  if (!today) throw new Error("useToday outside of Shell")
  return today
}

/** Watches the clock, also over a sleep of the machine. */
export function createToday(): () => string {
  const [now, setNow] = createSignal(Date.now())
  const look = () => setNow(Date.now())
  const timer = setInterval(look, 30_000)
  listen(document, "visibilitychange", look)
  onCleanup(() => clearInterval(timer))
  return createMemo(() => dateIn(me()?.timeZone ?? "UTC", now()))
}
