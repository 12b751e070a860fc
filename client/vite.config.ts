import { defineConfig } from "vite"
import solid from "vite-plugin-solid"

/** Where the development server passes `/api` on to; `ops/dev.ts` sets it to the API's port. */
const apiPort = process.env.API_PORT ?? "8000"

export default defineConfig({
  root: import.meta.dirname,
  plugins: [solid()],
  build: {
    outDir: "../dist/page",
    emptyOutDir: true,
    target: ["chrome123", "firefox125", "safari17.5"],
    // The page's Content-Security-Policy allows neither data: URLs in styles nor inline scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
  },
  server: {
    proxy: { "/api": { target: `http://127.0.0.1:${apiPort}`, xfwd: true } },
  },
})
