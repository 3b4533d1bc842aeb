/** Statements outlive one question that found nobody, and end soon after the server stopped answering. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createLiveness } from './liveness.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A liveness whose first questions fail, and what became of a statement that waits until it is cut. */
function watched(failures: number) {
  const cut = Promise.withResolvers<string>()
  const finish = Promise.withResolvers<string>()
  let asked = 0
  const live = createLiveness({
    ask: async () => {
      if (++asked <= failures) throw Object.assign(new Error('getaddrinfo EAI_AGAIN'), { code: 'EAI_AGAIN' })
      finish.resolve('done')
    },
    away: (cause) => new Error('away', { cause }),
    onAway: () => cut.resolve('cut'),
  })
  return { live, outcome: live.watch(() => Promise.race([cut.promise, finish.promise])) }
}

test('a statement outlives questions that found nobody, when a later one is answered', async () => {
  const { live, outcome } = watched(2)
  await vi.advanceTimersByTimeAsync(5_000)
  expect(await outcome).toBe('done')
  live.close()
})

test('where none is answered it is refused within 5 s, with the reason', async () => {
  const { live, outcome } = watched(Number.POSITIVE_INFINITY)
  const refused = expect(outcome).rejects.toMatchObject({ cause: { code: 'EAI_AGAIN' } })
  await vi.advanceTimersByTimeAsync(5_000)
  await refused
  live.close()
})
