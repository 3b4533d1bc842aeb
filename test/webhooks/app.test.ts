/** Outgoing webhooks of a whole Mercat: sent at once after the decision is committed, retried by itself, seen in mission control, and managed through the dashboard's API alone. */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { announce } from '../../src/domain/webhooks/index.ts'
import { countByKey } from '../../src/identity/key-ring-repository.ts'
import { textOf, type ToolAnswer } from '../app.ts'
import { callAs } from '../call.ts'
import { type Dashboard, openDashboard } from '../clients/dashboard.ts'
import { sharedApp } from '../shared.ts'
import { Receiver, verified } from './receiver.ts'

const mercat = sharedApp()
const receiver = new Receiver()
let owner: Dashboard
let endpoint: { id: string; secret: string }
const acme = { account: 'acme' }
beforeAll(async () => {
  await receiver.open()
  owner = await openDashboard(mercat.origin, mercat.people.owner)
})
afterAll(() => receiver.close())

const tell = (name: string) =>
  mercat.stores.db
    .transaction()
    .execute((transaction) =>
      announce(transaction, mercat.stores.clock, { accountId: mercat.accounts.acme.id, type: 'entity.activated', data: { entity: { id: 'cmp_1', name, token: 'payload-words' } } }),
    )
const named = (name: string) => (received: { body: string }) => received.body.includes(`"${name}"`)

interface Deliveries {
  readonly deliveries: readonly { readonly id: number; readonly state: string; readonly messageId: string; readonly attempts: number; readonly lastError: string | null }[]
}

test('added in the dashboard, tried by a test, and told at once what happens, without anybody asking for it', async () => {
  const sealedByKey = async () => (await countByKey(mercat.stores.db)).get('1') ?? 0
  const before = await sealedByKey()
  endpoint = await owner.ok('webhooks/add', { ...acme, url: receiver.url() })
  const passing = await owner.ok<{ id: string }>('webhooks/add', { ...acme, url: receiver.url('/passing') })
  await owner.ok('webhooks/rotate', { ...acme, id: passing.id })
  // A key of the ring is not dropped while a secret is sealed under it.
  expect(await sealedByKey()).toBe(before + 3)
  await owner.ok('webhooks/remove', { ...acme, id: passing.id })
  expect(await owner.ok('webhooks/test', { ...acme, id: endpoint.id })).toMatchObject({ delivered: true, status: 204 })
  const tried = await receiver.until(({ body }) => body.includes('webhook.test'))
  expect(verified(endpoint.secret, tried)).toMatchObject({ type: 'webhook.test', data: { account: { systemName: 'acme' } } })
  const id = await tell('Spring')
  const came = await receiver.until(named('Spring'))
  expect(came.headers['webhook-id']).toBe(id)
  expect(verified(endpoint.secret, came)).toMatchObject({ type: 'entity.activated', data: { entity: { name: 'Spring' } } })
  // The documentation's own few lines agree.
  const [, lines = ''] = /```js\n([\s\S]*?)```/.exec(await readFile(resolve(import.meta.dirname, '../../docs/webhooks.md'), 'utf8')) ?? []
  const { verify } = (await import(`data:text/javascript,${encodeURIComponent(lines)}`)) as { verify: (secret: string, headers: object, body: string, now?: number) => boolean }
  expect(verify(endpoint.secret, came.headers, came.body)).toBe(true)
  expect(verify(endpoint.secret, came.headers, `${came.body} `)).toBe(false)
  expect(verify(endpoint.secret, came.headers, came.body, Date.now() + 301_000)).toBe(false)
  expect(verify(endpoint.secret, { ...came.headers, 'webhook-timestamp': 'x' }, came.body)).toBe(false)
  await expect.poll(async () => (await owner.ok<Deliveries>('webhooks/deliveries', acme)).deliveries.map(({ state }) => state)).toEqual(['delivered', 'delivered'])
})

test('a receiver that fails is told of in mission control, without payloads, and gets it by itself a few seconds later', async () => {
  receiver.answers(500)
  const id = await tell('Summer')
  const status = async () =>
    (await callAs(mercat, 'analyst', 'platform_status')) as ToolAnswer & { structuredContent: { reasons: { what: string }[]; webhooks: Record<string, unknown> } }
  await expect.poll(async () => (await status()).structuredContent.reasons.map(({ what }) => what)).toContain('webhooks')
  const answer = await status()
  const host = new URL(receiver.url()).host
  expect(answer.structuredContent.webhooks).toMatchObject({
    pending: 1,
    failedLastDay: 0,
    endpoints: [{ host, state: 'on', pending: 1, lastError: expect.stringMatching(/^Status 500/) }],
  })
  expect(textOf(answer)).toContain(`${host} on: 1 pending, 0 failed in 24 h`)
  expect(textOf(answer)).toContain('1 webhook could not be delivered yet')
  for (const hidden of ['payload-words', '/hook', 'Summer']) expect(JSON.stringify(answer)).not.toContain(hidden)
  await expect.poll(async () => receiver.received.filter(({ headers }) => headers['webhook-id'] === id).length, { timeout: 60_000 }).toBe(2)
  await expect.poll(async () => (await status()).structuredContent.webhooks.pending).toBe(0)
  expect((await status()).structuredContent.reasons.map(({ what }) => what)).not.toContain('webhooks')
})

test('the API: what is refused, and to whom; a message is read by those who decide', async () => {
  const analyst = await openDashboard(mercat.origin, mercat.people.analyst)
  const marketer = await openDashboard(mercat.origin, mercat.people.marketer)
  const stranger = await openDashboard(mercat.origin, mercat.people.stranger)
  const { deliveries } = await analyst.ok<Deliveries>('webhooks/deliveries', { ...acme, state: 'delivered' })
  const [summer] = deliveries as [Deliveries['deliveries'][number]]
  expect(JSON.stringify(deliveries)).not.toMatch(/payload-words|\/hook/)
  const one = { ...acme, id: endpoint.id }
  for (const [name, input] of [
    ['list', acme],
    ['add', { ...acme, url: 'https://example.com/' }],
    ['rotate', one],
    ['setEnabled', { ...one, enabled: false }],
    ['remove', one],
    ['test', one],
    ['payload', { ...acme, id: summer.id }],
    ['replay', { ...acme, id: summer.id }],
  ] as const) {
    expect(await analyst.refused(`webhooks/${name}`, input), name).toMatchObject({ code: 'missing_scopes' })
    expect(await stranger.refused(`webhooks/${name}`, input), name).toMatchObject({ code: 'not_found' })
  }
  expect((await marketer.ok<{ body: string }>('webhooks/payload', { ...acme, id: summer.id })).body).toContain('payload-words')
  for (const [name, input] of [
    ['add', { ...acme, url: 'https://10.0.0.1/' }],
    ['add', { ...acme, url: 'x'.repeat(5_000) }],
    ['add', { ...acme, url: 'https://\0/' }],
    ['add', { ...acme, url: 'https://user:pw@example.com/' }],
    ['rotate', { ...acme, id: 'whe_0000' }],
    ['rotate', { ...acme, id: "whe_'; DROP TABLE outbox" }],
    ['payload', { ...acme, id: -1 }],
    ['payload', { ...acme, id: Number.MAX_SAFE_INTEGER }],
    ['replay', { ...acme, id: 1e300 }],
    ['replay', { ...acme, id: summer.id }],
    ['deliveries', { ...acme, cursor: 'x'.repeat(900) }],
    ['deliveries', { ...acme, state: 'lost' }],
  ] as const)
    await owner.refused(`webhooks/${name}`, input)
})
