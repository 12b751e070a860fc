import { isIP } from "node:net"

export type Parsed<T> = { value: T } | { fault: string }

/** What the text of a variable may be. */
export type VariableType<T> = {
  /** For the reference: `true or false`, `a number from 1 to 100`. */
  shape: string
  /** A fault completes a sentence that begins with the variable's name, and never repeats the text. */
  parse: (text: string) => Parsed<T>
}

export const text: VariableType<string> = { shape: "text", parse: (value) => ({ value }) }

export const boolean: VariableType<boolean> = {
  shape: "`true` or `false`",
  parse: (value) =>
    value === "true" || value === "false" ? { value: value === "true" } : { fault: "must be true or false" },
}

export const integer = (least: number, most: number): VariableType<number> => ({
  shape: `a whole number from ${least} to ${most}`,
  parse: (value) =>
    /^\d{1,9}$/.test(value) && Number(value) >= least && Number(value) <= most
      ? { value: Number(value) }
      : { fault: `must be a whole number from ${least} to ${most}` },
})

export const oneOf = <T extends string>(...choices: T[]): VariableType<T> => ({
  shape: choices.map((choice) => `\`${choice}\``).join(", "),
  parse: (value) =>
    choices.includes(value as T) ? { value: value as T } : { fault: `must be one of ${choices.join(", ")}` },
})

export const databaseUrl: VariableType<string> = {
  shape: "a `postgres://` URL",
  parse: (value) => {
    const url = URL.parse(value)
    if (!url || !/^postgres(ql)?:$/.test(url.protocol) || !url.hostname)
      return {
        fault:
          "must be a URL such as postgres://name:password@host:5432/database (percent-encode special characters in the password)",
      }
    if (url.pathname.length < 2)
      return { fault: "must name a database after the host, as in postgres://…@host:5432/docket" }
    return { value }
  },
}

/** Scheme, host and port; without the slash that browsers leave out of `Origin`. */
export const origin: VariableType<string> = {
  shape: "an origin such as `https://todo.example.org`",
  parse: (value) => {
    const url = URL.parse(value)
    if (!url || !/^https?:$/.test(url.protocol))
      return { fault: "must begin with https:// (or http://), as in https://todo.example.org" }
    if (url.pathname !== "/" || url.search || url.hash || url.username || url.password)
      return {
        fault:
          "must be an origin, that is scheme, host and port with nothing after them, as in https://todo.example.org",
      }
    return { value: url.origin }
  },
}

export const httpsUrl: VariableType<string> = {
  shape: "an `https://` URL",
  parse: (value) =>
    /^(https:|http:\/\/(localhost|127\.0\.0\.1)(:|\/|$))/.test(value) && URL.canParse(value)
      ? { value }
      : { fault: "must be a URL that begins with https://" },
}

/** It may well be a neighbour in a network of one's own, so without TLS. */
export const collectorUrl: VariableType<string> = {
  shape: "an `http://` or `https://` URL",
  parse: (value) => {
    const url = URL.parse(value)
    return url && /^https?:$/.test(url.protocol) && !url.search && !url.hash && !url.username
      ? { value }
      : { fault: "must be a URL that begins with http:// or https://, without query and password" }
  },
}

/** As OpenTelemetry has it: `name=value`, percent-encoded, separated by commas. */
export const collectorHeaders: VariableType<Record<string, string>> = {
  shape: "`name=value` pairs",
  parse: (value) => {
    const fault = "must be pairs like name=value, percent-encoded and separated by commas"
    const headers: Record<string, string> = {}
    for (const pair of value.split(",")) {
      const [, name, encoded] = /^\s*([\w!#$%&'*+.^`|~-]+)\s*=\s*([\x21-\x7e]+)\s*$/.exec(pair) ?? []
      if (!name || !encoded) return { fault }
      try {
        headers[name] = decodeURIComponent(encoded)
      } catch {
        return { fault }
      }
      if (/[^\x20-\x7e]/.test(headers[name])) return { fault }
    }
    return { value: headers }
  },
}

/** A mail server with the name and password to sign in with; `?tls=none` for one on the same machine or network. */
export const smtpUrl: VariableType<string> = {
  shape: "an `smtp://` (STARTTLS) or `smtps://` URL",
  parse: (value) => {
    const url = URL.parse(value)
    return url && /^smtps?:$/.test(url.protocol) && url.hostname && url.pathname.length < 2
      ? { value }
      : {
          fault:
            "must be a URL such as smtp://name:password@host:587 (percent-encode special characters in the password)",
        }
  },
}

/** https://develop.sentry.dev/sdk/overview/#parsing-the-dsn */
export const sentryDsn: VariableType<string> = {
  shape: "`https://KEY@HOST/PROJECT`",
  parse: (value) => {
    const url = URL.parse(value)
    const secure = url?.protocol === "https:" || ["localhost", "127.0.0.1"].includes(url?.hostname ?? "")
    return url && secure && url.username && /\/\w+$/.test(url.pathname)
      ? { value }
      : { fault: "must be a DSN such as https://key@sentry.example.org/1" }
  },
}

export const address: VariableType<string> = {
  shape: "`name@example.org`",
  parse: (value) =>
    /^[^\s<>@,;]+@[^\s<>@,;]+$/.test(value)
      ? { value }
      : { fault: "must be one address, such as operator@example.org" },
}

export const hostName: VariableType<string> = {
  shape: "a host name or address",
  parse: (value) =>
    isIP(value) !== 0 || /^[\w-]+(\.[\w-]+)*\.?$/.test(value)
      ? { value }
      : { fault: "must be a host name alone, without a scheme, a port or a path" },
}

export const sender: VariableType<string> = {
  shape: "`name@example.org` or `Docket <name@example.org>`",
  parse: (value) =>
    /^([^<>\r\n]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/.test(value)
      ? { value }
      : { fault: "must be an address such as todo@example.org or Docket <todo@example.org>" },
}

/** A key for HMAC-SHA-256 (RFC 7518, 3.2: at least as long as the hash). */
export const signingKey: VariableType<string> = {
  shape: "at least 32 characters",
  parse: (value) => {
    const advice = "make one with `openssl rand -base64 48`"
    if (value.length < 32)
      return { fault: `is ${value.length} characters long and must have at least 32: ${advice}` }
    // 32 random hexadecimal digits hold 14 different ones on average, and fewer than 8 once in 80,000 times.
    if (new Set(value).size < 8) return { fault: `repeats a few characters: ${advice}` }
    if (/change[-_ ]?(me|this)|your[-_ ]|placeholder|example/i.test(value))
      return { fault: `is a placeholder: ${advice}` }
    return { value }
  },
}

export const certificates: VariableType<string> = {
  shape: "certificates in PEM",
  parse: (value) =>
    value.includes("-----BEGIN CERTIFICATE-----")
      ? { value }
      : { fault: "must hold certificates in PEM, which begin with -----BEGIN CERTIFICATE-----" },
}

export const addressRanges: VariableType<string[]> = {
  shape: "addresses and ranges, separated by commas",
  parse: (value) => {
    const ranges = value
      .split(",")
      .map((range) => range.trim())
      .filter(Boolean)
    const wrong = ranges.find((range) => !isRange(range))
    return wrong === undefined
      ? { value: ranges }
      : {
          fault: `holds ${JSON.stringify(wrong)}, which is neither an address nor a range such as 10.0.0.0/8`,
        }
  },
}

function isRange(range: string): boolean {
  const [address = "", prefix, ...rest] = range.split("/")
  const version = isIP(address)
  const bits = version === 4 ? 32 : 128
  return (
    version !== 0 &&
    rest.length === 0 &&
    (prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits))
  )
}
