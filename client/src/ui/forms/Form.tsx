import { type JSX, Show } from "solid-js"
import { Button } from "../Button.tsx"
import { Icon } from "../Icon.tsx"
import { laterIcons } from "../later-icons.ts"
import { createFormState, type Explanation, FormContext, type Values } from "./form-state.ts"
import "./Form.css"

type Props = {
  /** What the button that submits it says: a verb. */
  submit: string
  kind?: "primary" | "plain" | "danger"
  /** Sends what was entered. What it throws is explained beside the fields and above them. */
  onSubmit: (values: Values) => Promise<void>
  explain: (error: unknown, fields: string[]) => Explanation
  /** Stands under the message of a failed submit: another way on. */
  wayOn?: (failure: unknown) => JSX.Element
  /** Stands beside the button. */
  beside?: JSX.Element
  wide?: boolean
  children: JSX.Element
}

export function Form(props: Props) {
  const state = createFormState(
    (values) => props.onSubmit(values),
    (error, fields) => props.explain(error, fields),
  )
  return (
    <FormContext.Provider value={state}>
      <form
        class="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void state.submit(event.currentTarget)
        }}
      >
        {/* There from the start: a live region that comes with its text is not read. */}
        <div role="alert">
          <Show when={state.message()}>
            {(message) => (
              <div class="form-message">
                <Icon name={laterIcons.error} />
                <p>{message()}</p>
                {props.wayOn?.(state.failure())}
              </div>
            )}
          </Show>
        </div>
        {props.children}
        <div class="form-actions">
          <Button type="submit" kind={props.kind ?? "primary"} wide={props.wide} busy={state.busy()}>
            {props.submit}
          </Button>
          {props.beside}
        </div>
      </form>
    </FormContext.Provider>
  )
}
