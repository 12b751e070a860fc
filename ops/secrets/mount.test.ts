import { expect, test } from "bun:test"
import { withSecrets } from "./mount.ts"

const file = (name: string) => ({ Name: name, UID: "1000", GID: "1000", Mode: 0o400 })
const container = {
  Image: "docket",
  Env: ["JWT_SECRET_KEY_FILE=/run/secrets/jwt-secret-key", "PORT=8000"],
  Secrets: [{ SecretID: "a", SecretName: "s_jwt-secret-key_a", File: file("jwt-secret-key") }],
}
const [a, b] = [
  { id: "a", name: "s_jwt-secret-key_a" },
  { id: "b", name: "s_jwt-secret-key_b" },
]

test("one Swarm secret may be two files, and a new file has its variable", () => {
  const { Env, Secrets } = withSecrets(container, { "jwt-secret-key-previous": a })
  expect(Env).toEqual([
    "JWT_SECRET_KEY_FILE=/run/secrets/jwt-secret-key",
    "JWT_SECRET_KEY_PREVIOUS_FILE=/run/secrets/jwt-secret-key-previous",
    "PORT=8000",
  ])
  expect(Secrets?.map(({ SecretID, File }) => [SecretID, File.Name])).toEqual([
    ["a", "jwt-secret-key"],
    ["a", "jwt-secret-key-previous"],
  ])
})

test("two files change places, and then one goes with its variable", () => {
  const both = withSecrets(container, { "jwt-secret-key": b, "jwt-secret-key-previous": a })
  expect(both.Secrets?.find(({ File }) => File.Name === "jwt-secret-key")?.SecretID).toBe("b")
  const one = withSecrets(both, { "jwt-secret-key-previous": null })
  expect(one.Env).toEqual(container.Env)
  expect(one.Secrets).toEqual([
    { SecretID: "b", SecretName: "s_jwt-secret-key_b", File: file("jwt-secret-key") },
  ])
})
