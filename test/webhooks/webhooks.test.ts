/** Outgoing webhooks on both engines, to a real receiver that verifies them with an independent library: told once for each decision, retried, recognisable, and to nobody else. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WebhookVerificationError } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Account, Principal, Scope } from '../../src/core/access.ts'
import { createLog } from '../../src/core/log.ts'
import { announce, createSender, createWebhooks, deliverDue, purgeWebhooksJob, webhookJobs, type WebhooksService } from '../../src/domain/webhooks/index.ts'
import { createPost } from '../../src/domain/webhooks/post.ts'
import { takeDue, writeFailed } from '../../src/domain/webhooks/outbox-repository.ts'
import { deriveSecrets } from '../../src/identity/secrets.ts'
import { openOperational, type OperationalStore } from '../../src/storage/operational/open.ts'
import { caught, refusalOf } from '../caught.ts'
import { startPostgres, type TestPostgres } from '../engines/postgres.ts'
import { copyEmptyOperational } from '../engines/template.ts'
import { makeAccount, principalOf } from '../stores.ts'
import { type Answer, Receiver, verified } from './receiver.ts'

const seals = deriveSecrets('a secret of an installation, long enough')
const sender = createSender(seals, { local: true })
const still = new AbortController().signal
const [second, minute, hour] = [1_000, 60_000, 3_600_000]
const entity = { id: 'cmp_1', type: 'campaign', name: 'Frühling „–“ 🌱 <b>', status: 'active' }

let postgres: TestPostgres
let folder: string
const receiver = new Receiver()
beforeAll(async () => {
  postgres = await startPostgres()
  folder = await mkdtemp(join(tmpdir(), 'mercat-webhooks-'))
  await copyEmptyOperational(join(folder, 'operational'))
})
afterAll(async () => {
  await postgres.stop()
  await rm(folder, { recursive: true, force: true })
})
beforeEach(async () => void (await receiver.open()))
afterEach(async () => {
  await receiver.close()
  receiver.take()
  receiver.answer = (response) => void response.writeHead(204).end()
})

describe.each(['pglite', 'postgres'] as const)('on %s', (engine) => {
  let store: OperationalStore
  let url: string
  let account: Account
  let now: Date
  const clock = () => now
  const advance = (ms: number) => {
    now = new Date(now.getTime() + ms)
  }
  const house = () => ({ db: store.db, clock })
  const as = (scopes: Scope[], of = account, given: Partial<Principal> = {}): WebhooksService =>
    createWebhooks(house(), sender)(principalOf(of, { scopes: new Set(scopes), userId: 'usr_owner', clientId: 'dashboard', ...given }))
  const owner = (of = account) => as(['manage:account', 'read:health'], of)
  const tell = (data: object = { entity }, of = account) =>
    store.db.transaction().execute((transaction) => announce(transaction, clock, { accountId: of.id, type: 'entity.activated', data: { ...data } }))
  const deliver = () => deliverDue(house(), sender, account.id, still)
  const listed = async () => (await owner().deliveries({})).deliveries
  const events = async () => (await store.db.selectFrom('audit').select(['tool', 'input']).where('account_id', '=', account.id).orderBy('id').execute()).map(({ tool }) => tool)

  beforeAll(async () => {
    url = engine === 'postgres' ? await postgres.database() : ''
    store = await openOperational(engine === 'postgres' ? { engine, url } : { engine, folder: join(folder, 'operational') })
  })
  afterAll(() => store.close())
  beforeEach(async () => {
    now = new Date('2026-06-01T12:00:00.250Z')
    account = await makeAccount(store.db)
  })

  test('told once for what is committed, with headers and a body that the library accepts, and nothing that was changed on the way', async () => {
    const { secret } = await owner().add(receiver.url('/hook?platform=1'))
    expect(secret).toMatch(/^whsec_/)
    expect(Buffer.from(secret.slice(6), 'base64').length).toBe(32)
    const broken = store.db.transaction().execute(async (transaction) => {
      await announce(transaction, clock, { accountId: account.id, type: 'entity.paused', data: {} })
      throw new Error('the decision fails')
    })
    await expect(broken).rejects.toThrow('the decision fails')
    const id = await tell({ entity, decidedBy: 'Ada' })
    advance(3 * second)
    expect(await deliver()).toBeNull()
    expect(await deliver()).toBeNull()
    expect(receiver.received.length).toBe(1)
    const [one] = receiver.take() as [Receiver['received'][number]]
    expect(one.path).toBe('/hook?platform=1')
    expect(one.headers).toMatchObject({ 'webhook-id': id, 'content-type': 'application/json', 'webhook-timestamp': String(Math.floor(now.getTime() / 1000)) })
    expect(verified(secret, one, now)).toEqual({ type: 'entity.activated', timestamp: '2026-06-01T12:00:00.250Z', data: { entity, decidedBy: 'Ada' } })
    const refused = (given: Partial<typeof one>, at = now, by = secret) => expect(() => verified(by, { ...one, ...given }, at)).toThrow(WebhookVerificationError)
    refused({ body: one.body.replace('active', 'paused') })
    refused({ headers: { ...one.headers, 'webhook-id': 'msg_other' } })
    refused({ headers: { ...one.headers, 'webhook-timestamp': String(Number(one.headers['webhook-timestamp']) + 1) } })
    refused({}, new Date(now.getTime() + 6 * minute))
    refused({}, now, `whsec_${Buffer.alloc(32).toString('base64')}`)
    expect(await listed()).toMatchObject([
      { messageId: id, event: 'Activated', host: new URL(receiver.url()).host, state: 'delivered', attempts: 1, lastError: null, nextAt: null },
    ])
    const rows = JSON.stringify(await store.db.selectFrom('webhook_endpoints').selectAll().where('account_id', '=', account.id).execute())
    expect(rows).not.toContain(secret.slice(6))
    expect(await events()).toEqual(['webhook.added'])
  })

  test('a receiver that is down gets it later, with the same id and words, after ever longer waits; given up at last, it is sent again by a person', async () => {
    const { secret } = await owner().add(receiver.url())
    const id = await tell()
    await receiver.close()
    await deliver()
    expect(await listed()).toMatchObject([{ state: 'pending', attempts: 1, lastError: expect.stringContaining('could not be reached') }])
    await receiver.open()
    receiver.answer = (response) => void response.writeHead(500).end('a stack trace with secrets')
    const waits: number[] = []
    for (;;) {
      const [delivery] = await listed()
      if (delivery?.state !== 'pending') break
      const wait = Date.parse(delivery.nextAt ?? '') - now.getTime()
      waits.push(wait)
      advance(wait - 1)
      await deliver()
      expect((await listed())[0]?.attempts).toBe(delivery.attempts)
      advance(1)
      await deliver()
    }
    const usual = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400].map((seconds) => seconds * second)
    expect(waits.length).toBe(usual.length)
    for (const [n, wait] of waits.entries()) expect(wait / (usual[n] as number)).toSatisfy((share: number) => share >= 1 && share <= 1.2)
    const [failed] = await listed()
    expect(failed).toMatchObject({ state: 'failed', attempts: 10, lastError: 'Status 500. The receiver answered with an error. Its log says why.', replayable: true })
    const before = receiver.take()
    expect(before.length).toBe(9)
    receiver.answer = (response) => void response.writeHead(200).end('ok')
    await owner().replay(failed?.id ?? 0)
    expect(await refusalOf(owner().replay(failed?.id ?? 0))).toMatchObject({ code: 'conflict', message: 'It is still being tried' })
    await deliver()
    const [last] = receiver.take() as [Receiver['received'][number]]
    expect(verified(secret, last, now)).toMatchObject({ data: { entity } })
    expect(new Set([...before, last].map(({ headers, body }) => `${headers['webhook-id']} ${body}`)).size).toBe(1)
    expect(last.headers['webhook-id']).toBe(id)
    expect(await refusalOf(owner().replay(failed?.id ?? 0))).toMatchObject({ code: 'conflict', message: 'It was delivered' })
    expect(await events()).toEqual(['webhook.added', 'webhook.replayed'])
  })

  test('a process that is killed or stopped between the request and its record: sent again, and recognisable', async () => {
    const { secret } = await owner().add(receiver.url())
    const id = await tell()
    // Taken and sent, and the process is gone before it can say so.
    const [taken] = await takeDue(store.db, account.id, now, 10)
    expect(taken?.message_id).toBe(id)
    await sender.post({ url: receiver.url(), headers: { 'webhook-id': id }, body: '{}' }, still)
    await deliver()
    expect(receiver.take().length).toBe(1)
    advance(61 * second)
    // Stopped in the ordinary way while the receiver thinks.
    const stop = new AbortController()
    receiver.answer = () => stop.abort(new Error('stopped'))
    expect(await caught(deliverDue(house(), sender, account.id, stop.signal))).toMatchObject({ message: 'stopped' })
    expect(await listed()).toMatchObject([{ state: 'pending', attempts: 0, sending: false }])
    receiver.answer = (response) => void response.writeHead(204).end()
    await deliver()
    const both = receiver.take()
    expect(both.map(({ headers }) => headers['webhook-id'])).toEqual([id, id])
    for (const one of both) expect(verified(secret, one, now)).toMatchObject({ type: 'entity.activated' })
    expect(await listed()).toMatchObject([{ state: 'delivered', attempts: 1 }])
    // The first process was only slow: what it says now no longer counts.
    expect(taken && (await writeFailed(store.db, taken, { failure: 'timeout', status: null, nextAt: now }, now))).toBe(false)
    expect(await listed()).toMatchObject([{ state: 'delivered' }])
  })

  test('what nobody heard of is found by the clock, and not while a process is at it', async () => {
    await owner().add(receiver.url())
    const asked: string[] = []
    const jobs = webhookJobs(house(), sender, async (_, { accountId }) => void asked.push(accountId), createLog('silent'))
    const run = (name: string, accountId = '') => jobs.find((job) => job.name === name)?.run(still, { accountId, runId: '1' })
    const found = async () => {
      asked.splice(0)
      await run('webhooks_due')
      return asked.filter((id) => id === account.id).length
    }
    expect(await found()).toBe(0)
    const id = await tell()
    expect(await found()).toBe(1)
    await takeDue(store.db, account.id, now, 10)
    expect(await found()).toBe(0)
    advance(61 * second)
    expect(await found()).toBe(1)
    await run('webhooks', account.id)
    expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual([id])
    expect(await found()).toBe(0)
  })

  test('several processes at once send each message once', async () => {
    await owner().add(receiver.url())
    const ids: string[] = []
    for (let n = 0; n < 45; n++) ids.push(await tell({ n }))
    const second = engine === 'postgres' ? await openOperational({ engine, url }) : undefined
    const stores = [store, second ?? store, store, second ?? store]
    await Promise.all(stores.map(({ db }) => deliverDue({ db, clock }, sender, account.id, still)))
    await second?.close()
    expect(
      receiver
        .take()
        .map(({ headers }) => String(headers['webhook-id']))
        .sort(),
    ).toEqual(ids.sort())
    const first = await owner().deliveries({ state: 'delivered' })
    expect(first.coverage).toEqual({ from: 1, shown: 20, of: 45 })
    const next = await owner().deliveries({ state: 'delivered', cursor: first.nextCursor ?? '' })
    const last = await owner().deliveries({ state: 'delivered', cursor: next.nextCursor ?? '' })
    expect([last.coverage, last.nextCursor]).toEqual([{ from: 41, shown: 5, of: 45 }, null])
    expect(new Set([first, next, last].flatMap(({ deliveries }) => deliveries.map(({ messageId }) => messageId))).size).toBe(45)
    expect(await refusalOf(owner().deliveries({ cursor: first.nextCursor ?? '' }))).toMatchObject({ code: 'invalid_cursor' })
  })

  test('hostile and slow receivers: no redirect, no large body, no long wait; Retry-After is kept; 410 turns it off', async () => {
    const { id } = await owner().add(receiver.url())
    const other = await new Receiver().open()
    const brings = async (answer: Answer | number) => {
      receiver.answers(answer)
      await tell()
      await deliver()
      return (await listed())[0]
    }
    expect(await brings((response) => void response.writeHead(307, { location: other.url() }).end())).toMatchObject({
      state: 'pending',
      lastError: expect.stringContaining('redirect'),
    })
    expect(other.received).toEqual([])
    await other.close()
    expect(await brings((response) => void response.writeHead(200).end(Buffer.alloc(50_000_000)))).toMatchObject({ state: 'delivered' })
    // The first byte decides; what drips on afterwards keeps nobody.
    expect(await brings((response) => void response.writeHead(200).write('…'))).toMatchObject({ state: 'delivered' })
    const impatient = createPost({ local: true, timeoutMs: 100 })
    receiver.answers(() => {})
    expect(await impatient({ url: receiver.url(), headers: {}, body: '{}' }, still)).toEqual({ ok: false, failure: 'timeout', status: null })
    receiver.answers((response) => void response.socket?.destroy())
    expect(await impatient({ url: receiver.url(), headers: {}, body: '{}' }, still)).toMatchObject({ failure: 'connection' })
    receiver.answers((response) => void response.socket?.end('no http at all\r\n\r\n'))
    expect(await impatient({ url: receiver.url(), headers: {}, body: '{}' }, still)).toMatchObject({ failure: 'connection' })
    expect(await impatient({ url: receiver.url().replace('http:', 'https:'), headers: {}, body: '{}' }, still)).toMatchObject({ failure: 'tls' })
    const asked = await brings((response) => void response.writeHead(429, { 'retry-after': '3600' }).end())
    expect(Date.parse(asked?.nextAt ?? '') - now.getTime()).toBe(hour)
    // On another status the header is not looked at.
    const unasked = await brings((response) => void response.writeHead(500, { 'retry-after': '3600' }).end())
    expect(Date.parse(unasked?.nextAt ?? '') - now.getTime()).toBeLessThanOrEqual(6 * second)
    expect(await brings(410)).toMatchObject({ state: 'failed', lastError: expect.stringContaining('turned off'), replayable: false })
    expect((await owner().list()).endpoints).toMatchObject([{ id, enabled: false, disabledReason: 'gone' }])
    expect((await owner().deliveries({ state: 'pending' })).deliveries).toEqual([])
    expect(await events()).toEqual(['webhook.added', 'webhook.gone'])
    receiver.take()
    await tell()
    await deliver()
    expect(receiver.received).toEqual([])
    expect(await refusalOf(owner().test(id))).toMatchObject({ code: 'conflict' })
    await owner().setEnabled(id, true)
    await tell()
    await deliver()
    expect(receiver.received.length).toBe(1)
  })

  test('only public addresses are called, whatever a name resolves to', async () => {
    const resolving = (...found: string[]) =>
      createPost({ local: false, timeoutMs: 5_000, resolve: async () => found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })) })
    const to = (address: string) => ({ url: address, headers: {}, body: '{}' })
    for (const found of [['127.0.0.1'], ['10.1.2.3'], ['169.254.169.254'], ['::1'], ['93.184.216.34', '10.0.0.1'], []])
      expect(await resolving(...found)(to('https://platform.example.com/'), still)).toMatchObject({ failure: 'private_address' })
    expect(await createPost({ local: false })(to(receiver.url()), still)).toMatchObject({ failure: 'private_address' })
    expect(await createPost({ local: true, resolve: async () => [{ address: '127.0.0.1', family: 4 }] })(to('https://platform.example.com/'), still)).toMatchObject({
      failure: 'private_address',
    })
    const gone = createPost({ local: false, resolve: () => Promise.reject(Object.assign(new Error('x'), { code: 'ENOTFOUND', syscall: 'getaddrinfo' })) })
    expect(await gone(to('https://platform.example.com/'), still)).toMatchObject({ failure: 'unknown_host' })
    expect(receiver.received).toEqual([])
    const abroad = createWebhooks(house(), createSender(seals, { local: false }))(principalOf(account, { scopes: new Set(['manage:account']) }))
    for (const given of [receiver.url(), 'https://10.0.0.1/', 'http://platform.example.com/', 'https://me:pw@platform.example.com/', 'x\0y'])
      expect(await refusalOf(abroad.add(given)), given).toMatchObject({ code: 'invalid_arguments', details: { argument: 'url' } })
    expect(await refusalOf(createWebhooks(house(), undefined)(principalOf(account, { scopes: new Set(['manage:account']) })).add(receiver.url()))).toMatchObject({
      code: 'unavailable',
    })
  })

  test('a new secret: both sign for a day, then the new one alone', async () => {
    const { id, secret: old } = await owner().add(receiver.url())
    const { secret: fresh, previousUntil } = await owner().rotate(id)
    expect(Date.parse(previousUntil) - now.getTime()).toBe(24 * hour)
    advance(24 * hour - 1)
    await tell()
    await deliver()
    const [during] = receiver.take() as [Receiver['received'][number]]
    expect(String(during.headers['webhook-signature']).split(' ').length).toBe(2)
    for (const secret of [old, fresh]) expect(verified(secret, during, now)).toMatchObject({ type: 'entity.activated' })
    advance(1)
    await tell()
    await deliver()
    const [after] = receiver.take() as [Receiver['received'][number]]
    expect(verified(fresh, after, now)).toMatchObject({ type: 'entity.activated' })
    expect(() => verified(old, after, now)).toThrow(WebhookVerificationError)
    expect(await events()).toEqual(['webhook.added', 'webhook.rotated'])
  })

  test('endpoints: five, each once; turned off they get nothing, not even what waited; a test goes to one alone; removed they are gone', async () => {
    const ids: string[] = []
    for (let n = 0; n < 5; n++) ids.push((await owner().add(receiver.url(`/${n}`))).id)
    expect(await refusalOf(owner().add(receiver.url('/0')))).toMatchObject({ code: 'conflict', details: { argument: 'url' } })
    expect(await refusalOf(owner().add(receiver.url('/6')))).toMatchObject({ code: 'conflict', message: 'An account has at most 5 endpoints' })
    const [first, removed] = ids as [string, string]
    await tell()
    await owner().setEnabled(first, false)
    await owner().remove(removed)
    await deliver()
    expect(
      receiver
        .take()
        .map(({ path }) => path)
        .sort(),
    ).toEqual(['/2', '/3', '/4'])
    const off = (await owner().deliveries({ state: 'failed' })).deliveries
    expect(off).toMatchObject([{ lastError: expect.stringContaining('turned off'), replayable: false }])
    expect(await refusalOf(owner().replay(off[0]?.id ?? 0))).toMatchObject({ code: 'conflict', message: 'The endpoint is off' })
    await owner().setEnabled(first, true)
    await owner().replay(off[0]?.id ?? 0)
    await deliver()
    expect(receiver.take().map(({ path }) => path)).toEqual(['/0'])
    expect(await owner().test(first)).toMatchObject({ delivered: true, status: 204, problem: null })
    expect(receiver.take()).toMatchObject([{ path: '/0', body: expect.stringContaining('"type":"webhook.test"') }])
    receiver.answers(401)
    expect(await owner().test(first)).toMatchObject({ delivered: false, status: 401, problem: expect.stringContaining('Status 401') })
    expect((await listed())[0]).toMatchObject({ state: 'failed', attempts: 1 })
    for (let n = 2; n < 10; n++) await owner().test(first)
    expect(await refusalOf(owner().test(first))).toMatchObject({ code: 'rate_limited', details: { retryAfter: 60 } })
    expect(await events()).toEqual([
      ...Array.from({ length: 5 }, () => 'webhook.added'),
      'webhook.turned_off',
      'webhook.removed',
      'webhook.turned_on',
      'webhook.replayed',
      ...Array.from({ length: 10 }, () => 'webhook.tested'),
    ])
  })

  test('another account’s endpoints and deliveries are not there, and what a person may not do is refused by the service', async () => {
    const other = await makeAccount(store.db)
    const { id } = await owner().add(receiver.url('/ours'))
    await owner(other).add(receiver.url('/theirs'))
    await tell({ private: true })
    await deliver()
    expect(receiver.take().map(({ path }) => path)).toEqual(['/ours'])
    const delivery = (await listed())[0]?.id ?? 0
    expect((await owner(other).deliveries({})).deliveries).toEqual([])
    const stranger = owner(other)
    for (const work of [
      () => stranger.rotate(id),
      () => stranger.setEnabled(id, false),
      () => stranger.remove(id),
      () => stranger.test(id),
      () => stranger.payload(delivery),
      () => stranger.replay(delivery),
    ])
      expect(await refusalOf(work())).toMatchObject({ code: 'not_found' })
    expect((await owner().list()).endpoints).toMatchObject([{ id, enabled: true, previousUntil: null }])

    const reader = as(['read:health'])
    for (const work of [
      () => reader.list(),
      () => reader.add(receiver.url('/x')),
      () => reader.rotate(id),
      () => reader.setEnabled(id, false),
      () => reader.remove(id),
      () => reader.test(id),
      () => reader.replay(delivery),
      () => reader.payload(delivery),
    ])
      expect(await refusalOf(work())).toMatchObject({ code: 'missing_scopes' })
    const [seen] = (await reader.deliveries({})).deliveries
    expect(seen).toMatchObject({ id: delivery, replayable: false })
    expect(JSON.stringify(seen)).not.toMatch(/private|\/ours/)
    expect(await refusalOf(as(['manage:account']).deliveries({}))).toMatchObject({ code: 'missing_scopes' })
    expect((await as(['approve:drafts']).payload(delivery)).body).toContain('"data":{"private":true}')
    expect(await refusalOf(as(['approve:drafts'], account, { brands: ['brd_1'] }).payload(delivery))).toMatchObject({ code: 'missing_scopes' })
  })

  test('what is past its time is deleted, and what still waits stays', async () => {
    await owner().add(receiver.url())
    await tell({ n: 1 })
    await deliver()
    const waiting = await tell({ n: 2 })
    advance(29 * 24 * hour)
    const job = purgeWebhooksJob(house())
    const messages = async () => (await store.db.selectFrom('outbox').select('message_id').where('account_id', '=', account.id).execute()).map((row) => row.message_id)
    await job.run(still, { accountId: '', runId: '1' })
    expect((await messages()).length).toBe(2)
    advance(2 * 24 * hour)
    await job.run(still, { accountId: '', runId: '2' })
    expect(await messages()).toEqual([waiting])
    await deliver()
    await job.run(still, { accountId: '', runId: '3' })
    expect(await messages()).toEqual([])
  })
})
