import { afterAll } from "bun:test"
import type { Page } from "playwright"
import { type Device, startBrowser } from "./browser.ts"

/**
 * An empty page with the sync engine's parts in `globalThis.parts`, in a real browser. Returns what makes devices; each
 * of their tabs is at the page already, over HTTPS as far as the browser can tell, or over plain HTTP.
 */
export async function startEnginePage() {
  const { outputs, success, logs } = await Bun.build({
    entrypoints: [`${import.meta.dir}/engine-parts.ts`],
    target: "browser",
    format: "iife",
  })
  if (!success) throw new AggregateError(logs, "The engine's parts could not be built.")
  const script = await outputs[0]!.text()
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: ({ url }) =>
      new URL(url).pathname === "/parts.js"
        ? new Response(script, { headers: { "Content-Type": "text/javascript" } })
        : new Response(
            "<!doctype html><title>Parts</title><link rel=icon href=data:,><script src=/parts.js></script>",
            {
              headers: { "Content-Type": "text/html" },
            },
          ),
  })
  afterAll(() => server.stop(true))
  const newDevice = await startBrowser({ url: server.url.href })
  return async () => {
    const device = await newDevice()
    const newTab = async (): Promise<Page> => {
      const page = await device.newTab()
      await page.goto("/")
      return page
    }
    return { ...device, newTab } satisfies Device
  }
}
