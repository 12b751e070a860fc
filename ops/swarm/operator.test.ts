import { expect, test } from "bun:test"
import { isAlive, operator } from "./operator.ts"

test("who runs is alive, who was killed is not, though its parent has not asked for it", async () => {
  const here = operator()
  expect(isAlive(here)).toBe(true)
  expect(isAlive({ ...here, machine: "another" })).toBeUndefined()
  // The shell becomes a program that never asks what became of its children.
  const parent = Bun.spawn(["sh", "-c", "sleep 60 & echo $!; exec sleep 60"], { stdout: "pipe" })
  const { value } = await parent.stdout.getReader().read()
  const child = Number(new TextDecoder().decode(value))
  expect(isAlive({ ...here, process: child })).toBe(true)
  process.kill(child, "SIGKILL")
  for (let tries = 0; isAlive({ ...here, process: child }) && tries < 50; tries++) await Bun.sleep(20)
  expect(isAlive({ ...here, process: child })).toBe(false)
  expect(() => process.kill(child, 0)).not.toThrow()
  parent.kill()
})
