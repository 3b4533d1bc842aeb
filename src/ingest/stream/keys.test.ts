import { expect, test } from 'vitest'
import { shareLookUps } from './keys.ts'

test('what comes in one turn shares a look-up, what comes once it began does not', async () => {
  const asked: string[] = []
  let found = 'first'
  const find = shareLookUps(async (key) => {
    asked.push(key)
    return await Promise.resolve(`${key} ${found}`)
  })
  const together = [find('a'), find('a'), find('b')]
  expect(asked).toEqual([])
  await expect.poll(() => asked).toEqual(['a', 'b'])
  found = 'second'
  expect(await find('a')).toBe('a second')
  expect(await Promise.all(together)).toEqual(['a first', 'a first', 'b first'])
  expect(asked).toEqual(['a', 'b', 'a'])
})

test('a failure is told to those who share it and to nobody after', async () => {
  let away = true
  const find = shareLookUps(async () => await (away ? Promise.reject(new Error('away')) : Promise.resolve('here')))
  const together = await Promise.allSettled([find('a'), find('a')])
  expect(together.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  away = false
  expect(await find('a')).toBe('here')
})
