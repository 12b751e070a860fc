import { type Static, t } from "elysia"
import { choice } from "../input-types.ts"

/** What a backup or a drill says of its end. */
export const backupReport = t.Object(
  {
    kind: choice(["backup", "drill"]),
    outcome: choice(["succeeded", "failed"]),
    /** Of a success: the moment that the backup brings back, or at which the drill proved one. */
    at: t.String({ format: "moment" }),
    sizeBytes: t.Optional(t.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
  },
  { additionalProperties: false },
)
export type BackupReport = Static<typeof backupReport>
