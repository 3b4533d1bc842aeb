/** Ten thousand deliveries that are ruined in every way, to every source: each is refused with a reason or kept and accounted for, nothing breaks, and what is good is still counted afterwards. */
import { Agent, type OutgoingHttpHeaders, request } from 'node:http'
import { Writable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createLog } from '../../src/core/log.ts'
import { Unreadable, type WebhookSource } from '../../src/ingest/sources/define.ts'
import { sources } from '../../src/ingest/sources/index.gen.ts'
import { rowsOf } from '../../src/ingest/stream/read.ts'
import { openDashboard, type Dashboard } from '../clients/dashboard.ts'
import { sharedApp } from '../shared.ts'
import { below, pick, type Random, randomOf, ruined, ruinedBytes } from './mutate.ts'
import { internet, type Payload, type Posted, type Sender, senders, withoutSender } from './senders.ts'

const seed = Number(process.env.MERCAT_TEST_SEED ?? 20_260_331)
const requests = Number(process.env.MERCAT_TEST_MUTATIONS ?? 10_000)
const atOnce = 8

let logged = ''
const memory = new Writable({
  write: (chunk: Buffer, _, done) => {
    logged += chunk.toString()
    done()
  },
})
const app = sharedApp({ log: createLog('warn', memory), fetch: internet, env: { MERCAT_INBOX_MB: '100000' } })
const agent = new Agent({ keepAlive: true, maxSockets: atOnce })
afterAll(() => agent.destroy())

interface Answer {
  readonly status: number
  readonly text: string
}
/** Pairs of names and values, so that a name may come twice. */
type Wire = readonly (readonly [string, string])[]

async function post(url: string, body: Buffer, headers: Wire): Promise<Answer> {
  return await new Promise((resolve, reject) => {
    const given = [['host', new URL(url).host], ['content-length', String(body.length)], ...headers].flat()
    const sending = request(url, { method: 'POST', agent, headers: given as unknown as OutgoingHttpHeaders }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }))
      response.on('error', reject)
    })
    sending.on('error', reject)
    sending.end(body)
  })
}

interface Place {
  readonly id: string
  readonly key: string
  readonly url: string
  readonly name: string
}
/** What must be told of a source in the end, by what was acknowledged. */
interface Account {
  requests: number
  items: number
  ignored: number
  rows: number
  /** Items that the source itself cannot read. */
  unreadable: number
}
let dashboard: Dashboard
const places = new Map<string, Place>()
const accounts = new Map<string, Account>()
const place = (type: string): Place => places.get(type) ?? expect.fail(`no source ${type}`)
const account = (type: string): Account => accounts.get(type) ?? expect.fail(`no source ${type}`)

beforeAll(async () => {
  dashboard = await openDashboard(app.origin, app.people.owner)
  for (const [type, settings] of [...Object.entries(senders).map(([type, sender]) => [type, sender.settings] as const), ['api', {}] as const]) {
    const name = `${type} of tests`
    places.set(type, { ...(await dashboard.ok<Place>('sources/add', { account: 'acme', type, name, settings })), name })
    accounts.set(type, { requests: 0, items: 0, ignored: 0, rows: 0, unreadable: 0 })
  }
})

const person = 'Ada.Lovelace@example.com'
const at = new Date(Date.now() - 86_400_000).toISOString()
const rows: Readonly<Record<string, readonly object[]>> = {
  events: [
    { campaign_id: 'm', message_id: 'm-1', customer_id: person, event: 'sent', channel: 'Email', occurred_at: at, event_id: 'e-1', country: 'de', variant: 'A', machine: false },
    { campaign_id: 'm', message_id: 'm-1', customer_id: person, event: 'bounced', occurred_at: at, bounce_type: 'hard', error: '550 5.1.1', inbox: 'Gmail' },
    { campaign_id: 'm', message_id: 'm-1', event: 'clicked', occurred_at: at, url: 'https://example.com/?a=1' },
  ],
  orders: [
    {
      order_id: 'o-1',
      customer_id: person,
      placed_at: at,
      updated_at: at,
      status: 'paid',
      amount: '12.50',
      currency: 'EUR',
      country: 'DE',
      product: 'mug',
      opt_ins: { news: true },
    },
  ],
  'order-items': [{ order_id: 'o-1', item_id: '1', product: 'p', quantity: 1, unit_price: '2.50', amount: '2.50' }],
  customers: [{ customer_id: person, country: 'de', language: 'pt-BR', signed_up: '2026-01-31', consent: ['Email'], attributes: { size: 'L', n: 1 }, updated_at: at }],
  'web-events': [{ customer_id: person, kind: 'visit', occurred_at: at }],
  entities: [
    { type: 'campaign', key: 'm', name: 'Mutated', channel: 'Email', tags: ['a'], created_at: at },
    { type: 'product', key: 'mug', name: 'Mug', definition: { kind: 'prints', size: 'A4' } },
    { type: 'content_profile', key: 'c', name: 'Texts', definition: { images: { logo: 'https://example.com/a.png' }, translations: { de: { cart: { title: 'Warenkorb' } } } } },
    { type: 'organization', key: 'client', name: 'Client', definition: { website: 'https://example.com', contact: { name: 'Ada', phone: '+49 1' } } },
  ],
}

/** Once in so many. */
const once = (random: Random, most: number) => below(random, most) === 0

/** Headers lost, told twice, or not those of this body. */
function ruinedHeaders(headers: Posted['headers'], random: Random): Wire {
  const all = Object.entries(headers)
  const [name, value] = pick(random, all)
  const others = all.filter(([other]) => other !== name)
  return pick(random, [
    () => others,
    () => [...all, [name, value] as const],
    () => [[name, 'x'] as const, ...all],
    () => [...others, [name, ''] as const],
    () => [...others, [name, value.slice(1)] as const],
    () => [...others, [name, `${value}é`] as const],
    () => [...others, [name, value.repeat(20)] as const],
    () => all.map(([one, text]) => [one, one === 'content-type' ? pick(random, ['text/plain', 'multipart/form-data', 'application/json; charset=utf-16', '']) : text] as const),
    () => [...all, ['content-encoding', pick(random, ['gzip', 'br', 'identity, gzip', ''])] as const],
  ])()
}

/** One delivery to a platform's source. */
async function toWebhook(type: string, { good, more, sign }: Sender, random: Random): Promise<void> {
  const url = `${place(type).url}${once(random, 100) ? 'x' : ''}`
  const given: Payload = pick(random, [good('mutated'), ...more])
  const where =
    type === 'twilio'
      ? `${url}${pick(random, ['', '?campaign_id=spring', '?__proto__=x&%00=%00', '?campaign_id=%ff', '?a=%F0%9F&&=&=x', `?campaign_id=${'a'.repeat(2000)}`])}`
      : url
  const signed = sign(once(random, 20) ? Buffer.from(given.text) : ruined(given.text, random), { now: new Date(), url: where })
  const body = once(random, 15) ? ruinedBytes(signed.body, random) : signed.body
  const headers = { ...signed.headers, ...given.headers }
  const wire = once(random, 15) ? ruinedHeaders(headers, random) : Object.entries(headers)
  const receivedAt = new Date()
  const { accepted } = told(await post(where, body, wire), type)
  if (accepted > 0) book(type, accepted, 'events', itemsOf(type, body, wire, where), receivedAt)
}

function itemsOf(type: string, body: Buffer, wire: Wire, url: string): readonly unknown[] {
  const headers: Record<string, string> = {}
  for (const [name, value] of wire) headers[name] = headers[name] === undefined ? value : name === 'content-type' ? headers[name] : `${headers[name]}, ${value}`
  return sourceOf(type).read({ headers, body, url })
}

/** One delivery of the ingest API. */
async function toApi(random: Random): Promise<void> {
  const kind = pick(random, Object.keys(rows))
  const given = Array.from({ length: 1 + below(random, 4) }, () => JSON.stringify(pick(random, rows[kind] ?? [])))
  const which = below(random, given.length)
  const lines = given.map((row, index) => (index === which ? ruined(row, random) : Buffer.from(row)))
  const plain = Buffer.concat(lines.flatMap((row, index) => (index === 0 ? [row] : [Buffer.from('\n'), row])))
  const packed = once(random, 4)
  const whole = packed ? gzipSync(plain, { level: 1 }) : plain
  const broken = packed && once(random, 5)
  const body = broken ? pick(random, [whole.subarray(0, below(random, whole.length)), Buffer.concat([whole.subarray(0, 12), Buffer.from('x'), whole.subarray(12)]), plain]) : whole
  const headers = { 'content-type': 'application/x-ndjson', authorization: `Bearer ${place('api').key}`, ...(packed && { 'content-encoding': 'gzip' }) }
  const wire = once(random, 15) ? ruinedHeaders(headers, random) : Object.entries(headers)
  const receivedAt = new Date()
  const { accepted } = told(await post(`${app.origin}/ingest/${kind}`, body, wire), `api ${kind}`)
  if (accepted === 0) return
  const items = plain
    .toString()
    .split('\n')
    .flatMap((text) => (text.trim() === '' ? [] : [JSON.parse(text) as unknown]))
  book('api', accepted, kind.replaceAll('-', '_'), items, receivedAt)
}

const sourceOf = (type: string): WebhookSource => sources.find((one): one is WebhookSource => one.type === type && one.connection === 'webhook') ?? expect.fail(type)

/** Counts on its own what the items must become. */
function book(type: string, accepted: number, kind: string, items: readonly unknown[], receivedAt: Date): void {
  const sum = account(type)
  expect(accepted, type).toBe(items.length)
  sum.requests++
  sum.items += items.length
  const source = sources.find((one) => one.type === type) ?? expect.fail(type)
  for (const item of items) {
    try {
      const made = rowsOf(item, { source, rules: source.campaigns ?? [], receivedAt, kind })
      sum.rows += made.length
      if (made.length === 0) sum.ignored++
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error
      sum.unreadable++
    }
  }
}

const statuses = new Map<number, number>()

/** The answer, which is one of those that the documentation knows, and tells nobody's address. */
function told({ status, text }: Answer, of: string): { accepted: number } {
  expect([200, 401, 404, 413, 422], `${of}: ${text}`).toContain(status)
  statuses.set(status, (statuses.get(status) ?? 0) + 1)
  const answer = JSON.parse(text) as { accepted?: number; error?: { code: string; message: string; lines?: unknown } }
  if (status === 200) return { accepted: answer.accepted ?? expect.fail(text) }
  const { lines: _, ...error } = answer.error ?? { lines: undefined }
  expect(error, of).toEqual({ code: expect.stringMatching(/^[a-z_]+$/) as string, message: expect.stringMatching(/^[^\p{Cc}]{10,2000}$/u) as string })
  expect(text, of).not.toMatch(/example\.(com|org)|lovelace|5558675310|6135550100/i)
  return { accepted: 0 }
}

async function settled(): Promise<void> {
  await expect
    .poll(
      async () => [
        (await app.stores.db.selectFrom('inbox').select('id').limit(1).execute()).length,
        (await app.stores.db.selectFrom('loads').select('id').where('state', 'in', ['running', 'loaded']).execute()).length,
      ],
      { timeout: 120_000, interval: 200 },
    )
    .toEqual([0, 0])
}

test('every source that is called has a sender here', () => {
  expect(withoutSender).toEqual([])
})

test(`${requests} ruined deliveries (MERCAT_TEST_SEED=${seed}): refused with a reason, or kept and accounted for`, async () => {
  const types = Object.entries(senders)
  const failures: string[] = []
  let next = 0
  const work = async () => {
    while (next < requests) {
      const number = next++
      const random = randomOf(seed + number)
      const to = below(random, types.length + 3)
      const [type, sender] = types[to] ?? []
      try {
        if (type && sender) await toWebhook(type, sender, random)
        else await toApi(random)
      } catch (error) {
        failures.push(`delivery ${number}, to ${type ?? 'the API'}: ${error instanceof Error ? (error.stack ?? error.message).slice(0, 600) : String(error)}`)
      }
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  expect(failures.slice(0, 10), `${failures.length} failed`).toEqual([])
  // What is taken, what is not proved, what is of no source, what is of the wrong form: enough of each to say something.
  for (const [status, share] of [
    [200, 0.3],
    [401, 0.05],
    [404, 0.002],
    [422, 0.3],
  ] as const)
    expect(statuses.get(status), `${status}`).toBeGreaterThan(requests * share)
  await settled()
  expect(logged).toBe('')
  for (const type of accounts.keys()) await agrees(type)
})

/** What the source tells of itself is what was acknowledged. */
async function agrees(type: string): Promise<void> {
  const { db, analytics } = app.stores
  const { id } = place(type)
  const [hours] = await db
    .selectFrom('source_hours')
    .select(({ fn }) => [
      fn.sum<number>('requests').as('requests'),
      fn.sum<number>('accepted').as('accepted'),
      fn.sum<number>('ignored').as('ignored'),
      fn.sum<number>('rejected').as('rejected'),
    ])
    .where('source_id', '=', id)
    .execute()
  const counted = Object.fromEntries(Object.entries(hours ?? {}).map(([column, value]) => [column, Number(value)])) as Record<keyof NonNullable<typeof hours>, number>
  const aside = await db.selectFrom('set_aside').select(['kind', 'reason']).where('source_id', '=', id).execute()
  const loads = await db.selectFrom('loads').select(['id', 'state']).where('source', '=', id).execute()
  const [refused] = await analytics.query<{ rows: number }>(
    'SELECT count() AS rows FROM load_rejects WHERE account_id = {account:String} AND has({loads:Array(UInt64)}, load_id)',
    {
      account: app.accounts.acme.id,
      loads: loads.map((load) => load.id),
    },
  )
  const { items, ...expected } = account(type)
  const entities = aside.filter(({ kind }) => kind === 'entities').length
  const byEngine = (refused?.rows ?? 0) + entities
  expect(new Set(loads.map(({ state }) => state)), type).toEqual(new Set(['done']))
  expect(counted.requests, type).toBe(expected.requests)
  expect(counted.ignored, type).toBe(expected.ignored)
  // Every row that was made is stored or refused by the engine, with a reason: no row is lost, and none is there twice.
  expect(counted.accepted + byEngine, type).toBe(expected.rows)
  // Every item that cannot be read is set aside, and every one of which a row was refused, once.
  expect(aside.length, type).toBe(counted.rejected)
  expect(counted.rejected, type).toBeGreaterThanOrEqual(expected.unreadable)
  expect(counted.rejected, type).toBeLessThanOrEqual(expected.unreadable + byEngine)
  expect(counted.ignored + counted.rejected, type).toBeLessThanOrEqual(items)
  for (const { reason } of aside) expect(reason, type).toMatch(/^(?!could not be loaded)[^\p{Cc}\p{Cs}]{5,}$/u)
}

test('what is good is still taken and counted, from every source', async () => {
  for (const [type, sender] of Object.entries(senders)) {
    const { url } = place(type)
    const { text, headers } = sender.good(`good-${type}`)
    const signed = sender.sign(Buffer.from(text), { now: new Date(), url })
    expect(await post(url, signed.body, Object.entries({ ...signed.headers, ...headers })), type).toEqual({ status: 200, text: '{"accepted":1}' })
  }
  await settled()
  const counted = async (table: string, column: string) =>
    (
      await app.stores.analytics.query<{ campaign: string }>(
        `SELECT DISTINCT campaign FROM ${table} WHERE account_id = {account:String} AND startsWith(campaign, 'good-') AND ${column} = 1`,
        { account: app.accounts.acme.id },
      )
    ).map(({ campaign }) => campaign)
  expect([...(await counted('message_facts', 'deliveries')), ...(await counted('order_facts', 'orders'))].sort()).toEqual(Object.keys(senders).map((type) => `good-${type}`))
  expect(logged).toBe('')
})

test('what is beyond the bounds is refused before it costs anything', async () => {
  const platform = senders.brevo ?? expect.fail()
  const webhook = async (body: Buffer) => await post(place('brevo').url, body, Object.entries(platform.sign(body, { now: new Date(), url: '' }).headers))
  const toEvents = async (body: Buffer, packed = true) =>
    await post(`${app.origin}/ingest/events`, packed ? gzipSync(body, { level: 1 }) : body, [
      ['content-type', 'application/x-ndjson'],
      ['authorization', `Bearer ${place('api').key}`],
      ...(packed ? [['content-encoding', 'gzip'] as const] : []),
    ])
  const mb = 1024 * 1024
  const row = JSON.stringify(rows.events?.[0])
  const wide = JSON.stringify(Object.fromEntries(Array.from({ length: 20_000 }, (_, number) => [`member ${number}`, 0])))
  const deep = `{"campaign_id":${'['.repeat(10_000)}${']'.repeat(10_000)}}`
  for (const [answer, status, words] of [
    [await webhook(Buffer.alloc(6 * mb, ' ')), 413, 'larger than 5 MB'],
    [await webhook(Buffer.from(`[${'{},'.repeat(100_000)}{}]`)), 413, 'at most 100,000 items'],
    [await webhook(Buffer.from(deep)), 422, 'nested deeper than 100 levels'],
    [await webhook(Buffer.from(`[{"event":"click","tags":[${'0,'.repeat(2_400_000)}1e5]}]`)), 422, 'The body is too full: it holds more than 250,000 values; send fewer at a time'],
    [await webhook(Buffer.from(wide)), 422, 'The body is too wide'],
    [await toEvents(Buffer.alloc(17 * mb, ' '), false), 413, 'larger than 16 MB'],
    [await toEvents(Buffer.alloc(65 * mb, ' ')), 413, 'larger than 64 MB unpacked'],
    [await toEvents(Buffer.alloc(63 * mb, '\n')), 413, 'at most 100,000 lines'],
    [await toEvents(Buffer.from(`${row}\n`.repeat(100_001))), 413, 'at most 100,000 lines'],
    [await toEvents(Buffer.from(`${row}\n{"campaign_id":"${'c'.repeat(mb)}"}`)), 422, 'line 2: the record is longer than 1 MB'],
    [await toEvents(Buffer.from(`${row}\n{"campaign_id":[${'0,'.repeat(400_000)}1e5]}`)), 422, 'line 2: the line is too full'],
    [await toEvents(Buffer.from(wide)), 422, 'line 1: the line is too wide'],
    [await toEvents(Buffer.from(deep)), 422, 'line 1: the line is nested deeper than 100 levels'],
  ] as const) {
    expect(answer.text).toContain(words)
    expect(answer.status, words).toBe(status)
  }
})

test('names and texts that no store takes are set aside, with a reason that can be read', async () => {
  const { db } = app.stores
  await db.deleteFrom('set_aside').execute()
  const product = (key: string, definition: object) => ({ type: 'product', key, definition })
  const odd = [
    product('a', { kind: 'nul\u0000' }),
    product('b', { kind: 'half\ud800' }),
    product('c', { '\u001b[31mred\u0085': 1 }),
    product('d\u0000', {}),
    product('good', { kind: 'a \\u0000 in words' }),
  ]
  const body = Buffer.from(odd.map((row) => JSON.stringify(row)).join('\n'))
  const headers = { 'content-type': 'application/x-ndjson', authorization: `Bearer ${place('api').key}` }
  expect(await post(`${app.origin}/ingest/entities`, body, Object.entries(headers))).toEqual({ status: 200, text: '{"accepted":5}' })
  await settled()
  const aside = await db.selectFrom('set_aside').select('reason').orderBy('id').execute()
  expect(aside.map(({ reason }) => reason).sort()).toEqual([
    'definition: Unrecognized key: "\ufffd[31mred\ufffd"',
    'definition: must hold neither NUL nor half of a surrogate pair',
    'definition: must hold neither NUL nor half of a surrogate pair',
    'key: must not hold control characters',
  ])
  expect(await db.selectFrom('entities').select('definition').where('type', '=', 'product').where('key', '=', 'good').execute()).toEqual([
    { definition: { kind: 'a \\u0000 in words' } },
  ])
})

test('a delivery that breaks its batch is found among others, and is the only one set aside', async () => {
  const { db } = app.stores
  const { id, url, name } = place('sendgrid')
  const sender = senders.sendgrid ?? expect.fail()
  const before = (await db.selectFrom('loads').select('id').execute()).length
  // What no sender can cause: bytes that were damaged where they are kept.
  const damaged = { account_id: app.accounts.acme.id, source_id: id, received_at: new Date(), items: 1, bytes: 10, sealed: Buffer.from('damaged') }
  const sendOne = async (number: number) => {
    const { body, headers } = sender.sign(Buffer.from(sender.good(`behind-${number}`).text), { now: new Date(), url })
    expect((await post(url, body, Object.entries(headers))).status).toBe(200)
  }
  await db.transaction().execute(async (transaction) => {
    await transaction.insertInto('inbox').values(damaged).execute()
  })
  await Promise.all(Array.from({ length: 200 }, async (_, number) => await sendOne(number)))
  await settled()
  const aside = await db.selectFrom('set_aside').select('kind').where('reason', 'like', 'could not be loaded%').execute()
  expect(aside).toEqual([{ kind: 'request' }])
  const [{ campaigns } = { campaigns: 0 }] = await app.stores.analytics.query<{ campaigns: number }>(
    "SELECT uniq(campaign) AS campaigns FROM message_facts WHERE account_id = {account:String} AND startsWith(campaign, 'behind-')",
    { account: app.accounts.acme.id },
  )
  expect(campaigns, name).toBe(200)
  // One by one, it would have been a load for each of those behind it.
  expect((await db.selectFrom('loads').select('id').execute()).length - before).toBeLessThan(60)
  expect(logged.trim().split('\n')).toEqual([expect.stringContaining('a delivery could not be loaded')])
})
