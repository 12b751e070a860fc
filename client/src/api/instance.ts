import { client, unwrap } from "./client.ts"

/** What this installation offers. */
export type Instance = Awaited<ReturnType<typeof ask>>

/** Milliseconds that a page holds back for; forms work without knowing, the server has the last word anyway. */
const PATIENCE = 400

let asked: Promise<Instance> | undefined

/** Asked once; asked again if no answer came. */
export function instance(): Promise<Instance> {
  asked ??= ask().catch((error) => {
    asked = undefined
    throw error
  })
  return asked
}

/** The same for a page that can do without: null if it fails or takes long. */
export function instanceIfQuick(): Promise<Instance | null> {
  const late = new Promise<null>((resolve) => setTimeout(resolve, PATIENCE, null))
  return Promise.race([instance().catch(() => null), late])
}

const ask = () => unwrap(client.api.instance.get())
