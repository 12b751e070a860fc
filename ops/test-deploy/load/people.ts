import { Connection, type Request, type Target } from "./connection.ts"

/** Someone who is signed in. */
export type Person = { email: string; token: string }

const PASSWORD = "a long enough password"

/** Registers so many people, or signs them in who are there already. */
export async function people(target: Target, count: number): Promise<Person[]> {
  const connection = await Connection.make(target)
  const send = async (path: string, body: object) => {
    const request: Request = { method: "POST", path, body: JSON.stringify(body) }
    return connection.ask(target.domain, request)
  }
  const made: Person[] = []
  for (let number = 1; number <= count; number++) {
    const email = `person${number}@example.org`
    const signIn = () => send("/api/sessions", { email, password: PASSWORD })
    let session = await signIn()
    if (session.status !== 201) {
      const registered = await send("/api/accounts", { email, password: PASSWORD, name: `Person ${number}` })
      if (registered.status !== 201) throw new Error(`register: ${registered.status} ${registered.body}`)
      session = await signIn()
    }
    if (session.status !== 201) throw new Error(`sign-in: ${session.status} ${session.body}`)
    made.push({ email, token: JSON.parse(session.body).accessToken })
  }
  connection.close()
  return made
}
