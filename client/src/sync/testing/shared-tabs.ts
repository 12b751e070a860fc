import type { Message, Tabs } from "../tabs.ts"

/**
 * A browser's tabs in one process: messages arrive in the order they were sent, each as a copy; the first one leads. One
 * that is asleep hears nothing.
 */
export function sharedTabs() {
  const open = new Set<object>()
  const hearing = new Map<object, (message: Message) => void>()
  const tabs: object[] = []
  const asleep = new Set<object>()
  const queue: { tab: object; lead: () => void }[] = []

  const leadNext = () => queue[0]?.lead()
  return {
    /** The nth tab that was opened, from 0. */
    setAsleep(nth: number, is: boolean) {
      if (is) asleep.add(tabs[nth]!)
      else asleep.delete(tabs[nth]!)
    },
    newTab(): Tabs {
      const tab = {}
      tabs.push(tab)
      open.add(tab)
      return {
        lead(lead) {
          queue.push({ tab, lead })
          if (queue.length === 1) leadNext()
        },
        tell(message) {
          if (!open.has(tab)) return
          const copy = structuredClone(message)
          for (const [other, hear] of hearing) {
            if (other === tab || asleep.has(other)) continue
            queueMicrotask(() => open.has(other) && hear(structuredClone(copy)))
          }
        },
        listen: (hear) => void hearing.set(tab, hear),
        close() {
          open.delete(tab)
          hearing.delete(tab)
          const at = queue.findIndex((waiting) => waiting.tab === tab)
          if (at >= 0) queue.splice(at, 1)
          if (at === 0) leadNext()
        },
      }
    },
  }
}
