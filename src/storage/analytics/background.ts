/** The analytics store for work beside the calls: few statements at a time and longer ones, so that whoever waits for an answer is never behind it. Runs no SQL of its own. */
import { MercatError } from '../../core/errors.ts'
import { createLanes } from './lanes.ts'
import type { Analytics } from './run.ts'

/** chDB reads on two lanes: one stays for calls. A server has room for more, and bounds its own. */
const atOnce = { chdb: 1, clickhouse: 4 } as const
/** A statement of a job may take this long where the caller does not say. */
const seconds = 3600
const never = new AbortController().signal

/** The same store, whose queries wait for their turn among all that go through here. Writes are as before: chDB has one lane for them, which calls do not use. */
export function inBackground(analytics: Analytics): Analytics {
  const lanes = createLanes(atOnce[analytics.engine], () => ({ close: () => {} }))
  return {
    ...analytics,
    query: async (sql, params, options = {}) => {
      const lane = await lanes.take(options.signal ?? never).catch((cause: unknown) => {
        throw new MercatError('cancelled', 'The query was cancelled', {}, { cause })
      })
      try {
        return await analytics.query(sql, params, { seconds, ...options })
      } finally {
        lanes.give(lane, true)
      }
    },
  }
}
