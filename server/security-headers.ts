import { type Config, servedOverHttps } from "./config.ts"

/** Sent with everything. Why each is what it is: docs/architecture.md, "Headers". */
export const COMMON_HEADERS = {
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  // The filter it once switched on could itself be abused; 0 keeps old browsers from using it.
  "X-XSS-Protection": "0",
  "Referrer-Policy": "strict-origin-when-cross-origin",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
}

/** The page loads its own files and nothing else; `data:` is for the icons in its style sheets. */
export const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
  "manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

/** An answer of the API is no page: nothing may be loaded from it or around it. */
export const API_POLICY = "default-src 'none'; frame-ancestors 'none'"

/** A year and all subdomains, as the preload lists want; only where the page is served over HTTPS. */
export const STRICT_TRANSPORT_SECURITY = "max-age=31536000; includeSubDomains"

/** The headers of every answer; a page's answer brings a `Content-Security-Policy` of its own. */
export const apiHeaders = (config: Config): Record<string, string> => ({
  ...COMMON_HEADERS,
  "Content-Security-Policy": API_POLICY,
  ...(servedOverHttps(config) ? { "Strict-Transport-Security": STRICT_TRANSPORT_SECURITY } : {}),
})
