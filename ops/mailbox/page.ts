import type { ListedLetter, OpenedLetter } from "./mailbox.ts"

const element = <T extends HTMLElement>(id: string) => document.getElementById(id) as T
const time = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" })

let listed: ListedLetter[] = []
let opened: number | undefined
let view = "html"

/** Asks for the list every two seconds; the newest letter opens by itself while none was chosen. */
async function refresh() {
  try {
    const letters: ListedLetter[] = await (await fetch("/letters")).json()
    if (letters[0]?.id !== listed[0]?.id || letters.length !== listed.length) {
      listed = letters
      showList()
      const chosen = Number(location.hash.slice(1))
      if (letters.some((letter) => letter.id === chosen)) await open(chosen)
      else if (letters[0]) await open(letters[0].id)
      else element("letter").hidden = true
    }
  } catch {
    // The development server stopped or is starting again: keep what is shown and ask later.
  }
  setTimeout(refresh, 2_000)
}

function showList() {
  element("none").hidden = listed.length > 0
  element("empty").hidden = listed.length === 0
  element("letters").replaceChildren(
    ...listed.map(({ id, subject, to, receivedAt }) => {
      const link = document.createElement("a")
      link.href = `#${id}`
      const facts = document.createElement("small")
      facts.textContent = `${to} · ${time.format(new Date(receivedAt))}`
      link.append(subject, facts)
      const item = document.createElement("li")
      item.append(link)
      return item
    }),
  )
}

async function open(id: number) {
  for (const link of document.querySelectorAll<HTMLAnchorElement>("#letters a"))
    link.setAttribute("aria-current", `${link.hash === `#${id}`}`)
  if (opened === id && !element("letter").hidden) return
  const answer = await fetch(`/letters/${id}`)
  if (!answer.ok) return
  opened = id
  const letter: OpenedLetter = await answer.json()
  element("subject").textContent = letter.subject
  element("from").textContent = letter.from
  element("to").textContent = letter.to
  element("links").replaceChildren(
    ...letter.links.map((url) => {
      const link = document.createElement("a")
      link.href = url
      link.target = "_blank"
      link.rel = "noreferrer"
      link.textContent = url
      const item = document.createElement("li")
      item.append(link)
      return item
    }),
  )
  element("letter").hidden = false
  await show()
}

async function show() {
  for (const button of document.querySelectorAll<HTMLButtonElement>("[data-view]"))
    button.setAttribute("aria-pressed", `${button.dataset.view === view}`)
  element("html").hidden = view !== "html"
  element("text").hidden = view === "html"
  if (view === "html") element<HTMLIFrameElement>("html").src = `/letters/${opened}/html`
  else if (view === "text") {
    const letter: OpenedLetter = await (await fetch(`/letters/${opened}`)).json()
    element("text").textContent = letter.text
  } else element("text").textContent = await (await fetch(`/letters/${opened}/source`)).text()
}

addEventListener("hashchange", () => open(Number(location.hash.slice(1))))
element("views").addEventListener("click", (event) => {
  view = (event.target as HTMLElement).dataset.view ?? view
  show()
})
element("empty").addEventListener("click", async () => {
  await fetch("/letters", { method: "DELETE" })
  history.replaceState(null, "", location.pathname)
  opened = undefined
})
refresh()
