import type { Site as DeploySite } from "../../test-deploy/site.ts"
import { expect } from "../../testing/check.ts"

const PERSON = { email: "ada@example.org", password: "a long enough password", name: "Ada" }

/** Somebody who uses the service as people do, through the door, on whichever host it is. */
export class Person {
  private token = ""

  constructor(private readonly site: DeploySite) {}

  async register() {
    const { status } = await this.ask("/api/accounts", PERSON)
    expect(status === 201 || status === 202, `registering answers ${status}`)
  }

  async signIn() {
    const answer = await this.ask("/api/sessions", { email: PERSON.email, password: PERSON.password })
    expect(answer.status === 201, `signing in answers ${answer.status}: ${await answer.text()}`)
    this.token = ((await answer.json()) as { accessToken: string }).accessToken
  }

  /** Resolves once the server has said that it is kept. */
  async write(title: string) {
    const { status } = await this.ask("/api/todos", { id: Bun.randomUUIDv7(), title })
    expect(status === 201, `creating a todo answers ${status}`)
  }

  async authorised(): Promise<number> {
    return (await this.ask("/api/sessions")).status
  }

  private async ask(path: string, body?: object): Promise<Response> {
    const { address, domains, authority } = this.site
    return fetch(`https://${address}${path}`, {
      method: body ? "POST" : "GET",
      headers: {
        Host: domains[0],
        "Content-Type": "application/json",
        ...(this.token && { Authorization: `Bearer ${this.token}` }),
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(10_000),
      tls: { ca: await authority.roots(), serverName: domains[0] },
    } as RequestInit)
  }
}
