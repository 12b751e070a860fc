import type { Site as DeploySite } from "../../test-deploy/site.ts"
import { expect } from "../../testing/check.ts"

const PASSWORD = "a long enough password"

/** Somebody who uses the service as people do, through the door, on whichever host it is. */
export class Person {
  constructor(
    private readonly site: DeploySite,
    private readonly name = "ada",
    private token = "",
  ) {}

  get email(): string {
    return `${this.name}@example.org`
  }

  /** The same person with what their device holds, at another host. */
  at(site: DeploySite): Person {
    return new Person(site, this.name, this.token)
  }

  async register() {
    const account = { email: this.email, password: PASSWORD, name: this.name }
    const answer = await this.ask("/api/accounts", account)
    const said = await answer.text()
    expect(answer.status === 201, `registering answers ${answer.status}: ${said}`)
  }

  async signIn() {
    const answer = await this.ask("/api/sessions", { email: this.email, password: PASSWORD })
    const said = await answer.text()
    expect(answer.status === 201, `signing in answers ${answer.status}: ${said}`)
    this.token = (JSON.parse(said) as { accessToken: string }).accessToken
  }

  /** Resolves once the server has said that it is kept. */
  async write(title: string) {
    const answer = await this.ask("/api/todos", { id: Bun.randomUUIDv7(), title })
    const said = await answer.text()
    expect(answer.status === 201, `creating a todo answers ${answer.status}: ${said}`)
  }

  /** Whether what their device holds is still good. */
  async isSignedIn(): Promise<boolean> {
    return (await this.ask("/api/sessions")).status === 200
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
