/** What the tests of knowledge share: stores without analytics, which knowledge never asks, and documents in one line. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Stores } from '../../src/domain/index.ts'
import type { Analytics } from '../../src/storage/analytics/run.ts'
import { openOperational } from '../../src/storage/operational/open.ts'
import { copyEmptyOperational } from '../engines/template.ts'

/** A real operational store for one test. Asking its analytics store throws. */
export async function openTestOperational(): Promise<Stores> {
  const folder = await mkdtemp(join(tmpdir(), 'mercat-knowledge-'))
  await copyEmptyOperational(join(folder, 'operational'))
  const { db, close } = await openOperational({ engine: 'pglite', folder: join(folder, 'operational') })
  onTestFinished(async () => {
    await close()
    await rm(folder, { recursive: true, force: true })
  })
  const analytics = new Proxy({} as Analytics, {
    get: () => {
      throw new Error('Knowledge asked the analytics store')
    },
  })
  return { db, analytics, clock: () => new Date('2026-03-01T09:00:00Z') }
}

/** Numbers that look random and are the same each time (mulberry32). */
export function numbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}
