/** Pull sources and their client, against servers on 127.0.0.1 that speak listmonk's, Mautic's and Dittofeed's APIs: nothing is made up, nothing is told twice, nothing is lost. */
import { afterEach, describe, expect, it } from 'vitest'
import { describeError, MercatError } from '../../src/core/errors.ts'
import { brokenOffAnywhere, clientOf, pull } from './pulling.ts'
import { Dittofeed, type DittofeedMessage, workspace } from './platforms/dittofeed.ts'
import { Listmonk, listmonkCampaign, listmonkUuid } from './platforms/listmonk.ts'
import { Mautic, mauticStat, mauticTime } from './platforms/mautic.ts'
import { Platform } from './platforms/platform.ts'

const open: Platform[] = []
async function started<One extends Platform>(platform: One): Promise<One> {
  open.push(platform)
  return (await platform.open()) as One
}
afterEach(async () => {
  for (const platform of open.splice(0)) await platform.close()
})

async function refusal(work: Promise<unknown>): Promise<{ code: string; text: string }> {
  const error = await work.then(
    () => new Error('nothing was thrown'),
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof MercatError)) throw error
  return { code: error.code, text: describeError(error) }
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index)
const byId = (rows: readonly Record<string, unknown>[]) => rows.map((row) => String(row.event_id)).sort()

describe('the client', () => {
  const echo = async () =>
    await started(
      new Platform(
        ({ pathname, search }) => ({ pathname, search: decodeURIComponent(search) }),
        ({ authorization }) => (authorization ? 401 : undefined),
      ),
    )

  it('asks one at a time, at most five times a second, below the address', async () => {
    const platform = await echo()
    const { get, waits } = clientOf(`${platform.url}/mautic/`)
    const answers = await Promise.all(range(1, 4).map(async (n) => await get('/api/x', { 'where[0][col]': n })))
    expect(answers).toEqual(range(1, 4).map((n) => ({ pathname: '/mautic/api/x', search: `?where[0][col]=${n}` })))
    expect(waits).toEqual([200, 200, 200])
  })

  it('waits as it is told, or ever longer, and gives up after six times', async () => {
    const platform = await echo()
    const { get, waits } = clientOf(platform.url)
    platform.faults.push({ status: 429, headers: { 'retry-after': '7' } }, { status: 500 }, { status: 503, headers: { 'retry-after': '86400' } }, { status: 502 })
    await get('/a')
    expect(waits).toEqual([7_000, 2_000, 60_000, 8_000])
    platform.faults.push(...range(1, 6).map(() => ({ status: 504, body: 'secret' })))
    expect(await refusal(get('/b'))).toEqual({ code: 'unavailable', text: expect.stringMatching(/^The platform at 127.0.0.1:\d+ answered 6 times with HTTP 504/) })
    expect(platform.asked.filter(({ path }) => path === '/b')).toHaveLength(6)
  })

  it('keeps numbers as they are written', async () => {
    const platform = await echo()
    platform.faults.push({ status: 200, body: '{"id":12345678901234567890,"count":3}' })
    const { get } = clientOf(platform.url)
    expect(await get('/')).toEqual({ id: '12345678901234567890', count: '3' })
    platform.faults.push({ status: 200, body: '{"count":3}' })
    expect(await get('/')).toEqual({ count: 3 })
  })

  it('says what is wrong, and nothing of what was answered', async () => {
    const platform = await echo()
    const { get } = clientOf(platform.url)
    const told = async (status: number, body = 'a secret of person@example.com', headers = {}) => {
      platform.faults.push({ status, body, headers })
      const { code, text } = await refusal(get('/api/x'))
      expect(text).not.toMatch(/secret|person|elsewhere\.example/)
      return `${code}: ${text}`
    }
    expect(await told(401)).toMatch(/^invalid_arguments: The platform refuses these credentials/)
    expect(await told(403)).toMatch(/^invalid_arguments: The platform refuses these credentials/)
    expect(await told(404)).toMatch(/^invalid_arguments: The platform does not know this path.*\/api\/x/)
    expect(await told(302, '', { location: 'https://elsewhere.example/' })).toMatch(/^invalid_arguments: The address leads elsewhere/)
    expect(await told(400)).toMatch(/^unavailable: The platform at .* answered with HTTP 400/)
    expect(await told(200)).toMatch(/^invalid_arguments: The platform’s answer is not valid JSON/)
    expect(await told(200, `["${'x'.repeat(10 * 1024 * 1024)}"]`)).toMatch(/^too_large/)
    platform.answersLeft = 0
    expect((await refusal(get('/'))).code).toBe('unavailable')
  })

  it('ends slow requests, and with its signal', async () => {
    const platform = await echo()
    platform.slowness = 2_000
    expect((await refusal(clientOf(platform.url, { timeoutMs: 50 }).get('/'))).text).toMatch(/did not answer within 0.05 s/)
    const end = new AbortController()
    const asked = clientOf(platform.url, { signal: end.signal }).get('/')
    end.abort(new Error('the server stops'))
    await expect(asked).rejects.toThrow('the server stops')
  })

  it('calls no private machine that was not named', async () => {
    const platform = await echo()
    const named = (host: string, addresses: string[], given = {}) => {
      const resolve = async () => addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
      return clientOf(`http://${host}:${platform.port}`, { resolve, ...given }).get('/')
    }
    const hint = /MERCAT_PULL_HOSTS=lists\.internal/
    expect((await refusal(named('lists.internal', ['127.0.0.1']))).text).toMatch(hint)
    expect((await refusal(named('lists.internal', ['10.0.0.7']))).text).toMatch(hint)
    expect((await refusal(named('lists.internal', ['93.184.215.14', '::1']))).text).toMatch(hint)
    expect((await refusal(named('lists.internal', []))).text).toMatch(hint)
    expect((await refusal(named('lists.example.com', ['93.184.215.14']))).text).toMatch(/not https/)
    expect((await refusal(named('localhost', ['127.0.0.1'], { local: false }))).text).toMatch(/MERCAT_PULL_HOSTS=localhost/)
    expect((await refusal(named('localhost', ['10.0.0.7']))).text).toMatch(/MERCAT_PULL_HOSTS/)
    expect(platform.asked).toEqual([])
    await named('lists.internal', ['127.0.0.1'], { local: false, privateHosts: ['Lists.internal'] })
    await named('localhost', ['127.0.0.1'])
    expect(platform.asked).toHaveLength(2)
  })
})

describe('listmonk', () => {
  const settings = { user: 'mercat', token: 'tok:en' }

  it('brings campaigns with listmonk’s own totals, and no events', async () => {
    const special = [
      listmonkCampaign(301, { status: 'draft', started_at: null, send_at: '2025-12-24T10:00:00+01:00', type: 'optin', lists: [{ id: null, name: 'Gone' }] }),
      listmonkCampaign(302, {
        status: 'cancelled',
        messenger: 'my-sms',
        lists: [
          { id: 1, name: 'Default list' },
          { id: 2, name: 'Winter\nfriends' },
        ],
      }),
    ]
    const platform = await started(new Listmonk([...range(1, 250).map((id) => listmonkCampaign(id)), ...special]))
    platform.faults.push({ status: 429, headers: { 'retry-after': '1' } }, { status: 500 })
    const { entities, events, error } = await pull('listmonk', platform, settings)
    expect(error).toBeUndefined()
    expect(events).toEqual([])
    expect(entities.filter(({ type }) => type === 'target_group').map(({ key, name }) => [key, name])).toEqual([
      ['aaaaaaaa-0000-4000-8000-000000000001', 'Default list'],
      ['aaaaaaaa-0000-4000-8000-000000000002', 'Winter friends'],
    ])
    const campaigns = entities.filter(({ type }) => type === 'campaign')
    expect(new Set(campaigns.map(({ key }) => key)).size).toBe(252)
    expect(campaigns).toHaveLength(252)
    const named = (id: number) => campaigns.find(({ key }) => key === listmonkUuid(id))
    expect(named(7)).toEqual({
      type: 'campaign',
      key: listmonkUuid(7),
      name: 'Campaign 7',
      status: 'completed',
      channel: 'Email',
      tags: ['news'],
      createdAt: '2025-01-01T09:00:00.123Z',
      startsAt: '2025-01-08T09:00:00.123Z',
      definition: {
        kind: 'bulk',
        targetGroup: 'aaaaaaaa-0000-4000-8000-000000000001',
        template: { subject: 'News 7' },
        platformTotals: { source: 'listmonk', asOf: '2026-01-01T00:00:00.000Z', sent: 10, opens: 7, clicks: 3, bounces: 1 },
      },
    })
    expect(named(301)?.definition).toEqual({ kind: 'double_opt_in', template: { subject: 'News 301' }, schedule: { sendAt: '2025-12-24T09:00:00.000Z' } })
    expect(named(302)).toMatchObject({ status: 'stopped', tags: ['news', 'list: Default list', 'list: Winter friends'] })
    expect(named(302)).not.toHaveProperty('channel')
    expect(named(302)?.definition).not.toHaveProperty('targetGroup')
  })

  it('reads again what changed within 30 days, and nothing else', async () => {
    const platform = await started(new Listmonk(range(1, 250).map((id) => listmonkCampaign(id))))
    const first = await pull('listmonk', platform, settings, { now: '2025-09-15T00:00:00Z' })
    platform.campaigns.push(listmonkCampaign(300, { updated_at: '2025-09-16T00:00:00Z' }))
    platform.asked.length = 0
    const second = await pull('listmonk', platform, settings, { cursor: first.cursor, now: '2025-09-17T00:00:00Z' })
    // 250 days after the first of January is the eighth of September; 30 days before the first pull the sixteenth of August.
    expect(second.entities.map(({ key }) => key).sort()).toEqual([...range(227, 250), 300].map(listmonkUuid))
    expect(platform.asked.filter(({ path }) => path === '/api/campaigns')).toHaveLength(1)
  })

  it('goes on where it broke off, and says when the token is wrong', async () => {
    const platform = await started(new Listmonk(range(1, 250).map((id) => listmonkCampaign(id))))
    const { whole, together } = await brokenOffAnywhere('listmonk', platform, settings, 4)
    expect(whole.entities).toHaveLength(252)
    for (const both of together) {
      expect(both.error).toMatchObject({ code: 'unavailable' })
      expect(both.entities).toEqual(whole.entities)
      expect(both.cursor).toEqual(whole.cursor)
    }
    expect((await pull('listmonk', platform, { ...settings, token: 'other' })).error).toMatchObject({
      code: 'invalid_arguments',
      message: 'The platform refuses these credentials',
    })
  })
})

describe('Mautic', () => {
  const settings = { user: 'mercat', password: 'päss' }
  const email = (id: number, given = {}) => ({
    id,
    name: `Mail ${id}`,
    subject: `Subject ${id}`,
    isPublished: true,
    dateAdded: '2025-01-01T00:00:00+00:00',
    dateModified: null,
    publishUp: null,
    publishDown: null,
    sentCount: 1,
    emailType: 'list',
    lists: [{ id: 3, name: 'Friends' }],
    customHtml: '<p>Hello</p>',
    ...given,
  })
  const hit = (id: number, lead: number, at: number, given = {}) => ({
    id: String(id),
    email_id: '1',
    lead_id: String(1000 + lead),
    redirect_id: '5',
    date_hit: mauticTime(at),
    url: 'https://shop.example.com/',
    source: 'email',
    source_id: '1',
    ...given,
  })
  const stop = (id: number, lead: number, at: number, given = {}) => ({
    id: String(id),
    lead_id: String(1000 + lead),
    channel: 'email',
    channel_id: '1',
    reason: '1',
    date_added: mauticTime(at),
    comments: null as string | null,
    ...given,
  })
  const world = () => ({
    segments: [{ id: 3, name: 'Friends', isPublished: true, dateAdded: '2025-01-01T00:00:00+00:00', dateModified: null }],
    emails: range(1, 25).map((id) => email(id)),
    // 450 within two seconds: more of one second than a page holds.
    email_stats: range(1, 450).map((id) =>
      mauticStat(id, {
        date_sent: mauticTime(id <= 300 ? 10 : 11),
        ...(id % 3 === 0 ? { is_read: '1', date_read: mauticTime(7_200) } : {}),
        ...(id === 1 || id === 2 ? { is_failed: '1' } : {}),
      }),
    ),
    page_hits: [
      hit(1, 3, 8_000),
      hit(2, 3, 8_001, { redirect_id: null }),
      hit(3, 6, 8_002, { source: 'campaign.event', source_id: '77' }),
      hit(4, 3, 8_003, { source: 'page' }),
      hit(5, 9_000, 8_004),
      hit(8, 9, 8_005, { email_id: null }),
    ],
    lead_donotcontact: [
      stop(1, 3, 9_000),
      stop(2, 2, 20, { reason: '2', comments: '550 no such user' }),
      stop(3, 9, 9_001, { reason: '3' }),
      stop(4, 12, 9_002, { channel_id: null }),
    ],
  })

  it('brings e-mails, segments and what happened to messages', async () => {
    const given = world()
    given.emails[1] = email(2, { emailType: 'template', lists: [], publishUp: '2027-01-01T00:00:00+00:00' })
    given.emails[2] = email(3, { isPublished: false, sentCount: 0 })
    const platform = await started(new Mautic(given))
    platform.faults.push({ status: 429, headers: { 'retry-after': '1' } }, { status: 500 })
    const { entities, events, error } = await pull('mautic', platform, settings)
    expect(error).toBeUndefined()
    const base = `127.0.0.1:${platform.port}`
    expect(entities).toHaveLength(26)
    expect(entities[0]).toEqual({ type: 'target_group', key: `${base}/segments/3`, name: 'Friends', status: 'active', createdAt: '2025-01-01T00:00:00.000Z' })
    expect(entities[1]).toEqual({
      type: 'campaign',
      key: `${base}/emails/1`,
      name: 'Mail 1',
      status: 'active',
      channel: 'Email',
      tags: [],
      createdAt: '2025-01-01T00:00:00.000Z',
      definition: { kind: 'bulk', targetGroup: `${base}/segments/3`, template: { subject: 'Subject 1' } },
    })
    expect(entities[2]).toMatchObject({ status: 'scheduled', startsAt: '2027-01-01T00:00:00.000Z', definition: { kind: 'automated' } })
    expect(entities[3]).toMatchObject({ status: 'draft' })

    const kinds = (event: string) => events.filter((row) => row.event === event)
    expect(kinds('sent')).toHaveLength(449)
    // The first failed; the second bounced, so it was sent.
    expect(kinds('failed').map((row) => row.message_id)).toEqual(['hash1 person1@example.com'])
    expect(kinds('bounced')).toEqual([expect.objectContaining({ message_id: 'hash2 person2@example.com', occurred_at: '2025-01-01T00:00:20.000Z', error: '550 no such user' })])
    expect(kinds('opened')).toHaveLength(150)
    expect(kinds('clicked').map(({ message_id, url }) => [message_id, url])).toEqual([3, 6].map((id) => [`hash${id} person${id}@example.com`, 'https://shop.example.com/']))
    expect(kinds('unsubscribed').map((row) => row.message_id)).toEqual(['hash3 person3@example.com'])
    expect(events).toHaveLength(449 + 1 + 1 + 150 + 2 + 1)
    expect(new Set(byId(events)).size).toBe(events.length)
    expect(new Set(events.map((row) => row.campaign_id))).toEqual(new Set([`${base}/emails/1`]))
    expect(events[0]).toEqual({
      campaign_id: `${base}/emails/1`,
      message_id: 'hash1 person1@example.com',
      customer_id: 'person1@example.com',
      event: 'failed',
      occurred_at: '2025-01-01T00:00:10.000Z',
      channel: 'Email',
      event_id: 'hash1 failed',
    })
  })

  it('brings only what is new, and sees rows that changed', async () => {
    const given = world()
    const platform = await started(new Mautic(given))
    const first = await pull('mautic', platform, settings, { now: '2025-01-01T06:00:00Z' })
    const idle = await pull('mautic', platform, settings, { cursor: first.cursor, now: '2025-01-01T07:00:00Z' })
    expect(byId(idle.events).filter((id) => !byId(first.events).includes(id))).toEqual([])
    expect(idle.entities).toEqual([])
    expect(idle.cursor).toEqual({ ...first.cursor, since: '2025-01-01T07:00:00.000Z' })
    given.emails[4] = email(5, { name: 'Renamed', dateModified: '2025-01-01T06:59:59+00:00' })
    given.emails[5] = email(6, { publishDown: '2025-01-01T07:10:00+00:00' })
    // Written late, by a queue: within the hour that is read again.
    given.email_stats.push(mauticStat(451, { date_sent: mauticTime(9) }), mauticStat(452, { date_sent: mauticTime(30_000), lead_id: '1003', email_address: 'person3@example.com' }))
    Object.assign(given.email_stats[3] ?? {}, { is_read: '1', date_read: mauticTime(25_000) })
    given.page_hits.push(hit(6, 3, 30_001), hit(7, 3, 29_999))
    // Written over: the contact bounced later.
    Object.assign(given.lead_donotcontact[0] ?? {}, { reason: '2', date_added: mauticTime(30_002) })
    const second = await pull('mautic', platform, settings, { cursor: idle.cursor, now: '2025-01-01T08:30:00Z' })
    expect(second.entities.map(({ name, status }) => [name, status])).toEqual([
      ['Renamed', 'active'],
      ['Mail 6', 'completed'],
    ])
    const before = new Set(byId(first.events))
    expect(
      second.events
        .filter(({ event_id }) => !before.has(String(event_id)))
        .map(({ event, message_id }) => `${String(event)} ${String(message_id)}`)
        .sort(),
    ).toEqual([
      'bounced hash452 person3@example.com',
      'clicked hash3 person3@example.com',
      'clicked hash452 person3@example.com',
      'opened hash4 person4@example.com',
      'sent hash451 person451@example.com',
      'sent hash452 person3@example.com',
    ])
  })

  it('goes on where it broke off, and says what the user may not see', async () => {
    const platform = await started(new Mautic(world()))
    const { whole, together } = await brokenOffAnywhere('mautic', platform, settings, 30)
    for (const both of together) {
      expect(both.error).toMatchObject({ code: 'unavailable' })
      expect(both.events).toEqual(whole.events)
      expect(both.entities).toEqual(whole.entities)
      expect(both.cursor).toEqual(whole.cursor)
    }
    platform.hidden.add('page_hits')
    expect((await pull('mautic', platform, settings)).error).toMatchObject({ code: 'invalid_arguments', message: expect.stringContaining('page_hits') })
    expect((await pull('mautic', platform, { ...settings, password: 'x' })).error).toMatchObject({ message: 'The platform refuses these credentials' })
  })
})

describe('Dittofeed', () => {
  const settings = { workspaceId: workspace, apiKey: 'admin-key' }
  const day = (days: number, ms = 0) => new Date(Date.UTC(2025, 0, 1 + days) + ms).toISOString()
  const message = (id: number, days: number, given: Partial<DittofeedMessage> = {}): DittofeedMessage => ({
    id: `message-${String(id).padStart(4, '0')}`,
    to: `Person${id}@example.com`,
    sent: day(days, id),
    events: [],
    more: { broadcastId: 'broadcast-2' },
    ...given,
  })
  const times = { createdAt: Date.UTC(2025, 0, 1), updatedAt: Date.UTC(2025, 0, 2) }
  const node = { id: 'n', type: 'MessageNode', name: 'Welcome mail', variant: { type: 'Email', templateId: 'template-1' }, child: 'x' }
  const world = (messages: DittofeedMessage[]) => ({
    broadcasts: [
      { id: 'broadcast-1', name: 'Old kind', status: 'Triggered', journeyId: 'hidden', triggeredAt: Date.UTC(2025, 0, 1), version: 'V1', ...times },
      { id: 'broadcast-2', name: 'Sale', status: 'Running', segmentId: 'segment-1', config: { type: 'V2', message: { type: 'Email' } }, version: 'V2', ...times },
    ],
    journeys: [
      { id: 'journey', name: 'Welcome', status: 'Running', definition: { nodes: [node, { id: 'd', type: 'DelayNode' }] }, ...times },
      { id: 'hidden', name: 'Broadcast - 1', status: 'Broadcast', definition: { nodes: [node] }, ...times },
    ],
    segments: [
      { id: 'segment-1', name: 'VIPs', resourceType: 'Declarative', ...times },
      { id: 'segment-2', name: 'Broadcast - 1', resourceType: 'Internal', ...times },
    ],
    messages,
  })

  it('brings campaigns, flows and the events that the last status tells', async () => {
    const statuses = ['Delivered', 'Opened', 'Clicked', 'Bounced', 'Dropped', 'MarkedSpam'].map((status) => `DFEmail${status}`)
    const platform = await started(
      new Dittofeed(
        world([
          ...statuses.map((status, index) =>
            message(index, 1, {
              events: [
                { status: 'DFEmailDelivered', at: day(1, 500) },
                { status, at: day(2, index) },
              ],
            }),
          ),
          message(10, 3, { more: { journeyId: 'journey' } }),
          message(11, 3, { more: { journeyId: 'hidden' } }),
          message(12, 3, { more: {} }),
          message(13, 3, { more: { broadcastId: 'broadcast-2', variant: { type: 'Sms', to: '+4912345' }, sentAt: '2025-01-04 00:00:00.013' } }),
          message(14, 3, { more: { variant: { type: 'Webhook', to: 'https://x.example' } } }),
        ]),
      ),
    )
    platform.faults.push({ status: 429, headers: { 'retry-after': '1' } }, { status: 500 })
    const { entities, events, error } = await pull('dittofeed', platform, settings)
    expect(error).toBeUndefined()
    const createdAt = '2025-01-01T00:00:00.000Z'
    expect(entities).toEqual([
      { type: 'target_group', key: 'segment-1', name: 'VIPs', createdAt },
      { type: 'flow', key: 'journey', name: 'Welcome', status: 'active', createdAt },
      {
        type: 'campaign',
        key: 'journey/template-1',
        flow: 'journey',
        name: 'Welcome: Welcome mail',
        status: 'active',
        channel: 'Email',
        createdAt,
        definition: { kind: 'automated' },
      },
      { type: 'campaign', key: 'broadcast-1', name: 'Old kind', status: 'completed', createdAt, startsAt: createdAt, definition: { kind: 'bulk' } },
      { type: 'campaign', key: 'broadcast-2', name: 'Sale', status: 'active', channel: 'Email', createdAt, definition: { kind: 'bulk', targetGroup: 'segment-1' } },
    ])
    expect(events.filter(({ event }) => event === 'sent')).toHaveLength(10)
    expect(events.filter(({ event }) => event !== 'sent').map(({ event, occurred_at }) => [event, occurred_at])).toEqual(
      ['delivered', 'opened', 'clicked', 'bounced', 'failed', 'complained'].map((event, index) => [event, day(2, index)]),
    )
    expect(events.slice(-4).map(({ campaign_id, customer_id, channel, occurred_at }) => [campaign_id, customer_id, channel, occurred_at])).toEqual([
      ['journey/template-1', 'person10@example.com', 'Email', day(3, 10)],
      ['broadcast-1', 'person11@example.com', 'Email', day(3, 11)],
      ['template-1', 'person12@example.com', 'Email', day(3, 12)],
      ['broadcast-2', '+4912345', 'SMS', day(3, 13)],
    ])
  })

  it('adds further statuses: of two days each time, of thirty once a day', async () => {
    const given = world([message(1, 10), message(2, 38), message(3, 39)])
    const platform = await started(new Dittofeed(given))
    const at = (days: number, hours: number) => day(days, hours * 3_600_000)
    const first = await pull('dittofeed', platform, settings, { now: at(40, 0) })
    expect(first.events).toHaveLength(3)
    for (const one of given.messages) one.events.push({ status: 'DFEmailOpened', at: at(40, 1) })
    given.messages.push(message(4, 40))
    const again = async (cursor: Record<string, unknown>, now: string) => await pull('dittofeed', platform, settings, { cursor, now })
    const second = await again(first.cursor, at(40, 12))
    expect(second.entities).toEqual([])
    expect(byId(second.events)).toEqual(['message-0003 opened 2025-02-10T01:00:00.000Z', 'message-0003 sent', 'message-0004 sent'])
    const deep = await again(second.cursor, at(41, 0))
    expect(byId(deep.events).filter((id) => !byId(second.events).includes(id))).toEqual(['message-0002 opened 2025-02-10T01:00:00.000Z', 'message-0002 sent'])
    // After a standstill of 60 days nothing of them is missed.
    given.messages.push(message(5, 45))
    expect(byId((await again(deep.cursor, at(101, 0))).events)).toContain('message-0005 sent')
  })

  it('goes on where it broke off, and says when the key is wrong', async () => {
    const platform = await started(new Dittofeed(world(range(1, 450).map((id) => message(id, 1, { events: [{ status: 'DFEmailDelivered', at: day(2, id) }] })))))
    platform.slowness = 2
    const { whole, together } = await brokenOffAnywhere('dittofeed', platform, settings, 8)
    expect(whole.events).toHaveLength(900)
    for (const both of together) {
      expect(both.error).toMatchObject({ code: 'unavailable' })
      expect(both.events).toEqual(whole.events)
      expect(both.entities).toEqual(whole.entities)
      expect(both.cursor).toEqual(whole.cursor)
    }
    expect((await pull('dittofeed', platform, { ...settings, apiKey: 'other' })).error).toMatchObject({ message: 'The platform refuses these credentials' })
  })
})
