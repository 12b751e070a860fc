export type Stored = {
  /** Bytes; undefined where the browser does not say. */
  usage?: number
  quota?: number
  /** Whether the browser keeps it until the person clears it. */
  persisted: boolean
  /** Whether the page opens without a network. */
  opensOffline: boolean
}

/** What this browser tells of what it stores for the page. */
export async function readStorage(): Promise<Stored> {
  const storage: StorageManager | undefined = navigator.storage
  const [estimate, persisted] = await Promise.all([
    storage?.estimate?.().catch(() => undefined),
    storage?.persisted?.().catch(() => false),
  ])
  return {
    usage: estimate?.usage,
    quota: estimate?.quota,
    persisted: persisted ?? false,
    opensOffline: navigator.serviceWorker?.controller?.state === "activated",
  }
}
