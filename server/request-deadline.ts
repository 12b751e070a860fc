type Waiting = { since: number; giveUp: () => void }

/**
 * Bounds how long a request may take, whatever it waits for: a body that never ends, a connection that died without
 * a word. `race(answer, late)` is `answer`, or after `seconds` (up to one more) what `late` returns.
 *
 * One timer looks after all requests: a timer for each would cost every read more than the rest of this.
 */
export function requestDeadline(seconds: number, now: () => number = performance.now.bind(performance)) {
  const waiting = new Set<Waiting>()
  const sweep = () => {
    const overdue = now() - seconds * 1000
    // Sets are walked in the order of insertion: the first that is not late ends the walk.
    for (const request of waiting) {
      if (request.since > overdue) return
      waiting.delete(request)
      request.giveUp()
    }
  }
  setInterval(sweep, 1000).unref()

  const race = (answer: Promise<Response>, late: () => Response): Promise<Response> =>
    new Promise((resolve, reject) => {
      const request = { since: now(), giveUp: () => resolve(late()) }
      waiting.add(request)
      answer.then(
        (response) => {
          waiting.delete(request)
          resolve(response)
        },
        (error) => {
          waiting.delete(request)
          reject(error)
        },
      )
    })
  return { race, sweep }
}
