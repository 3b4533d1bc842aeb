/** Pieces of a refresh: every message, campaign and order is in exactly one. */
import { expect, test } from 'vitest'
import { chunksOf, rangesOf, wholeChunksOf } from './plan.ts'

const million = 1_000_000

test('small campaigns share a chunk, large ones are cut by message hash without gaps', () => {
  const sizes = new Map([
    ['a', 0.45 * million],
    ['b', 0.45 * million],
    ['c', 0.45 * million],
    ['big', 2.5 * million],
    ['d', 10],
    ['none', 0],
  ])
  const chunks = chunksOf(['a', 'b', 'c', 'big', 'd', 'none', 'unknown'], sizes)
  expect(chunks.map(({ campaigns }) => campaigns.join())).toEqual(['a,b', 'c', 'big', 'big', 'big', 'd'])
  const slices = chunks.filter(({ campaigns }) => campaigns[0] === 'big')
  expect(slices[0]?.from).toBeUndefined()
  expect(slices.at(-1)?.to).toBeUndefined()
  for (const [index, slice] of slices.slice(1).entries()) expect(slice.from).toBe(slices[index]?.to)
  expect(slices[0]?.to).toBe('55555555')
  expect(wholeChunksOf(['a', 'b', 'c', 'big', 'd'], sizes).map(({ campaigns, from, to }) => [campaigns.join(), from, to])).toEqual([
    ['a,b', undefined, undefined],
    ['c', undefined, undefined],
    ['big', undefined, undefined],
    ['d', undefined, undefined],
  ])
})

test('ranges of orders meet at their bounds', () => {
  expect(rangesOf(0)).toEqual([{ from: undefined, to: undefined }])
  expect(rangesOf(1.2 * million)).toEqual([
    { from: undefined, to: '55555555' },
    { from: '55555555', to: 'aaaaaaaa' },
    { from: 'aaaaaaaa', to: undefined },
  ])
})
