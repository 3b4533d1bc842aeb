/**
 * Tells a server that works long from one that is gone: asks it anew whether it lives whenever something waits for it in silence, and refuses at once while it
 * is known to be away. A statement may so run for hours, and a frozen server or a silent network is still known after about 3.5 s. Knows no engine.
 */

/** How long a wait may be silent before the server is asked. */
const silentMs = 750
/** How long the server may take to say that it lives. */
const answerMs = 2_500
/** A process that was held up reads what came meanwhile before it judges. */
const graceMs = 250
/** After a question that found nobody: one refused connection, or a name that could not be looked up, is no proof that running statements have nobody behind them. */
const againMs = 500

export interface Liveness {
  /** Waits for the work while the server lives. Rejects with the error of `away`: at once while it is known to be away, else soon after it stopped answering. */
  readonly watch: <Result>(work: () => Promise<Result>) => Promise<Result>
  readonly close: () => void
}

export interface LivenessOptions {
  /** Resolves when the server gave any answer on a way of its own, behind nothing else that waits; rejects when it gave none. */
  readonly ask: (signal: AbortSignal) => Promise<unknown>
  /** What callers are told. */
  readonly away: (cause: unknown) => Error
  /** It has just stopped answering: nothing that was begun with it will end by itself. */
  readonly onAway: () => void
}

interface Waiting {
  since: number
  readonly give: (error: Error) => void
}

export function createLiveness({ ask, away, onAway }: LivenessOptions): Liveness {
  const waiting = new Set<Waiting>()
  let timer: NodeJS.Timeout | undefined
  let asking = false
  let closed = false
  /** Why the server is known to be away. */
  let gone: { readonly cause: unknown } | undefined

  function plan(ms: number): void {
    if (timer !== undefined || asking || closed) return
    timer = setTimeout(() => {
      timer = undefined
      void look()
    }, ms)
    timer.unref()
  }

  async function look(): Promise<void> {
    const now = performance.now()
    const longest = Math.max(0, ...[...waiting].map(({ since }) => now - since))
    if (gone || longest >= silentMs) {
      asking = true
      const failed = await silence(ask)
      asking = false
      if (closed) return
      if (failed) {
        if (!gone) onAway()
        gone = failed
        for (const { give } of waiting) give(away(failed.cause))
        waiting.clear()
        return plan(againMs)
      }
      gone = undefined
      for (const one of waiting) one.since = performance.now()
    }
    if (waiting.size > 0) plan(Math.max(50, silentMs - longest))
  }

  return {
    watch: (work) =>
      new Promise((resolve, reject) => {
        if (gone) return reject(away(gone.cause))
        const one: Waiting = { since: performance.now(), give: reject }
        waiting.add(one)
        plan(silentMs)
        work()
          .then(resolve, reject)
          .finally(() => waiting.delete(one))
      }),
    close: () => {
      closed = true
      clearTimeout(timer)
    },
  }
}

/** Asks until it is answered or the time is over. @returns undefined when the server answered, else why not */
async function silence(ask: LivenessOptions['ask']): Promise<{ cause: unknown } | undefined> {
  const ending = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let cause: unknown
  const late = new Promise<{ cause: unknown }>((resolve) => {
    const give = () => resolve({ cause: cause ?? new Error(`no answer for ${answerMs / 1000} s`) })
    timer = setTimeout(() => (timer = setTimeout(give, graceMs).unref()), answerMs).unref()
  })
  const answered = async (): Promise<undefined> => {
    while (!ending.signal.aborted) {
      try {
        return void (await ask(ending.signal))
      } catch (error) {
        cause = error
      }
      await new Promise((resolve) => setTimeout(resolve, againMs).unref())
    }
  }
  try {
    return await Promise.race([late, answered()])
  } finally {
    clearTimeout(timer)
    ending.abort()
  }
}
