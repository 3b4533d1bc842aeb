/** A seeding that is killed goes on at the next call and ends with the same data. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { copyEmptyOperational } from '../engines/template.ts'

// Enough for two loads (state.ts cuts a new demo into pieces of 4,000 people).
const events = '330000'
const now = '2026-11-20T09:00:00Z'
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mercat-kill-'))
})
afterAll(async () => await rm(folder, { recursive: true, force: true }))

function seeder(store: string): ChildProcess {
  return spawn(process.execPath, [fileURLToPath(new URL('seeder.ts', import.meta.url)), store, events, now], { stdio: ['ignore', 'pipe', 'inherit'] })
}

/** Reads lines until one passes, then gives it; undefined when the process ends first. */
async function lineOf(child: ChildProcess, passes: (line: string) => boolean): Promise<string | undefined> {
  if (!child.stdout) return undefined
  for await (const line of createInterface({ input: child.stdout })) if (passes(line)) return line
  return undefined
}

/** What a seeder that is left alone says of its data, once it has let go of the folder. */
async function digestOf(store: string): Promise<string | undefined> {
  const child = seeder(store)
  const exited = once(child, 'exit')
  const line = await lineOf(child, (given) => given.startsWith('digest '))
  await exited
  return line
}

test('kill -9 between two loads, in the middle of one and during the refresh', async () => {
  const [undisturbed, killed] = [join(folder, 'undisturbed'), join(folder, 'killed')]
  for (const store of [undisturbed, killed]) await copyEmptyOperational(join(store, 'operational'))
  const expected = await digestOf(undisturbed)
  expect(expected).toContain('"events":"')
  for (const moment of ['step Inventing people and their messages 0', 'step Inventing people and their messages 4000', 'step Refreshing facts']) {
    const child = seeder(killed)
    const exited = once(child, 'exit')
    expect(await lineOf(child, (line) => line.startsWith(moment)), moment).toBeDefined()
    child.kill('SIGKILL')
    await exited
  }
  expect(await digestOf(killed)).toBe(expected)
})
