/** Mercat killed again and again while deliveries come in: whatever it acknowledged is in the figures in the end, once. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStores } from '../../src/storage/open.ts'
import { readConfig } from '../../src/config.ts'
import { type Child, startChild } from '../child.ts'
import { copyEmptyOperational } from '../engines/template.ts'
import { deliver, factsQuery, figuresOf, lifeOf, newSigner, type SentEvent } from './deliveries.ts'

const kills = 50
const signer = newSigner()
const campaign = 'survivor'
const [messagesOfBatch, senders] = [12, 4]
const at = new Date(Date.now() - 86_400_000)

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mercat-stream-kill-'))
  await copyEmptyOperational(join(folder, 'operational'))
})
afterAll(async () => await rm(folder, { recursive: true, force: true }))

/** Batches by number; those without an acknowledgement are sent again, as a platform would. */
let made = 0
const owed: number[] = []
const acknowledged = new Set<number>()
const eventsOf = (batch: number): SentEvent[] => Array.from({ length: messagesOfBatch }, (_, index) => lifeOf(campaign, batch * messagesOfBatch + index, at)).flat()

/** Sends batches one after the other until the process is gone. @param enough ends it before, when true */
async function send(url: string, enough: () => boolean): Promise<void> {
  while (!enough()) {
    const batch = owed.shift() ?? made++
    const status = await deliver(url, signer, eventsOf(batch)).then(
      ({ status }) => status,
      () => undefined,
    )
    if (status === 200) acknowledged.add(batch)
    else owed.push(batch)
    if (status === undefined) return
    // A process that is alive says nothing but yes or later.
    expect([200, 503]).toContain(status)
  }
}

test(`killed ${kills} times under load, every acknowledged event is in the figures exactly once`, async () => {
  let path = ''
  const begin = async (settle = ''): Promise<{ child: Child; url: string }> => {
    const child = startChild(new URL('stream-process.ts', import.meta.url), [folder, signer.publicKey, settle])
    const origin = (await child.said('listening '))?.slice('listening '.length)
    path ||= (await child.said('path '))?.slice('path '.length) ?? ''
    return { child, url: `${origin}${path}` }
  }
  for (let kill = 0; kill < kills; kill++) {
    const { child, url } = await begin()
    const before = acknowledged.size
    const sending = Array.from({ length: senders }, () => send(url, () => false))
    await expect.poll(() => acknowledged.size, { interval: 5 }).toBeGreaterThan(before)
    // Any moment: while a batch is written, loaded, taken out of the inbox, counted.
    await delay(Math.random() * 900)
    await child.end('SIGKILL')
    await Promise.all(sending)
  }
  const { child, url } = await begin()
  // What was owed is sent again, acknowledged or not: the same delivery twice changes nothing.
  await send(url, () => owed.length === 0 && acknowledged.size === made)
  await child.end('SIGTERM')
  expect(acknowledged.size).toBe(made)

  const messages = made * messagesOfBatch
  const last = await begin('settle')
  expect(await last.child.said('settled')).toBeDefined()
  await last.child.end('SIGTERM')
  const opened = await openStores(readConfig({ MERCAT_DATA_DIR: folder }))
  try {
    const { db } = opened.operational
    expect(messages).toBeGreaterThan(kills * messagesOfBatch)
    const account = (await db.selectFrom('accounts').select('id').executeTakeFirstOrThrow()).id
    expect((await opened.analytics.query(factsQuery, { account, campaign }))[0]).toEqual(figuresOf(messages))
  } finally {
    await opened.close()
  }
})
