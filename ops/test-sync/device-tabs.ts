import type { Message, Tabs } from "../../client/src/sync/tabs.ts"
import type { VirtualWorld } from "../../client/src/sync/testing/virtual-world.ts"

export type DeviceTabs = ReturnType<typeof deviceTabs>
type Tab = { hear?: (message: Message) => void; lead?: () => void; frozen: boolean; alive: () => boolean }

/** Most milliseconds that a message takes. */
const LATENCY = 5

/**
 * What the tabs of a device tell each other, and which of them leads. What one tells another arrives in order, what two
 * tell a third in any; a tab that is frozen hears nothing.
 */
export function deviceTabs(world: VirtualWorld, random: () => number) {
  const tabs: Tab[] = []
  let leading: Tab | undefined

  function leadNext() {
    if (leading && tabs.includes(leading)) return
    leading = tabs.find((tab) => tab.lead)
    leading?.lead?.()
  }

  return {
    newTab(alive: () => boolean) {
      const tab: Tab = { frozen: false, alive }
      /** When what it told each of the others last arrives. */
      const arrivals = new Map<Tab, number>()
      tabs.push(tab)
      const leave = () => {
        if (!tabs.includes(tab)) return
        tabs.splice(tabs.indexOf(tab), 1)
        world.after(random() * LATENCY, leadNext)
      }
      const own: Tabs = {
        lead(lead) {
          tab.lead = lead
          leadNext()
        },
        tell(message) {
          if (!tabs.includes(tab)) return
          const copy = structuredClone(message)
          for (const other of tabs) {
            if (other === tab) continue
            const at = Math.max(arrivals.get(other) ?? 0, world.now() + random() * LATENCY)
            arrivals.set(other, at)
            world.after(at - world.now(), () => {
              if (tabs.includes(other) && other.alive() && !other.frozen) other.hear?.(structuredClone(copy))
            })
          }
        },
        listen(hear) {
          tab.hear = hear
        },
        close: leave,
      }
      return {
        tabs: own,
        leave,
        setFrozen: (frozen: boolean) => {
          tab.frozen = frozen
        },
      }
    },
  }
}
