import type { Docker } from "./compose.ts"

/** The label of the node that the stack's database is on, which says in which of its volumes. */
export const volumeLabel = (stack: string) => `${stack}.database-volume`

/**
 * The volume that the stack's database is in: the first, until a restore has put another in its place. A label of the
 * node says which, so that it holds as long as the volume does, even if the stack is removed and deployed again.
 */
export async function databaseVolume(docker: Docker, stack: string): Promise<string> {
  const ids = await docker(["node", "ls", "--quiet"])
  const labels = await docker(["node", "inspect", "--format", "{{json .Spec.Labels}}", ...ids.split("\n")])
  const named = labels.split("\n").flatMap((line) => JSON.parse(line)?.[volumeLabel(stack)] ?? [])
  return named[0] ?? `${stack}_database`
}
