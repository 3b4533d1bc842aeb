/** Mission control on real stores: what the tools say equals what was really loaded, failed and called, and nothing of other accounts or hidden campaigns. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Account, Principal } from '../../src/core/access.ts'
import { addDays, dayOf } from '../../src/core/period.ts'
import { newId } from '../../src/core/ids.ts'
import { failLoad, startLoad } from '../../src/domain/facts/index.ts'
import { callTool } from '../call.ts'
import { refusalOf } from '../caught.ts'
import { openWorkshop, type Workshop } from '../ingest/support.ts'
import { idOf, putEntities } from '../reports/fixture.ts'
import { principalOf } from '../stores.ts'

let shop: Workshop
let acme: Account
let other: Account
const today = dayOf(new Date(), 'Europe/Berlin')

interface Row {
  campaign: string
  channel: string
  message: string
  event: string
  bounce: string
  error: string
  at: string
}
const rows: Row[] = []

const health = (account: Account, limits: { brands?: string[] } = {}): Principal => ({ ...principalOf(account, limits), scopes: new Set(['read:mcp', 'read:health']) })

async function call<Answer = Record<string, unknown>>(principal: Principal, name: string, given: object = {}): Promise<{ answer: Answer; text: string }> {
  const { structured, text } = await callTool<Answer>(shop.stores, principal, name, given)
  return { answer: structured, text }
}

interface Errors {
  errors: {
    kind: string
    campaign: { id: string | null; name: string } | null
    channel: string | null
    event: string
    error: string
    source: string | null
    count: number | null
    shareOfSends: number | null
    sends: number | null
    firstAt: string
    lastAt: string
  }[]
  coverage: { from: number; shown: number; of: number }
  nextCursor: string | null
}

beforeAll(async () => {
  shop = await openWorkshop()
  acme = await shop.account()
  other = await shop.account()
  await putEntities(shop.stores, acme, [
    { type: 'brand', key: 'north', name: 'North' },
    { type: 'brand', key: 'south', name: 'South' },
    { type: 'campaign', key: 'spring', name: 'Spring | sale', channel: 'Email', brand: 'north' },
    { type: 'campaign', key: 'autumn', name: 'Autumn', channel: 'SMS', brand: 'south' },
  ])
  const at = (days: number, second: number) => `${addDays(today, -days)}T10:00:${String(second % 60).padStart(2, '0')}Z`
  const put = (campaign: string, channel: string, index: number, event: string, days: number, bounce = '', error = '') =>
    rows.push({ campaign, channel, message: `${campaign}-${index}`, event, bounce, error, at: at(days, index) })
  for (let index = 0; index < 60; index++) {
    put('spring', 'Email', index, 'sent', 3)
    if (index < 14) put('spring', 'Email', index, 'bounced', 2, 'soft', '452 mailbox full')
    // The same message twice: it counts once.
    if (index < 5) put('spring', 'Email', index, 'bounced', 1, 'soft', '452 mailbox full')
    if (index >= 50 && index < 54) put('spring', 'Email', index, 'bounced', 2, 'hard', '550 no such mailbox')
    // Few messages have these words: they may name a person.
    if (index >= 54 && index < 56) put('spring', 'Email', index, 'bounced', 2, 'hard', '550 box of bee gone')
    if (index === 56) put('spring', 'Email', index, 'bounced', 2, 'hard', '550-5.1.1 bee unknown')
    if (index >= 57) put('spring', 'Email', index, 'failed', 2, '', 'bee moved')
  }
  for (let index = 0; index < 30; index++) {
    put('autumn', 'SMS', index, 'sent', 3)
    if (index < 11) put('autumn', 'SMS', index, 'failed', 3, '', 'number not in use')
    if (index === 12) put('autumn', 'SMS', index, 'failed', 40, '', 'long ago')
  }
  const csv = ['campaign_id,channel,message_id,customer_id,event,bounce_type,error,occurred_at']
  for (const { campaign, channel, message, event, bounce, error, at: when } of rows) csv.push([campaign, channel, message, `c-${message}`, event, bounce, error, when].join(','))
  // Two lines that cannot be stored, and a file of the same lines again: nothing is counted twice.
  csv.push('spring,Email,bad-1,c-1,teleported,,,2026-01-01T00:00:00Z', 'spring,Email,bad-2,c-2,sent,,,not a time')
  const file = await shop.write('first.csv', csv.join('\n'))
  await shop.import(acme, [file])
  await shop.import(acme, [file])
  const { db } = shop.stores
  const broken = await startLoad(db, { accountId: acme.id, source: 'crm', label: 'customers.csv' })
  await failLoad(db, broken.id, 'The file ended in the middle')
  const foreign = await startLoad(db, { accountId: other.id, source: 'secret-source', label: 'secret.csv' })
  await failLoad(db, foreign.id, 'secret reason')
  const job = (accountId: string, state: string, extra: object = {}) => ({ id: newId('job'), account_id: accountId, type: 'import', title: 'An import', state, ...extra })
  await db
    .insertInto('jobs')
    .values([
      job(acme.id, 'queued'),
      job(acme.id, 'failed', { finished_at: new Date(), error: JSON.stringify({ code: 'unavailable', message: 'words for the owner alone', details: {} }) }),
      job(other.id, 'failed', { finished_at: new Date(), error: JSON.stringify({ code: 'internal', message: 'secret', details: {} }) }),
    ])
    .execute()
})
afterAll(async () => await shop?.close())

describe('list_execution_errors', () => {
  /** Messages by group, computed from the rows as they were written; words of fewer than ten messages give their code alone. */
  function naive(days: number): Map<string, { count: number; first: string; last: string }> {
    const concerned = rows.filter(({ event, at }) => ['bounced', 'failed'].includes(event) && at.slice(0, 10) >= addDays(today, 1 - days))
    const keyed = (row: Row, error: string) => [row.campaign, row.channel, row.event, row.bounce, error].join('/')
    const exact = Map.groupBy(concerned, (row) => keyed(row, row.error))
    const codeOf = (error: string) => ['550-5.1.1', '550'].find((code) => error.startsWith(code))
    const told = (row: Row) => (new Set(exact.get(keyed(row, row.error))?.map(({ message }) => message)).size < 10 ? `${codeOf(row.error) ?? ''} …`.trim() : row.error)
    return new Map(
      [...Map.groupBy(concerned, (row) => keyed(row, told(row)))].map(([key, found]) => {
        const times = found.map(({ at }) => new Date(at).toISOString()).sort()
        return [key, { count: new Set(found.map(({ message }) => message)).size, first: times[0] ?? '', last: times.at(-1) ?? '' }]
      }),
    )
  }
  const keyOf = (error: Errors['errors'][number]) => {
    const campaign = error.campaign?.name === 'Autumn' ? 'autumn' : 'spring'
    const [event = '', bounce = ''] = error.event.split(' ')
    return [campaign, error.channel, event, bounce, error.error].join('/')
  }

  test.each([7, 60])('equals a count by hand over %i days, each message once, with its share of the sends', async (days) => {
    const expected = naive(days)
    const { answer } = await call<Errors>(health(acme), 'list_execution_errors', { startDate: addDays(today, 1 - days), kind: 'message' })
    expect(answer.errors.map(keyOf).sort()).toEqual([...expected.keys()].sort())
    for (const error of answer.errors) {
      const wanted = expected.get(keyOf(error))
      const few = (wanted?.count ?? 0) < 10
      const sends = error.campaign?.name === 'Autumn' ? 30 : 60
      expect(error).toMatchObject({
        count: few ? null : wanted?.count,
        sends,
        shareOfSends: few ? null : (wanted?.count ?? 0) / sends,
        firstAt: few ? wanted?.first.slice(0, 10) : wanted?.first,
        lastAt: few ? wanted?.last.slice(0, 10) : wanted?.last,
      })
    }
    expect(answer.coverage).toEqual({ from: 1, shown: expected.size, of: expected.size })
    expect(answer.errors.map(({ error }) => error)).toEqual(expect.arrayContaining(['550 …', '550-5.1.1 …', '…']))
    expect(JSON.stringify(answer)).not.toContain('bee')
  })

  test('failed loads and jobs stand beside them; a job says what its code means, not what its owner was told', async () => {
    const { answer, text } = await call<Errors>(health(acme), 'list_execution_errors')
    expect(answer.errors.filter(({ kind }) => kind === 'load')).toMatchObject([{ source: 'crm', error: 'The file ended in the middle', count: 1 }])
    expect(answer.errors.filter(({ kind }) => kind === 'job')).toMatchObject([
      { source: 'import', error: 'unavailable: A store is not reachable at the moment, or has no room for more.', count: 1 },
    ])
    expect(text).toContain('fewer than 10')
    expect(text).toContain('Spring \\| sale')
    expect(JSON.stringify(answer) + text).not.toMatch(/secret|words for the owner/)
  })

  test('a member of one brand sees errors of its campaigns, and no loads or jobs', async () => {
    const { answer } = await call<Errors>(health(acme, { brands: [idOf(acme, 'brand', 'south')] }), 'list_execution_errors')
    expect(answer.errors.map(({ kind, campaign }) => [kind, campaign?.name])).toEqual([['message', 'Autumn']])
    expect(await refusalOf(call(health(acme, { brands: [idOf(acme, 'brand', 'south')] }), 'list_execution_errors', { campaignIds: ['spring'] }))).toMatchObject({
      code: 'unknown_value',
    })
  })

  test('filters take names in any case, and refuse what is not there', async () => {
    const { answer } = await call<Errors>(health(acme), 'list_execution_errors', { campaignIds: ['AUTUMN'], channels: ['sms'] })
    expect(answer.errors).toMatchObject([{ channel: 'SMS', error: 'number not in use', count: 11 }])
    expect((await refusalOf(call(health(acme), 'list_execution_errors', { campaignIds: ['autum'] }))).details.nearest).toEqual(['Autumn'])
    expect(await refusalOf(call(health(acme), 'list_execution_errors', { channels: ['Fax'] }))).toMatchObject({ code: 'unknown_value' })
    expect(await refusalOf(call(health(acme), 'list_execution_errors', { kind: 'load', channels: ['SMS'] }))).toMatchObject({ code: 'invalid_arguments' })
    expect(await refusalOf(call(health(acme), 'list_execution_errors', { startDate: '2026-05-02', endDate: '2026-05-01' }))).toMatchObject({ code: 'invalid_arguments' })
  })

  test('pages join to the whole list, in one order, whatever comes in meanwhile', async () => {
    const whole = (await call<Errors>(health(acme), 'list_execution_errors')).answer
    const pages: Errors['errors'][] = []
    let cursor: string | null = null
    const slow = await startLoad(shop.stores.db, { accountId: acme.id, source: 'late', label: 'slow.csv' })
    do {
      const { answer }: { answer: Errors } = await call<Errors>(health(acme), 'list_execution_errors', { limit: 1, ...(cursor ? { cursor } : {}) })
      pages.push(answer.errors)
      cursor = answer.nextCursor
      if (pages.length === 1) await failLoad(shop.stores.db, slow.id, 'broke off later')
      if (pages.length === 1) await failLoad(shop.stores.db, (await startLoad(shop.stores.db, { accountId: acme.id, source: 'late', label: 'late.csv' })).id, 'later')
    } while (cursor)
    expect(pages.flat()).toEqual(whole.errors)
    const first = (await call<Errors>(health(acme), 'list_execution_errors', { limit: 1 })).answer
    expect(await refusalOf(call(health(acme), 'list_execution_errors', { kind: 'message', cursor: first.nextCursor ?? '' }))).toMatchObject({ code: 'invalid_cursor' })
    await shop.stores.db.deleteFrom('loads').where('source', '=', 'late').execute()
  })
})

describe('pipeline_status', () => {
  interface Pipelines {
    pipelines: {
      source: string
      lastLoad: { label: string | null; state: string; error: string | null; accepted: number; rejected: number }
      running: { label: string | null; accepted: number }[]
      loads: number
      failed: number
      accepted: number
      rejected: number
      rejects: { reason: string; rows: number }[]
      lastEventAt: string | null
      lagSeconds: number | null
      days: { day: string; loads: number; accepted: number; rejected: number }[]
    }[]
    coverage: { shown: number; of: number }
    nextCursor: string | null
  }
  test('says of each source its last load, its rejects with reasons, its newest event and its days', async () => {
    const { answer, text } = await call<Pipelines>(health(acme), 'pipeline_status')
    expect(answer.pipelines.map(({ source }) => source)).toEqual(['crm', 'import'])
    const [crm, imports] = answer.pipelines
    expect(crm).toMatchObject({ lastLoad: { label: 'customers.csv', error: 'The file ended in the middle' }, lastEventAt: null, loads: 1 })
    expect(imports).toMatchObject({
      loads: 2,
      failed: 0,
      accepted: 2 * rows.length,
      rejected: 4,
      lastLoad: { label: 'first.csv', state: 'done', accepted: rows.length, rejected: 2 },
    })
    expect(imports?.rejects.reduce((sum, { rows: count }) => sum + count, 0)).toBe(4)
    expect(imports?.rejects.map(({ reason }) => reason).join()).toMatch(/event|teleported/)
    const newest =
      rows
        .map(({ at }) => at)
        .sort()
        .at(-1) ?? ''
    expect(imports?.lastEventAt).toBe(new Date(newest).toISOString())
    expect(imports?.lagSeconds).toBeCloseTo((Date.now() - Date.parse(newest)) / 1000, -2)
    expect(imports?.days).toHaveLength(7)
    expect(imports?.days.at(-1)).toEqual({ day: today, loads: 2, accepted: 2 * rows.length, rejected: 4 })
    expect(text).not.toContain('secret')
  })

  test('a load that runs says how many rows are in; a page has a cursor; an unknown source is refused with the known ones', async () => {
    const { db, analytics } = shop.stores
    const load = await startLoad(db, { accountId: acme.id, source: 'crm', label: 'more.csv' })
    await analytics.insert('load_counts', [{ account_id: acme.id, load_id: load.id, kind: 'customers', reason: '', campaign: '', rows: 1234 }])
    const { answer } = await call<Pipelines>(health(acme), 'pipeline_status', { limit: 1 })
    expect(answer).toMatchObject({ pipelines: [{ source: 'crm', running: [{ label: 'more.csv', accepted: 1234 }] }], coverage: { shown: 1, of: 2 } })
    const second = await call<Pipelines>(health(acme), 'pipeline_status', { limit: 1, cursor: answer.nextCursor ?? '' })
    expect(second.answer).toMatchObject({ pipelines: [{ source: 'import' }], nextCursor: null })
    // The words of an engine may hold data: they are not kept.
    await failLoad(db, load.id, new Error('Cannot parse ann@example.com'))
    expect((await call<Pipelines>(health(acme), 'pipeline_status', { source: 'crm' })).answer.pipelines[0]?.lastLoad.error).toBe(
      'It failed inside Mercat; whoever ran it was told why',
    )
    expect((await refusalOf(call(health(acme), 'pipeline_status', { source: 'secret-source' }))).details.allowed).toEqual(['crm', 'import'])
    const restricted = await call<Pipelines>(health(acme, { brands: [] }), 'pipeline_status', { source: 'crm' })
    expect(restricted.answer.pipelines[0]?.lastLoad).toMatchObject({ label: null, error: 'failed' })
  })
})

describe('platform_status', () => {
  interface Status {
    state: string
    reasons: { what: string; message: string; action: string }[]
    stores: { store: string; reachable: boolean; engine: string; version: string | null; schemaVersion: number; sizeBytes: number | null }[]
    jobs: { queued: number; running: number; failedLastDay: number }
    facts: { dataAsOf: string; recounting: boolean; loadsNotCounted: number }
    mcp: { enabled: boolean; callsLastHour: number }
  }
  test('tells stores, jobs, facts and what is wrong in words, of this account alone', async () => {
    const { answer, text } = await call<Status>(health(acme), 'platform_status')
    expect(answer.stores).toMatchObject([
      { store: 'operational', reachable: true, engine: 'PGlite', sizeBytes: null },
      { store: 'analytics', reachable: true, engine: 'chDB', sizeBytes: null },
    ])
    for (const store of answer.stores) {
      expect(store.version).toMatch(/^\d+\.\d+/)
      expect(store.schemaVersion).toBeGreaterThan(1)
    }
    expect(answer.jobs).toMatchObject({ queued: 1, running: 0, failedLastDay: 1 })
    expect(answer.state).toBe('degraded')
    expect(answer.reasons.map(({ what }) => what).sort()).toEqual(['failed_jobs', 'source'])
    expect(answer.facts).toMatchObject({ recounting: false, loadsNotCounted: 2 })
    expect(answer.facts.dataAsOf).not.toBeNull()
    expect(text).toMatch(/^\*\*degraded\*\*/)
    expect(JSON.stringify(answer) + text).not.toMatch(/secret/)
  })

  test('an account in which nothing happened is ok; an operator also sees sizes', async () => {
    const empty = await shop.account()
    const { answer } = await call<Status>({ ...health(empty), operator: true }, 'platform_status')
    expect(answer).toMatchObject({ state: 'ok', reasons: [], facts: { dataAsOf: null, loadsNotCounted: 0 }, mcp: { enabled: true, callsLastHour: 0 } })
    for (const { sizeBytes } of answer.stores) expect(sizeBytes).toBeGreaterThan(0)
  })
})

test.each(['platform_status', 'pipeline_status', 'list_execution_errors'])('%s is refused in the service without read:health', async (name) => {
  expect(await refusalOf(call(principalOf(acme), name))).toMatchObject({ code: 'missing_scopes', details: { scopes: ['read:health'] } })
})
