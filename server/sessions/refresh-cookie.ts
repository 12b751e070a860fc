import { type Config, servedOverHttps } from "../config.ts"

/** The only path that gets the cookie: refresh, and sign-out. */
const PATH = "/api/sessions/current"

const nameOf = (config: Config) => (servedOverHttps(config) ? "__Secure-docket-refresh" : "docket-refresh")

/** A `Set-Cookie` header that keeps the token for `seconds`; `Secure` follows `FRONTEND_URL`'s scheme. */
export const refreshCookie = (config: Config, token: string, seconds: number): string =>
  new Bun.Cookie(nameOf(config), token, {
    path: PATH,
    httpOnly: true,
    secure: servedOverHttps(config),
    sameSite: "strict",
    maxAge: seconds,
  }).serialize()

/** A `Set-Cookie` header that makes the browser forget it. */
export const noRefreshCookie = (config: Config): string => refreshCookie(config, "", 0)

/** The refresh token in a `Cookie` header. */
export const readRefreshCookie = (config: Config, cookies: string | undefined): string | null =>
  cookies ? new Bun.CookieMap(cookies).get(nameOf(config)) : null
