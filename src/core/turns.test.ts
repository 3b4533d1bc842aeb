import { expect, test } from 'vitest'
import { createTurns } from './turns.ts'

test('two at a time, the rest in their order, whatever fails', async () => {
  const turns = createTurns(2)
  const begun: number[] = []
  const ends: (() => void)[] = []
  const all = [0, 1, 2, 3].map((number) =>
    turns(async () => {
      begun.push(number)
      await new Promise<void>((end) => ends.push(end))
      if (number === 0) throw new Error('broken')
      return number
    }),
  )
  const settled = Promise.allSettled(all)
  for (const [ended, after] of [
    [0, [0, 1, 2]],
    [1, [0, 1, 2, 3]],
  ] as const) {
    ends[ended]?.()
    await Promise.allSettled([all[ended]])
    await expect.poll(() => begun).toEqual(after)
  }
  for (const end of ends) end()
  expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled', 'fulfilled'])
})
