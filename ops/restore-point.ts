import type { Environment } from "./environments/environment.ts"

/**
 * Called by a deploy before it migrates: makes a point that the database can be brought back to, in seconds. Resolves to
 * a sentence of what there is; what it throws stops the deploy.
 */
export async function makeRestorePoint(environment: Environment): Promise<string> {
  const kept = environment.kind === "swarm" && environment.database === "stack"
  return kept
    ? "No restore point is made: the stack's database is not backed up by Docket. Migrations only go forward."
    : "No restore point is made here: whoever runs the database keeps its backups."
}
