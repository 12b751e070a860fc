import { checkRedirect } from "../smoke/certificate.ts"
import { ask, type Outside } from "../smoke/outside.ts"
import { headerFaults, openPage } from "../smoke/page.ts"
import { type Check, type Finding, ok, problem, warning } from "./finding.ts"

/** An origin that no installation has. */
const STRANGER = "https://stranger.invalid"

/** What HTTP shows of how the deployment is set up: redirects, headers, CORS, and where each domain leads. */
export async function checkHttp(outside: Outside): Promise<Finding[]> {
  return [
    ...(await Promise.all(outside.domains.map((domain) => checkClear(outside, domain)))),
    await attempted("headers", () => checkHeaders(outside)),
    await attempted("cors", () => checkCors(outside)),
    ...(await Promise.all(
      outside.domains.slice(1).map((domain) => attempted("domains", () => checkOtherDomain(outside, domain))),
    )),
  ]
}

const ROUTING = "The routes are in ops/stack.yml: deploy again, and see bun run ops logs ENVIRONMENT traefik."

async function checkClear(outside: Outside, domain: string): Promise<Finding> {
  try {
    return ok("redirect", `http://${domain}: ${await checkRedirect(outside, domain)}.`)
  } catch (error) {
    return problem("redirect", sentence(error), ROUTING)
  }
}

async function attempted(check: Check, look: () => Promise<Finding>): Promise<Finding> {
  try {
    return await look()
  } catch (error) {
    return problem(check, sentence(error), "See what answers there: bun run ops status ENVIRONMENT.")
  }
}

const sentence = (error: unknown) => (error as Error).message.replace(/[^.]$/, "$&.")

async function checkHeaders(outside: Outside): Promise<Finding> {
  const faults = headerFaults((await openPage(outside)).headers)
  if (faults.length === 0) return ok("headers", "The page comes with its security headers.")
  return problem(
    "headers",
    faults.join(" "),
    "The server sends them all (HSTS where FRONTEND_URL is https:): look for what stands before it and takes them away.",
  )
}

/** What a browser asks before a page of another origin may call the API (Fetch standard, CORS protocol). */
async function checkCors(outside: Outside): Promise<Finding> {
  const origin = `https://${outside.domains[0]}`
  const [own, stranger] = await Promise.all([preflight(outside, origin), preflight(outside, STRANGER)])
  if (stranger.headers.get("access-control-allow-origin") !== null)
    return problem(
      "cors",
      "Pages of any site may call the API in a signed-in person's name.",
      "Only the server may answer preflights: remove what adds Access-Control-Allow-Origin before it.",
    )
  if (own.headers.get("access-control-allow-origin") !== origin)
    return problem(
      "cors",
      `A preflight from ${origin} is answered with ${own.headers.get("access-control-allow-origin") ?? "no origin"}: the server takes another address for its page's.`,
      `Set FRONTEND_URL to ${origin}; in the stack the first of domains is.`,
    )
  const methods = own.headers.get("access-control-allow-methods") ?? ""
  if (own.headers.get("access-control-allow-credentials") !== "true" || !/PATCH/.test(methods))
    return problem(
      "cors",
      "A preflight's answer lacks credentials or methods.",
      "Something before the server answers preflights itself: let OPTIONS pass.",
    )
  return ok("cors", `Only ${origin} may call the API from a page.`)
}

const preflight = (outside: Outside, origin: string) =>
  ask(outside, outside.domains[0]!, "/api/todos", {
    method: "OPTIONS",
    headers: {
      Origin: origin,
      "Access-Control-Request-Method": "PATCH",
      "Access-Control-Request-Headers": "authorization,content-type",
    },
  })

/** Sessions, links and the API belong to the first domain, so the others have to lead there. */
async function checkOtherDomain(outside: Outside, domain: string): Promise<Finding> {
  const [first] = outside.domains
  const answer = await openPage(outside, domain)
  const to = URL.parse(answer.headers.get("location") ?? "", `https://${domain}`)
  if (answer.status >= 300 && answer.status < 400 && to?.protocol === "https:" && to.hostname === first)
    return ok("domains", `${domain} leads to ${first}.`)
  return warning(
    "domains",
    `${domain} answers ${answer.status} itself instead of leading to ${first}, and nobody stays signed in there.`,
    ROUTING,
  )
}
