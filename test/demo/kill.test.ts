/** A seeding that is killed goes on at the next call and ends with the same data. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Child, startChild } from '../child.ts'
import { copyEmptyOperational } from '../engines/template.ts'

// Enough for two loads (state.ts cuts a new demo into pieces of 4,000 people).
const events = '360000'
const now = '2026-11-20T09:00:00Z'
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mercat-kill-'))
})
afterAll(async () => await rm(folder, { recursive: true, force: true }))

const seeder = (store: string): Child => startChild(new URL('seeder.ts', import.meta.url), [store, events, now])

/** What a seeder that is left alone says of its data, once it has let go of the folder. */
async function digestOf(store: string): Promise<string | undefined> {
  const child = seeder(store)
  await child.ended
  return await child.said('digest ')
}

test('kill -9 between two loads, in the middle of one and during the refresh', async () => {
  const [undisturbed, killed] = [join(folder, 'undisturbed'), join(folder, 'killed')]
  for (const store of [undisturbed, killed]) await copyEmptyOperational(join(store, 'operational'))
  const expected = await digestOf(undisturbed)
  expect(expected).toContain('"events":"')
  for (const moment of ['step Inventing people and their messages 0', 'step Inventing people and their messages 4000', 'step Refreshing facts']) {
    const child = seeder(killed)
    expect(await child.said(moment), moment).toBeDefined()
    await child.end('SIGKILL')
  }
  expect(await digestOf(killed)).toBe(expected)
})
