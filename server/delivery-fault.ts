/** Milliseconds. */
const PATIENCE = 10_000

/**
 * Posts something to a service that is not ours: null when it was taken, else why not. Never names `url`, which may be a
 * secret, and follows no redirect, which would carry it elsewhere.
 */
export function deliveryFault(
  url: string,
  given: { headers: Record<string, string>; body?: string },
): Promise<string | null> {
  return fetch(url, {
    method: "POST",
    ...given,
    signal: AbortSignal.timeout(PATIENCE),
    redirect: "manual",
  }).then(
    async (answer) => {
      await answer.body?.cancel()
      return answer.ok ? null : `answered ${answer.status}`
    },
    (error: { code?: unknown; name?: unknown }) => `no answer (${error.code ?? error.name})`,
  )
}
