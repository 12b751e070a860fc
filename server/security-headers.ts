import { type Config, servedOverHttps } from "./config.ts"

/** Sent with every answer, the page's and the API's. client/vercel.json holds the same set for the page (ops/hosted/vercel.test.ts). */
export const COMMON_HEADERS: Readonly<Record<string, string>> = {
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  // The filter that 1 switched on could itself be abused to leak; 0 keeps old browsers from using it.
  "X-XSS-Protection": "0",
  "Referrer-Policy": "strict-origin-when-cross-origin",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
}

/** The page loads its own files and nothing else; `data:` is for the icons in its style sheets. */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ")

/** An answer of the API is no page: nothing may be loaded by it or around it. */
export const API_POLICY = "default-src 'none'; frame-ancestors 'none'"

/** A year and all subdomains; only where the page is served over HTTPS, or it would lock a laptop out. */
export const STRICT_TRANSPORT_SECURITY = "max-age=31536000; includeSubDomains"

/** Puts the security headers on `response`. A `Content-Security-Policy` or `Cache-Control` of its own stays. */
export function securityHeaders(config: Config): (response: Response, isPage: boolean) => void {
  const always = Object.entries(COMMON_HEADERS)
  if (servedOverHttps(config)) always.push(["Strict-Transport-Security", STRICT_TRANSPORT_SECURITY])
  return ({ headers }, isPage) => {
    for (const [name, value] of always) headers.set(name, value)
    if (!headers.has("Content-Security-Policy")) {
      headers.set("Content-Security-Policy", isPage ? PAGE_POLICY : API_POLICY)
    }
    if (!headers.has("Cache-Control")) headers.set("Cache-Control", "no-store")
  }
}
