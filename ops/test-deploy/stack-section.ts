import { check } from "../testing/check.ts"
import type { Site } from "./site.ts"
import { Stack } from "./stack.ts"

export async function checkStack(site: Site) {
  const stack = await Stack.of(site, "stack")
  await check("comes up", async () => {
    await stack.raise()
  })
}
