import { describe, expect, test } from "bun:test"
import { AxeBuilder } from "@axe-core/playwright"
import type { Page, Request } from "playwright"
import { LANGUAGES, type Language } from "../src/i18n/languages.ts"
import { paths } from "../src/paths.ts"
import { startBrowser } from "./browser.ts"
import { startDocket } from "./docket.ts"
import { signedIn, signIn } from "./person.ts"
import { addList, addTodos, choose } from "./todos.ts"
import { type Words, words } from "./words.ts"

const docket = await startDocket()
const newDevice = await startBrowser(docket)

type Visit = (page: Page, w: Words) => Promise<unknown>
const open =
  (path: string): Visit =>
  async (page) => {
    await page.goto(path)
    await page.getByRole("heading", { level: 1 }).waitFor()
  }

/** Every page before sign-in, in every state that looks different. */
const GUEST_PAGES: Record<string, Visit> = {
  welcome: open(paths.welcome),
  register: open(paths.register),
  "register, with faults": async (page, w) => {
    await page.goto(paths.register)
    await page.getByRole("button", { name: w("register.submit") }).click()
    await page.getByText(w("fault.required")).first().waitFor()
  },
  "sign in": open(paths.signIn),
  "forgot password": open(paths.forgot),
  "forgot password, letter sent": async (page, w) => {
    await page.goto(paths.forgot)
    await page.getByLabel(w("forms.email")).fill("a.person.with.a.rather.long.address@department.example.org")
    await page.getByRole("button", { name: w("forgot.submit") }).click()
    await page.getByRole("heading", { name: w("letter.title") }).waitFor()
  },
  verify: async (page, w) => {
    await page.goto(`${paths.verify}#token=${"a".repeat(43)}`)
    await page.getByRole("button", { name: w("verify.submit") }).waitFor()
  },
  "reset password": async (page, w) => {
    await page.goto(`${paths.reset}#token=${"a".repeat(43)}`)
    await page.getByRole("button", { name: w("reset.submit") }).waitFor()
  },
  "a link without its token": async (page, w) => {
    await page.goto("about:blank")
    await page.goto(paths.verify)
    await page.getByRole("heading", { name: w("link.missingTitle") }).waitFor()
  },
  "not found": open("/no/such/page"),
}

/** Every page after it. */
const OWN_PAGES: Record<string, Visit> = {
  inbox: open(paths.inbox),
  "details of a todo": async (page, w) => {
    await page.goto(paths.inbox)
    await choose(page, w("todos.actionsFor", { title: "Bread" }), w("todos.openDetails"))
    await page.getByLabel(w("todos.notes")).waitFor()
  },
  "a menu": async (page, w) => {
    await page.goto(paths.inbox)
    await page.getByRole("button", { name: w("todos.actionsFor", { title: "Bread" }) }).click()
    await page.getByRole("menu").waitFor()
  },
  list: async (page, w) => {
    await page.goto(paths.inbox)
    const menu = page.getByRole("navigation", { name: w("shell.bottomBar") }).getByText(w("lists.lists"))
    if (page.viewportSize()!.width < 768) await menu.click()
    await page.getByRole("link", { name: "Weekend" }).click()
    await page.getByRole("heading", { name: "Weekend", level: 1 }).waitFor()
  },
  today: open(paths.today),
  upcoming: open(paths.upcoming),
  search: open(paths.search),
  trash: open(paths.trash),
  profile: open(paths.profileSettings),
  security: async (page, w) => {
    await page.goto(paths.securitySettings)
    await page.getByText(`${w("sessions.current")} · `).waitFor()
  },
  "your data": open(paths.dataSettings),
  "deleting the account": async (page, w) => {
    await page.goto(paths.dataSettings)
    await page.getByRole("button", { name: w("data.deleteOpen") }).click()
    await page.getByRole("dialog").waitFor()
  },
  "this device": async (page, w) => {
    await page.goto(paths.syncSettings)
    await page.getByText(w("device.notPersisted")).waitFor()
  },
  about: open(paths.about),
}

/** Someone with a list and todos, signed in on `page`. */
async function withTodos(page: Page, language: Language) {
  const person = await signedIn(docket, page)
  await addTodos(
    page,
    "Bread",
    "A todo whose title is long enough to be broken into two lines on any phone there is",
  )
  await addList(page, "Weekend")
  await page.goto(paths.profileSettings)
  if (language === "en") return person
  const saved = page.waitForResponse((response) => response.request().method() === "PATCH")
  await page.getByLabel(words()("forms.language"), { exact: true }).selectOption(language)
  await saved
  return person
}

describe.each(["light", "dark"] as const)("axe finds nothing, in %s, on", (colorScheme) => {
  test.each(Object.entries(GUEST_PAGES))("%s", async (_name, visit) => {
    const page = await (await newDevice({ colorScheme })).newTab()
    await visit(page, words())
    expect(await violations(page)).toEqual([])
  })

  test("the pages of someone signed in", async () => {
    const page = await (await newDevice({ colorScheme })).newTab()
    await withTodos(page, "en")
    const found: Record<string, string[]> = {}
    for (const [name, visit] of Object.entries(OWN_PAGES)) {
      await visit(page, words())
      found[name] = await violations(page)
    }
    expect(found).toEqual(Object.fromEntries(Object.keys(OWN_PAGES).map((name) => [name, []])))
  })
})

async function violations(page: Page) {
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  )
}

describe.each(Object.keys(LANGUAGES) as Language[])("at 320 pixels in %s", (language) => {
  const w = words(language)
  const viewport = { width: 320, height: 640 }

  test("no page for guests scrolls sideways", async () => {
    const page = await (await newDevice({ locale: language, viewport })).newTab()
    for (const [name, visit] of Object.entries(GUEST_PAGES)) {
      await visit(page, w)
      expect([name, await width(page)]).toEqual([name, 320])
    }
  })

  test("no page of someone signed in scrolls sideways", async () => {
    const person = await withTodos(await (await newDevice()).newTab(), language)
    const page = await (await newDevice({ locale: language, viewport })).newTab()
    await signIn(page, { ...person, language })
    for (const [name, visit] of Object.entries(OWN_PAGES)) {
      await visit(page, w)
      expect([name, await width(page)]).toEqual([name, 320])
    }
  })
})

const width = (page: Page) => page.evaluate(() => Math.max(document.documentElement.scrollWidth, innerWidth))

test("nothing moves once it is shown", async () => {
  const page = await (await newDevice()).newTab()
  await page.addInitScript(() => {
    const shifts: string[] = []
    Object.assign(globalThis, { shifts })
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & LayoutShift)[]) {
        // A tenth of what is still called good; less is a hairline that no one sees.
        if (entry.hadRecentInput || entry.value < 0.01) continue
        const moved = entry.sources.map(({ node }) => (node as Element | null)?.className).join(", ")
        shifts.push(`${location.pathname}: ${entry.value.toFixed(4)} ${moved}`)
      }
    }).observe({ type: "layout-shift", buffered: true })
  })
  const quiet = watchRequests(page)
  await withTodos(page, "en")
  const found: string[] = []
  for (const path of [...GUEST_PATHS, ...OWN_PATHS]) {
    await page.goto(path)
    await page.getByRole("heading", { level: 1 }).waitFor()
    await quiet()
    found.push(...(await page.evaluate(() => (globalThis as unknown as { shifts: string[] }).shifts)))
  }
  expect(found).toEqual([])
})

/** Waits until nothing has been on its way for half a second, but for the event stream, which has no end. */
function watchRequests(page: Page) {
  let lastNews = Date.now()
  const pending = new Set<Request>()
  const end = (request: Request) => {
    pending.delete(request)
    lastNews = Date.now()
  }
  page.on("request", (request) => {
    if (!request.url().endsWith("/api/events")) pending.add(request)
    lastNews = Date.now()
  })
  page.on("requestfinished", end)
  page.on("requestfailed", end)
  return async () => {
    while (pending.size > 0 || Date.now() - lastNews < 500) await Bun.sleep(50)
  }
}

type LayoutShift = { value: number; hadRecentInput: boolean; sources: { node: Node | null }[] }
const GUEST_PATHS = [paths.forgot, paths.verify, "/no/such/page"]
const OWN_PATHS = [
  paths.inbox,
  paths.today,
  paths.upcoming,
  paths.search,
  paths.trash,
  paths.profileSettings,
  paths.securitySettings,
  paths.dataSettings,
  paths.syncSettings,
  paths.about,
]
