import { createContext, createSignal } from "solid-js"
import { createStore } from "solid-js/store"

/** What the person entered, by field name. */
export type Values = Record<string, string>
/** What is wrong, in words, by field name. */
export type Faults = Record<string, string>
/** What to say about a failed submit: beside fields, and above them all. */
export type Explanation = { faults: Faults; message?: string }

type Field = {
  name: string
  element: HTMLInputElement | HTMLSelectElement
  check: (value: string) => string | null
}

export type FormState = ReturnType<typeof createFormState>

/** Milliseconds after which a submit under way is shown. */
const PATIENCE = 300

/**
 * The one path of every submit: check, send, explain. Inputs keep what was typed whatever happens. `send` may
 * throw anything; `explain` turns that into words.
 */
export function createFormState(
  send: (values: Values) => Promise<void>,
  explain: (error: unknown, fields: string[]) => Explanation,
) {
  const fields = new Map<string, Field>()
  const [faults, setFaults] = createStore<Record<string, string | undefined>>({})
  const [message, setMessage] = createSignal("")
  const [failure, setFailure] = createSignal<unknown>()
  const [busy, setBusy] = createSignal(false)
  let sending = false

  async function submit(form: HTMLFormElement) {
    if (sending) return
    const values = readValues(form)
    setMessage("")
    setFailure()
    if (show(check(values))) return
    sending = true
    const timer = setTimeout(setBusy, PATIENCE, true)
    try {
      await send(values)
    } catch (error) {
      const { faults, message } = explain(error, [...fields.keys()])
      setFailure(() => error)
      setMessage(message ?? "")
      show(faults)
    } finally {
      clearTimeout(timer)
      sending = false
      setBusy(false)
    }
  }

  function check(values: Values): Faults {
    const found: Faults = {}
    for (const { name, check } of fields.values()) {
      const fault = check(values[name] ?? "")
      if (fault) found[name] = fault
    }
    return found
  }

  /** Shows the faults, moves the focus to the first in the order of the page, and says whether there are any. */
  function show(found: Faults): boolean {
    const inOrder = [...fields.values()].sort((a, b) =>
      a.element.compareDocumentPosition(b.element) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1,
    )
    for (const { name } of inOrder) setFaults(name, found[name])
    const first = inOrder.find(({ name }) => found[name])
    first?.element.focus()
    return first !== undefined
  }

  return {
    submit,
    busy,
    /** What to say above the fields, or nothing. */
    message,
    /** What the last submit failed with, for a page that offers more than words. */
    failure,
    fault: (name: string) => faults[name],
    /** Takes the fault away, as soon as the person is at it. */
    touch: (name: string) => setFaults(name, undefined),
    register: (field: Field) => fields.set(field.name, field),
    unregister: (name: string) => fields.delete(name),
  }
}

const readValues = (form: HTMLFormElement): Values =>
  Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]))

export const FormContext = createContext<FormState>()
