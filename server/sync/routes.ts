import { Elysia } from "elysia"
import { compressedJson } from "../compressed-json.ts"
import type { Dependencies } from "../dependencies.ts"
import { operation } from "../openapi/operation.ts"
import { Problem } from "../problems.ts"
import { signedIn } from "../sessions/signed-in.ts"
import { Turns } from "../turns.ts"
import { pull } from "./pull.ts"
import { push } from "./push.ts"
import { syncAnswer, syncRequest, VERSIONS } from "./shapes.ts"
import { SyncLimit } from "./sync-limit.ts"

/** Pulls that wait for their turn; the last of them has it long before its request is given up. */
const MOST_WAITING = 2000

export const syncRoutes = (dependencies: Dependencies) => {
  const { sql } = dependencies
  const limit = new SyncLimit()
  const turns = pullTurns(dependencies.config.databasePoolSize)
  return new Elysia({ prefix: "/api/sync", name: "sync", normalize: false }).use(signedIn(dependencies)).post(
    "/",
    async ({ caller: { accountId }, body, request }) => {
      requireVersion(body.v)
      limit.charge(accountId)
      const acks = await push(dependencies, accountId, body.epoch, body.ops)
      const pulled = await turns.take(() => pull(sql, accountId, body, body.ops))
      // Answers of thousands of rows are not checked against their shape again.
      return compressedJson({ v: body.v, acks, ...pulled }, request)
    },
    {
      body: syncRequest,
      response: { 200: syncAnswer },
      detail: operation({
        id: "sync",
        tag: "Sync",
        summary: "Send what was changed here, get what changed elsewhere",
        description:
          "docs/sync.md describes the protocol that Docket's own page speaks. Ops are done in order, each wholly or not at all, and each is answered; one that is sent again is answered again. `more` says to ask for the next page.",
        problems: { 409: ["client-too-old", "client-too-new"] },
      }),
    },
  )
}

/** When thousands come back at once, their pulls leave half of the pool to everyone else. */
const pullTurns = (poolSize: number) =>
  new Turns(Math.max(1, Math.floor(poolSize / 2)), MOST_WAITING, () =>
    Problem.tooManyRequests(5 + Math.random() * 10),
  )

function requireVersion(v: number) {
  const { oldest, newest } = VERSIONS
  const detail = `This server speaks versions ${oldest} to ${newest}.`
  if (v < oldest)
    throw new Problem(409, "client-too-old", "This page is too old for the server: load it anew.", { detail })
  if (v > newest) throw new Problem(409, "client-too-new", "This page is newer than the server.", { detail })
}
