import { createBackground } from "../../client/src/sync/background.ts"
import { memoryDisk } from "../../client/src/sync/memory-disk.ts"
import type { News, SyncAnswer, SyncRequest } from "../../client/src/sync/protocol.ts"
import { createSync, type Sync } from "../../client/src/sync/sync.ts"
import { seededRandom, type VirtualWorld } from "../../client/src/sync/testing/virtual-world.ts"
import type { World } from "../../client/src/sync/world.ts"
import { deviceDisk } from "./device-disk.ts"
import { deviceNetwork } from "./device-network.ts"
import { deviceTabs } from "./device-tabs.ts"
import type { Ledger } from "./ledger.ts"

export type Device = ReturnType<typeof createDevice>
export type Tab = {
  name: string
  sync: Sync
  kill: () => void
  frozen: boolean
  setFrozen: (frozen: boolean) => void
}

type Options = {
  name: string
  world: VirtualWorld
  seed: number
  ledger: Ledger
  /** Its browser lends no storage. */
  blocked: boolean
  ask: (request: SyncRequest) => Promise<SyncAnswer>
}

/** A browser of one person: a disk, a network, a clock, and tabs of the engine. */
export function createDevice({ name, world, seed, ledger, blocked, ask }: Options) {
  const random = seededRandom(seed)
  const disk = deviceDisk({
    world,
    random,
    onKept: ({ queue = [] }) => {
      for (const { op } of queue) ledger.onKept(op)
    },
  })
  const network = deviceNetwork({ world, random, ask })
  const channel = deviceTabs(world, random)
  const tabs: Tab[] = []
  let skew = 0
  let opened = 0

  function openTab(): Tab {
    opened += 1
    let running = true
    const alive = () => running
    const own: World = {
      now: () => Math.round(world.now() + skew),
      random,
      after: (milliseconds, then) => world.after(milliseconds, () => alive() && then()),
    }
    const place = channel.newTab(alive)
    const sync = createSync({
      world: own,
      tabs: place.tabs,
      openDisk: async (mend) => {
        if (blocked) throw new Error("The browser lends no storage.")
        return disk.open(alive, mend)
      },
      memoryDisk: async () => memoryDisk(),
      loadBackground: async () => ({ createBackground, network: network.open(alive) }),
    })
    const tab: Tab = {
      name: `${name}.${opened}`,
      sync,
      frozen: false,
      setFrozen(frozen) {
        tab.frozen = frozen
        place.setFrozen(frozen)
      },
      kill() {
        running = false
        tabs.splice(tabs.indexOf(tab), 1)
        place.leave()
        ledger.onKilled(tab.name)
      },
    }
    tabs.push(tab)
    void sync.open()
    return tab
  }

  return {
    name,
    blocked,
    tabs,
    disk,
    network,
    random,
    openTab,
    /** The person closes it; they are warned, and stay, where something would be lost. */
    closeTab(tab: Tab) {
      if (tab.sync.atRisk() > 0 || (blocked && tab.sync.refused().length > 0)) return
      tabs.splice(tabs.indexOf(tab), 1)
      ledger.onClosed(tab.name)
      tab.sync.stop()
    },
    setClock: (days: number) => {
      skew = days * 24 * 60 * 60_000
    },
    now: () => world.now() + skew,
    hear: (news: News) => network.hear(news),
  }
}
