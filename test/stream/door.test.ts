/** Deliveries through the real door: what is taken, what is refused and how, and that figures are the same however often and in whatever order the same comes. */
import { request } from 'node:http'
import { gzipSync } from 'node:zlib'
import { sql } from 'kysely'
import { beforeAll, expect, test } from 'vitest'
import { insertDelivered } from '../../src/domain/sources/index.ts'
import { basic } from '../ingest/webhook-source.ts'
import { sharedApp } from '../shared.ts'
import { type Dashboard, openDashboard } from '../clients/dashboard.ts'
import { deliver, factsQuery, figuresOf, lifeOf, newSigner, partsOf } from './deliveries.ts'

const app = sharedApp({ env: { MERCAT_INBOX_MB: '1' } })
const signer = newSigner()
let dashboard: Dashboard
let url: string
let id: string

interface Added {
  readonly id: string
  readonly key: string
  readonly url: string
}
const add = async (type: string, name: string, settings: Record<string, string> = {}) => await dashboard.ok<Added>('sources/add', { account: 'acme', type, name, settings })
const source = async (of = id) => await dashboard.ok<Record<string, unknown>>('sources/get', { account: 'acme', id: of })

beforeAll(async () => {
  dashboard = await openDashboard(app.origin, app.people.owner)
  ;({ url, id } = await add('sendgrid', 'Newsletter', { verificationKey: signer.publicKey }))
})

/** Asks again and again until there is an answer. */
async function waitFor<Answer>(ask: () => Promise<Answer | undefined>): Promise<Answer> {
  let answer: Answer | undefined
  await expect
    .poll(
      async () => {
        answer = await ask()
        return answer !== undefined
      },
      { interval: 100 },
    )
    .toBe(true)
  return answer as Answer
}

const facts = async (campaign: string) => (await app.stores.analytics.query(factsQuery, { account: app.accounts.acme.id, campaign }))[0]
/** Resolves when the inbox is empty and everything loaded is counted. */
async function settled(): Promise<void> {
  await expect
    .poll(
      async () => [
        (await app.stores.db.selectFrom('inbox').select('id').execute()).length,
        (await app.stores.db.selectFrom('loads').select('id').where('state', 'in', ['running', 'loaded']).execute()).length,
      ],
      { timeout: 30_000, interval: 100 },
    )
    .toEqual([0, 0])
}

test('what is delivered five times, shuffled and a day late gives the figures of once', async () => {
  const at = new Date(Date.now() - 2 * 86_400_000)
  const events = Array.from({ length: 200 }, (_, number) => lifeOf('spring', number, at)).flat()
  for (const part of partsOf(events, 100)) expect(await (await deliver(url, signer, part)).json()).toEqual({ accepted: part.length })
  await expect.poll(async () => await facts('spring'), { timeout: 30_000, interval: 100 }).toEqual(figuresOf(200))
  for (const round of [1, 2, 3, 4]) {
    const shuffled = [...events].sort((a, b) => ((a.sg_event_id.length * 7 + a.timestamp * round) % 13) - ((b.sg_event_id.length * 7 + b.timestamp * round) % 13))
    for (const part of partsOf(shuffled, 97)) expect((await deliver(url, signer, part)).status).toBe(200)
  }
  await settled()
  expect(await facts('spring')).toEqual(figuresOf(200))
  expect(await source()).toMatchObject({ state: 'ok', waiting: { requests: 0 }, setAside: 0 })
})

test('a message stays in the campaign it was counted under when the rules change: sent again, or spoken of later', async () => {
  const moving = await add('sendgrid', 'Moving', { verificationKey: signer.publicKey })
  const rules = async (campaignRules: unknown) => await dashboard.ok('sources/change', { account: 'acme', id: moving.id, campaignRules })
  const at = new Date(Date.now() - 86_400_000)
  // Any twenty in a row have the same figures.
  const lives = (from: number, to: number) => Array.from({ length: to - from }, (_, number) => lifeOf('moving', from + number, at))
  const send = async (events: readonly object[]) => {
    expect((await deliver(moving.url, signer, events)).status).toBe(200)
    await settled()
  }
  const [first, second] = [lives(0, 100), lives(100, 150)]
  await send(first.flatMap(([sent]) => (sent ? [sent] : [])))
  await rules([{ from: 'fixed', key: 'moved' }])
  await send([...first.flat(), ...second.flat()])
  expect([await facts('moving'), await facts('moved')]).toEqual([figuresOf(100), figuresOf(50)])
  // And back: what was counted under the rules in between stays as well.
  await rules(null)
  await send([...lives(150, 170).flat(), ...second.flat(), ...first.flat()])
  expect([await facts('moving'), await facts('moved')]).toEqual([figuresOf(120), figuresOf(50)])
})

const post = async (to: string, body: string | Buffer, headers: Record<string, string> = {}) => {
  const response = await fetch(to, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } })
  return { status: response.status, ...((await response.json()) as { accepted?: number; error?: { code: string; message: string } }) }
}
const one = JSON.stringify(lifeOf('refused', 1, new Date()))

test('what is not proved is refused by 401, what is not of the form by 422, and neither is kept', async () => {
  const before = await app.stores.db.selectFrom('source_hours').selectAll().execute()
  const signedOne = signer.headers(one)
  expect(await post(url, one)).toMatchObject({ status: 401, error: { code: 'wrong_signature', message: expect.stringContaining('header') } })
  expect(await post(url, `${one} `, signedOne)).toMatchObject({ status: 401, error: { message: expect.stringContaining('verification key') } })
  expect(await post(url, one, signer.headers(one, new Date(Date.now() - 86_401_000)))).toMatchObject({ status: 401, error: { message: expect.stringContaining('another time') } })
  expect(await post(url, one, newSigner().headers(one))).toMatchObject({ status: 401 })
  await expect.poll(async () => await source()).toMatchObject({ state: 'refusing', lastRefusal: expect.stringContaining('header') })
  for (const [body, reason] of [
    ['{"event":', 'not valid JSON'],
    ['7', 'neither an event'],
    ['[1,2]', 'neither an event'],
    ['[{"event":"open"}]', 'email is missing'],
    [JSON.stringify([{ event: 'open', email: 7, timestamp: 1, sg_message_id: 'x' }]), 'email is missing'],
  ] as const) {
    expect({ body, ...(await post(url, body, signer.headers(body))) }).toMatchObject({
      body,
      status: 422,
      error: { code: 'wrong_shape', message: expect.stringContaining(reason) },
    })
  }
  expect(await post(url, '[]', signer.headers('[]'))).toMatchObject({ status: 200, accepted: 0 })
  expect(await post(url, gzipSync(one), { ...signedOne, 'content-encoding': 'gzip' })).toMatchObject({ status: 422 })
  const large = `[${'{"event":"open"},'.repeat(400_000)}{}]`
  expect(await post(url, large, signer.headers(large))).toMatchObject({ status: 413 })
  for (const wrong of [`${url}x`, `${app.origin}/ingest/sendgrid/${'a'.repeat(32)}`, `${app.origin}/ingest/nobody/abc`, `${app.origin}/ingest/sendgrid/a/b`]) {
    expect(await post(wrong, one, signedOne)).toMatchObject({ status: 404, error: { code: 'not_found' } })
  }
  expect((await fetch(url)).status).toBe(405)
  expect(await app.stores.db.selectFrom('source_hours').selectAll().execute()).toEqual(before)
  expect(await app.stores.db.selectFrom('inbox').selectAll().execute()).toEqual([])
})

test('a source without its settings, one that is off, an old key and one of another account', async () => {
  const bare = await add('sendgrid', 'Bare')
  expect(await post(bare.url, one, signer.headers(one))).toMatchObject({ status: 401, error: { message: expect.stringContaining('Verification key is missing') } })
  expect(await source(bare.id)).toMatchObject({ state: 'unfinished', missing: ['Verification key'] })
  await dashboard.ok('sources/change', { account: 'acme', id: bare.id, settings: { verificationKey: signer.publicKey }, campaignRules: [{ from: 'fixed', key: 'bare' }] })
  expect(await post(bare.url, one, signer.headers(one))).toMatchObject({ status: 200 })
  const rotated = await dashboard.ok<Added>('sources/rotate', { account: 'acme', id: bare.id })
  expect(rotated.url).not.toBe(bare.url)
  for (const either of [bare.url, rotated.url]) expect(await post(either, one, signer.headers(one))).toMatchObject({ status: 200 })
  await app.stores.db.updateTable('sources').set({ previous_until: new Date() }).where('id', '=', bare.id).execute()
  expect(await post(bare.url, one, signer.headers(one))).toMatchObject({ status: 404 })
  await dashboard.ok('sources/setEnabled', { account: 'acme', id: bare.id, enabled: false })
  expect(await post(rotated.url, one, signer.headers(one))).toMatchObject({ status: 403, error: { code: 'not_allowed' } })
  await dashboard.ok('sources/remove', { account: 'acme', id: bare.id })
  expect(await post(rotated.url, one, signer.headers(one))).toMatchObject({ status: 404 })
  const stranger = await openDashboard(app.origin, app.people.stranger)
  expect(await stranger.refused('sources/get', { account: 'globex', id })).toMatchObject({ code: 'not_found' })
  await settled()
})

test('an event that Mercat does not know is set aside among good ones, with a reason and sealed, and loaded when it is sent in again', async () => {
  const strange = { ...lifeOf('aside', 1, new Date())[0], event: 'teleported', email: 'hidden@example.com' }
  const events = [...lifeOf('aside', 0, new Date()), strange, { ...lifeOf('aside', 2, new Date())[0], timestamp: 'yesterday' }]
  expect(await (await deliver(url, signer, events)).json()).toEqual({ accepted: 6 })
  await settled()
  expect(await source()).toMatchObject({
    setAside: 2,
    reasons: expect.arrayContaining([
      expect.objectContaining({ reason: 'event is not one of SendGrid’s that Mercat knows', items: 1 }),
      expect.objectContaining({ reason: expect.stringContaining('occurred_at is not a time'), items: 1 }),
    ]),
  })
  const kept = await app.stores.db.selectFrom('set_aside').selectAll().execute()
  for (const { sealed } of kept) expect(Buffer.from(sealed).toString('latin1')).not.toContain('hidden')
  expect(await dashboard.ok('sources/replay', { account: 'acme', id })).toEqual({ replayed: 2, left: 0 })
  await settled()
  // Still as strange as before.
  expect(await source()).toMatchObject({ setAside: 2 })
  expect(await dashboard.ok('sources/discard', { account: 'acme', id, reason: 'event is not one of SendGrid’s that Mercat knows' })).toEqual({ discarded: 1 })
  expect(await dashboard.ok('sources/discard', { account: 'acme', id })).toEqual({ discarded: 1 })
  expect(await facts('aside')).toMatchObject({ sends: 1, deliveries: 1 })
})

test('programs send rows by the ingest API: packed or not, all kinds, twice the same, and told which line is wrong', async () => {
  const api = await add('api', 'Our programs')
  const send = async (kind: string, rows: readonly object[] | string, headers: Record<string, string> = {}) => {
    const text = typeof rows === 'string' ? rows : rows.map((row) => JSON.stringify(row)).join('\n')
    return await post(`${app.origin}/ingest/${kind}`, headers['content-encoding'] ? gzipSync(text) : text, {
      'content-type': 'application/x-ndjson',
      authorization: `Bearer ${api.key}`,
      ...headers,
    })
  }
  const event = (number: number, name: string) => ({
    campaign_id: 'by-api',
    message_id: `m-${number}`,
    customer_id: `c-${number}`,
    event: name,
    occurred_at: '2026-03-31T09:00:00Z',
    channel: 'Email',
    event_id: `${number}-${name}`,
  })
  const events = Array.from({ length: 30 }, (_, number) => [event(number, 'sent'), event(number, 'delivered')]).flat()
  expect(await send('events', events)).toEqual({ status: 200, accepted: 60 })
  expect(await send('events', events, { 'content-encoding': 'gzip' })).toEqual({ status: 200, accepted: 60 })
  expect(
    await send(
      'orders',
      '{"order_id":"o-1","customer_id":"c-1","placed_at":"2026-03-31T10:00:00Z","status":"paid","amount":12345678901234.123456,"currency":"EUR","campaign_id":"by-api"}\n',
    ),
  ).toEqual({ status: 200, accepted: 1 })
  expect(await send('order-items', [{ order_id: 'o-1', item_id: '1', product: 'p', quantity: 1, unit_price: '2.50', amount: '2.50' }])).toMatchObject({ status: 200 })
  expect(await send('customers', [{ customer_id: 'c-1', country: 'de', consent: ['Email'] }])).toMatchObject({ status: 200 })
  expect(await send('web-events', [{ customer_id: 'c-1', kind: 'visit', occurred_at: 1774949000 }])).toMatchObject({ status: 200 })
  expect(await send('entities', [{ type: 'campaign', key: 'by-api', name: 'By the API', tags: ['a', 'b'] }])).toMatchObject({ status: 200 })
  await settled()
  expect(await facts('by-api')).toMatchObject({ sends: 30, deliveries: 30 })
  const [order] = await app.stores.analytics.query<{ amount: string }>("SELECT amount FROM orders FINAL WHERE account_id = {account:String} AND campaign = 'by-api'", {
    account: app.accounts.acme.id,
  })
  expect(order?.amount).toBe('12345678901234.123456')
  expect(await app.stores.db.selectFrom('entities').select(['name', 'tags']).where('key', '=', 'by-api').where('type', '=', 'campaign').execute()).toEqual([
    { name: 'By the API', tags: ['a', 'b'] },
  ])

  expect(await send('events', `${JSON.stringify(event(1, 'sent'))}\n{"campain_id":"x"}\n[1]\nnonsense`)).toMatchObject({
    status: 422,
    error: {
      lines: [{ line: 2 }, { line: 3 }, { line: 4 }],
      message: expect.stringMatching(/line 2: the record has an unknown field "campain_id"; line 3: the line is not a JSON object; line 4: the line is not valid JSON/),
    },
  })
  expect(await send('events', [event(99, 'sent')], { authorization: 'Bearer wrong' })).toMatchObject({ status: 401 })
  expect(await post(`${app.origin}/ingest/events`, '{}', { 'content-type': 'application/x-ndjson' })).toMatchObject({ status: 401 })
  expect(await send('nonsense', [])).toMatchObject({ status: 404, error: { message: expect.stringContaining('/ingest/web-events') } })
  expect(await send('events', 'not gzip', { 'content-encoding': 'br' })).toMatchObject({ status: 422 })
  expect(await send('events', [{ ...event(100, 'sent'), occurred_at: 'soon' }])).toMatchObject({ status: 200, accepted: 1 })
  await settled()
  expect(await source(api.id)).toMatchObject({ setAside: 1, reasons: [{ kind: 'events', reason: expect.stringContaining('occurred_at is not a time'), items: 1 }] })
})

test('bodies that come all at once are asked to come again before they fill the memory', async () => {
  const api = await add('api', 'Bulk')
  const to = `${app.origin}/ingest/events`
  const headers = { 'content-type': 'application/x-ndjson', authorization: `Bearer ${api.key}` }
  const one = async () => await fetch(to, { method: 'POST', body: 'x'.repeat(1024 * 1024), headers })
  // What came before may wait still, or be counted for a second more.
  await expect.poll(async () => (await one()).status, { timeout: 15_000, interval: 100 }).toBe(422)
  // Each nearly whole, and never at its end: all that an account may have on its way.
  const size = 16 * 1024 * 1024
  const held = Array.from({ length: 12 }, () => {
    const sender = request(to, { method: 'POST', headers: { ...headers, 'content-length': size } }).on('error', () => {})
    sender.write(Buffer.alloc(size - 65_536, 'x'))
    return sender
  })
  const refused = await waitFor(async () => await one().then((answer) => (answer.status === 503 ? answer : undefined)))
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(await refused.json()).toMatchObject({ error: { code: 'unavailable', message: expect.stringContaining('at once') } })
  for (const sender of held) sender.destroy()
  await expect.poll(async () => (await one()).status, { interval: 50 }).toBe(422)
  await dashboard.ok('sources/remove', { account: 'acme', id: api.id })
})

test('a disk without room is no fault of what is loaded meanwhile: it waits, and nothing is set aside', async () => {
  const { TMPDIR } = process.env
  process.env.TMPDIR = '/nowhere'
  try {
    const tried = async () =>
      (await sql<{ n: number }>`SELECT count(*) AS n FROM pgboss.job WHERE name = 'load_inbox' AND state = 'completed'`.execute(app.stores.db)).rows[0]?.n ?? 0
    const before = await tried()
    expect((await deliver(url, signer, lifeOf('patient', 0, new Date()))).status).toBe(200)
    await expect.poll(tried, { interval: 50, timeout: 20_000 }).toBeGreaterThan(before)
  } finally {
    if (TMPDIR === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = TMPDIR
  }
  await settled()
  expect(await facts('patient')).toMatchObject({ sends: 1 })
  expect(await app.stores.db.selectFrom('set_aside').selectAll().where('kind', '=', 'request').execute()).toEqual([])
})

test('what is refused takes no room from what is proved', async () => {
  // Each is a third of what may wait (MERCAT_INBOX_MB); they are refused within the second that the figure is good for.
  const unproved = ' '.repeat(350_000)
  for (const _ of [1, 2, 3, 4, 5, 6]) expect(await post(url, unproved)).toMatchObject({ status: 401 })
  expect((await deliver(url, signer, lifeOf('beside', 0, new Date()))).status).toBe(200)
  await settled()
})

test('when more waits than may, platforms are asked to come again later, and nothing of it is kept', async () => {
  const { id: accountId } = app.accounts.acme
  const waiting = { accountId, sourceId: id, receivedAt: new Date(), items: 1, bytes: 1024 ** 3, sealed: Buffer.from('1~never opened') }
  const busy = lifeOf('busy', 0, new Date())
  // What waits is looked at once a second; a delivery that is taken before has it loaded, which it cannot be.
  const refused = await waitFor(async () => {
    await insertDelivered(app.stores.db, [waiting])
    const answer = await deliver(url, signer, busy)
    return answer.status === 503 ? answer : undefined
  })
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(await refused.json()).toMatchObject({ error: { code: 'unavailable', message: expect.stringContaining('send it again') } })
  // Brevo drops what is answered by 503, and sends again what is answered by 429.
  const brevo = await add('brevo', 'Campaigns', { password: 'a-password-of-some-length' })
  const told = await fetch(new URL(new URL(brevo.url).pathname, app.origin), { method: 'POST', headers: basic('mercat', 'a-password-of-some-length'), body: '[]' })
  expect([told.status, Number(told.headers.get('retry-after'))]).toEqual([429, Number(refused.headers.get('retry-after'))])
  await app.stores.db.deleteFrom('inbox').where('bytes', '=', waiting.bytes).execute()
  await expect.poll(async () => (await deliver(url, signer, busy)).status, { interval: 200 }).toBe(200)
  await settled()
  expect(await facts('busy')).toMatchObject({ sends: 1 })
})
