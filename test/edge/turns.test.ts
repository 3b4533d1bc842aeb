/** One person's many calls at once do not make another wait for all of them: the embedded store serves those who wait in turn. */
import { expect, test } from 'vitest'
import { z } from 'zod'
import { type CatalogEntry, defineTool } from '../../src/catalog/define.ts'
import type { PersonName } from '../app.ts'
import { callAs } from '../call.ts'
import { sharedApp } from '../shared.ts'

let begun = 0

/** One statement that takes a moment. */
const statement = defineTool({
  name: 'one_statement',
  title: 'One statement',
  effect: 'read',
  description: 'Asks the store once.',
  input: z.strictObject({}),
  output: z.object({ rows: z.number() }),
  run: async ({ ctx }) => {
    begun++
    return { rows: (await app.stores.analytics.query('SELECT sleep(0.05)', {}, { signal: ctx.signal })).length }
  },
  render: ({ rows }) => String(rows),
})

const app = sharedApp({ tools: [{ toolset: 'reports', tool: statement } as unknown as CatalogEntry] })

test('another person’s call is answered while most of a hundred still wait', async () => {
  const call = async (person: PersonName) => expect((await callAs(app, person, 'one_statement')).isError).toBeUndefined()
  await Promise.all([call('owner'), call('marketer')])
  begun = 0
  let ready = 0
  const many = Array.from({ length: 100 }, () => call('marketer').then(() => ready++))
  await expect.poll(() => begun, { interval: 5 }).toBe(100)
  const already = ready
  await call('owner')
  const passed = ready - already
  await Promise.all(many)
  console.log(`turns: ${already} of 100 calls of one person were answered when another asked, ${passed} more until that one was`)
  expect(passed).toBeLessThan(20)
})
