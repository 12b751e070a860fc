import type { Logger } from "pino"
import { deliveryFault } from "../delivery-fault.ts"

const EVERY = 60_000

/**
 * Calls `url` every minute for as long as this process lives. The service behind it reports when it hears nothing: the
 * only thing that tells of a dead host. Not while `isQuiet`: what was restored to be looked at is not the installation.
 * A failed call is logged once, and once when they succeed again; the URL, which is a secret, never. Returns what ends
 * it.
 */
export function startDeadMan(
  url: string,
  log: Logger,
  { every = EVERY, isQuiet = () => false }: { every?: number; isQuiet?: () => boolean } = {},
): () => void {
  let failing = false
  const call = async () => {
    if (isQuiet()) return
    const fault = await deliveryFault(url, { headers: { "User-Agent": "Docket" } })
    if (fault !== null && !failing) log.error({ fault }, "the dead-man's URL cannot be called")
    if (fault === null && failing) log.info("the dead-man's URL can be called again")
    failing = fault !== null
  }
  void call()
  const timer = setInterval(call, every)
  timer.unref()
  return () => clearInterval(timer)
}
