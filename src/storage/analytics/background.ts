/** The analytics store for work beside the calls: few statements at a time and longer ones, so that whoever waits for an answer is never behind it. Runs no SQL of its own. */
import { MercatError } from '../../core/errors.ts'
import type { Analytics } from './run.ts'

/** chDB reads on two lanes: one stays for calls. A server has room for more, and bounds its own. */
const atOnce = { chdb: 1, clickhouse: 4 } as const
/** A statement of a job may take this long where the caller does not say. */
const seconds = 3600

/** The same store, whose queries wait for their turn among all that go through here. Writes are as before: chDB has one lane for them, which calls do not use. */
export function inBackground(analytics: Analytics): Analytics {
  const waiting: (() => void)[] = []
  let free: number = atOnce[analytics.engine]

  async function turn(signal: AbortSignal | undefined): Promise<void> {
    if (free > 0) {
      free--
      return
    }
    await new Promise<void>((resolve, reject) => {
      const start = () => {
        signal?.removeEventListener('abort', leave)
        resolve()
      }
      const leave = () => {
        const at = waiting.indexOf(start)
        if (at >= 0) waiting.splice(at, 1)
        reject(new MercatError('cancelled', 'The query was cancelled', {}, { cause: signal?.reason }))
      }
      if (signal?.aborted) return leave()
      signal?.addEventListener('abort', leave, { once: true })
      waiting.push(start)
    })
  }

  function done(): void {
    const next = waiting.shift()
    if (next) next()
    else free++
  }

  return {
    ...analytics,
    query: async (sql, params, options = {}) => {
      await turn(options.signal)
      try {
        return await analytics.query(sql, params, { seconds, ...options })
      } finally {
        done()
      }
    },
  }
}
