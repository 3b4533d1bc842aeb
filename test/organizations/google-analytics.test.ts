/** Funnels of a Google Analytics property from a server that speaks Google's documented API: what is asked, what becomes of the answers, and that errors say what to do and never what they must not. */
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ConfigError, readConfig } from '../../src/config.ts'
import { describeError, type MercatError } from '../../src/core/errors.ts'
import { createGoogleAnalytics, type GoogleAnalytics, type GoogleFunnelQuestion } from '../../src/domain/organizations/funnel/google-analytics.ts'
import { refused } from '../../src/domain/organizations/funnel/google-errors.ts'
import { refusalOf } from '../caught.ts'
import { type GoogleServer, rawWords, startGoogle, type Trouble } from './google-server.ts'

const events = { visit: 'page_view', start: 'editor_open', upload: 'photo_upload', checkout: 'begin_checkout', order: 'purchase' }
let google: GoogleServer
let folder: string
let file: string
let analytics: GoogleAnalytics

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mercat-google-'))
})
beforeEach(async () => {
  google = await startGoogle()
  file = join(folder, 'key.json')
  await writeFile(file, google.keyFile())
  analytics = createGoogleAnalytics({ credentialsFile: file, apiUrl: google.origin })
})
afterEach(async () => await google.close())
afterAll(async () => await rm(folder, { recursive: true, force: true }))

const about = (given: Partial<GoogleFunnelQuestion> = {}): GoogleFunnelQuestion => ({
  propertyId: google.propertyId,
  events,
  period: { start: '2025-05-01', end: '2025-05-31' },
  type: 'closed',
  ...given,
})

/** Why it was refused; nothing of the server's words, tokens or the key is in it, wherever somebody looks. */
async function refusal(given: Partial<GoogleFunnelQuestion> = {}, by: GoogleAnalytics = analytics, signal?: AbortSignal): Promise<MercatError> {
  const error = await refusalOf(by.funnel(about(given), signal))
  const all = `${describeError(error)} ${JSON.stringify(error.details)} ${inspect(error, { depth: 20, showHidden: true })}`
  const secrets = [rawWords, folder, ...google.tokens, ...google.privateKey.split('\n').filter((line) => line.length > 20)]
  expect(secrets.filter((secret) => all.includes(secret))).toEqual([])
  return error
}

test('the library is loaded by the first question, not by the import', async () => {
  const loaded = () => Object.keys(createRequire(import.meta.url).cache).some((path) => path.includes('@google-analytics'))
  expect(loaded()).toBe(false)
  await analytics.funnel(about())
  expect(loaded()).toBe(true)
})

test('closed and open funnels are asked for as documented and read by step', async () => {
  google.journeys = [Object.values(events), ['page_view', 'editor_open'], ['page_view'], ['purchase'], ['editor_open', 'page_view', 'photo_upload']]
  const closed = await analytics.funnel(about())
  expect(closed.steps).toEqual([
    { step: 'visit', visitors: 4, events: null },
    { step: 'start', visitors: 2, events: null },
    { step: 'upload', visitors: 1, events: null },
    { step: 'checkout', visitors: 1, events: null },
    { step: 'order', visitors: 1, events: null },
  ])
  expect(closed).toMatchObject({ timeZone: null, notes: [expect.stringContaining('active users')] })
  expect(google.questions).toEqual([
    {
      propertyId: google.propertyId,
      body: {
        dateRanges: [{ startDate: '2025-05-01', endDate: '2025-05-31' }],
        funnel: { isOpenFunnel: false, steps: Object.entries(events).map(([name, eventName]) => ({ name, filterExpression: { funnelEventFilter: { eventName } } })) },
        returnPropertyQuota: true,
      },
    },
  ])
  const open = await analytics.funnel(about({ type: 'open' }))
  expect(open.steps.map(({ visitors }) => visitors)).toEqual([4, 3, 2, 1, 2])
  expect(google.questions[1]?.body.funnel.isOpenFunnel).toBe(true)
  // One token for both.
  expect(google.tokens).toHaveLength(1)
})

test('sampling, thresholds and a quota that runs out become notes; what may have been left out is no zero', async () => {
  const row = (name: string, users: string) => ({ dimensionValues: [{ value: name }], metricValues: [{ value: users }] })
  google.extra = { rows: [row('1. visit', '900'), row('3. upload', '10')], metadata: { samplingMetadatas: [{ samplesReadCount: '250', samplingSpaceSize: '1000' }] } }
  const sampled = await analytics.funnel(about())
  expect(sampled.steps.map(({ visitors }) => visitors)).toEqual([900, 0, 10, 0, 0])
  expect(sampled.notes.slice(1)).toEqual([expect.stringContaining('250 of 1000 events (25.0 %)')])
  google.extra = {
    rows: [row('1. visit', '900')],
    quota: { tokensPerHour: { consumed: 11, remaining: 42 }, potentiallyThresholdedRequestsPerHour: { consumed: 1, remaining: 119 } },
  }
  const withheld = await analytics.funnel(about())
  expect(withheld.steps.map(({ visitors }) => visitors)).toEqual([900, null, null, null, null])
  expect(withheld.notes.slice(1)).toEqual([expect.stringContaining('thresholds'), expect.stringMatching(/this hour: 42 tokens are left/)])
})

test('an answer without figures is not five zeros', async () => {
  google.extra = { rows: [] }
  const { steps, notes } = await analytics.funnel(about())
  expect(steps.map(({ visitors }) => visitors)).toEqual([null, null, null, null, null])
  expect(notes).toContainEqual(expect.stringContaining('gave no figures'))
})

describe('what Google refuses', () => {
  const cases: [string, Trouble, object, RegExp][] = [
    [
      'the quota of an hour',
      { status: 429, code: 'RESOURCE_EXHAUSTED', message: 'Exhausted property tokens for a project per hour.' },
      { code: 'unavailable', details: { retryAfter: 3600 } },
      /quota of the Google Analytics property 123456789 is used up; it renews within an hour/,
    ],
    [
      'too many at a time',
      { status: 429, code: 'RESOURCE_EXHAUSTED', message: 'Exhausted concurrent requests quota.' },
      { code: 'unavailable', details: { retryAfter: 30 } },
      /at a time/,
    ],
    [
      'a property it may not read',
      { status: 403, code: 'PERMISSION_DENIED', message: 'User does not have sufficient permissions for this property.' },
      { code: 'conflict' },
      /mercat@example-project\.iam\.gserviceaccount\.com the role Viewer/,
    ],
    [
      'an API that is off',
      { status: 403, code: 'PERMISSION_DENIED', message: 'has not been used', reason: 'SERVICE_DISABLED' },
      { code: 'conflict' },
      /Data API is off in the Google Cloud project/,
    ],
    [
      'a property id of another kind',
      { status: 400, code: 'INVALID_ARGUMENT', message: 'Invalid property ID: 12. A numeric Property ID is required.' },
      { code: 'conflict' },
      /knows no property 123456789/,
    ],
    [
      'an event name',
      { status: 400, code: 'INVALID_ARGUMENT', message: "The event name 'photo_upload' is invalid." },
      { code: 'conflict' },
      /names of the property 123456789: photo_upload\. /,
    ],
    [
      'the question as a whole',
      { status: 400, code: 'INVALID_ARGUMENT', message: 'Request contains an invalid argument.' },
      { code: 'conflict' },
      /page_view, editor_open, photo_upload, begin_checkout, purchase/,
    ],
    ['by its fault', { status: 500, code: 'INTERNAL', message: 'oops' }, { code: 'unavailable', details: { retryAfter: 60 } }, /status 500/],
    ['by a page of a proxy', { status: 502, text: '<html>bad gateway' }, { code: 'unavailable' }, /status 502/],
    ['by hanging up', 'drop', { code: 'unavailable', details: { retryAfter: 30 } }, /not reachable/],
  ]
  test.each(cases)('%s', async (_what, trouble, expected, words) => {
    google.troubles.push(trouble)
    const error = await refusal()
    expect(error).toMatchObject(expected)
    expect(describeError(error)).toMatch(words)
    expect(google.questions).toHaveLength(1)
    // It does not stay so.
    expect((await analytics.funnel(about())).steps).toHaveLength(5)
  })

  test('the quota of a day renews at midnight Pacific Time', () => {
    const error = refused({ code: 8, message: 'Exhausted property tokens per day.' }, { propertyId: '1', events: [], email: '' }, new Date('2025-03-09T09:00:00Z'))
    // The night in which the clocks go forward there.
    expect(error).toMatchObject({ code: 'unavailable', details: { retryAfter: 22 * 3600 } })
    expect(error.message).toContain('2025-03-10T07:00Z')
  })

  test('a property that there is not, and what is no property at all', async () => {
    expect(await refusal({ propertyId: '42' })).toMatchObject({ code: 'conflict', message: 'Google Analytics knows no property 42' })
    google.questions.length = 0
    for (const propertyId of ['UA-1', '1:runReport?', '../1', '']) expect(await refusal({ propertyId })).toMatchObject({ code: 'conflict' })
    expect(google.questions).toEqual([])
  })

  test('what is not understood is for the log, without the words of the server', async () => {
    google.troubles.push({ status: 200, text: '<html>' })
    const error = await analytics.funnel(about()).catch((thrown: unknown) => thrown)
    expect(inspect(error, { depth: 20 })).not.toContain(rawWords)
    expect(error).toMatchObject({ message: expect.stringMatching(/^Google Analytics/) })
  })
})

test('a 503 is asked again once, and no more', async () => {
  const busy: Trouble = { status: 503, code: 'UNAVAILABLE', message: 'busy' }
  google.troubles.push(busy)
  expect((await analytics.funnel(about())).steps).toHaveLength(5)
  expect(google.questions).toHaveLength(2)
  google.troubles.push(busy, busy)
  expect(await refusal()).toMatchObject({ code: 'unavailable', details: { retryAfter: 60 } })
  expect(google.questions).toHaveLength(4)
})

describe('nothing waits for ever', () => {
  test.each(['hang', 'stall'] as const)('a question that Google lets %s has a deadline', async (trouble) => {
    const hasty = createGoogleAnalytics({ credentialsFile: file, apiUrl: google.origin, seconds: 0.5 })
    await hasty.funnel(about())
    google.troubles.push(trouble)
    expect(await refusal({}, hasty)).toMatchObject({ code: 'unavailable', message: 'Google Analytics did not answer within 0.5 s' })
    google.tokenTroubles.push('hang')
    expect(await refusal({}, createGoogleAnalytics({ credentialsFile: file, apiUrl: google.origin, seconds: 0.5 }))).toMatchObject({ code: 'unavailable' })
  })

  test('whoever asked can go away at any time', async () => {
    google.troubles.push('hang')
    const controller = new AbortController()
    const asked = google.asked()
    const refused = refusal({}, analytics, controller.signal)
    await asked
    controller.abort()
    expect(await refused).toMatchObject({ code: 'cancelled' })
    expect(await refusal({}, analytics, AbortSignal.abort())).toMatchObject({ code: 'cancelled' })
    expect(google.questions).toHaveLength(1)
  })
})

describe('the key file', () => {
  const named = /^The file that MERCAT_GOOGLE_CREDENTIALS_FILE names /
  const by = (path: string) => createGoogleAnalytics({ credentialsFile: path, apiUrl: google.origin })

  test('that is not there or cannot be read', async () => {
    expect(await refusal({}, by(join(folder, 'nothing.json')))).toMatchObject({ code: 'conflict', message: expect.stringMatching(/cannot be read \(ENOENT\)$/) })
    expect(await refusal({}, by(folder))).toMatchObject({ code: 'conflict', message: expect.stringMatching(named) })
    if (process.getuid?.() === 0) return
    await chmod(file, 0)
    expect(await refusal()).toMatchObject({ code: 'conflict', message: expect.stringMatching(/EACCES/) })
    await chmod(file, 0o600)
  })

  test.each([
    ['no JSON', (text: string) => text.slice(1)],
    ['another kind of credentials', (text: string) => text.replace('service_account', 'authorized_user')],
    ['a broken key', (text: string) => text.replace('BEGIN PRIVATE KEY', 'BEGIN PRIVATE')],
    ['a key cut off', (text: string) => text.replace(/(BEGIN PRIVATE KEY-----.{100}).*?(\\n-----END)/, '$1$2')],
    ['a token address in the clear', (text: string) => text.replace(/"token_uri":"[^"]*"/, '"token_uri":"http://tokens.example/token"')],
    ['a token address that is none', (text: string) => text.replace(/"token_uri":"[^"]*"/, '"token_uri":"nowhere"')],
  ])('with %s', async (_what, spoil) => {
    const spoilt = spoil(google.keyFile())
    expect(spoilt).not.toBe(google.keyFile())
    await writeFile(file, spoilt)
    const error = await refusal()
    expect(error).toMatchObject({ code: 'conflict', message: 'The file that MERCAT_GOOGLE_CREDENTIALS_FILE names is not the key file of a service account' })
    // Mended, it works without a restart.
    await writeFile(file, google.keyFile())
    expect((await analytics.funnel(about())).steps).toHaveLength(5)
  })

  test('with the key of somebody else is not accepted', async () => {
    const other = await startGoogle()
    await other.close()
    await writeFile(file, google.keyFile({ private_key: other.privateKey }))
    expect(await refusal()).toMatchObject({ code: 'conflict', message: `Google does not accept the key of the service account ${google.email}` })
    expect(google.tokens).toEqual([])
  })

  test('and a token endpoint in trouble, or one that is not there', async () => {
    google.tokenTroubles.push({ status: 503, text: 'busy' }, 'drop', { status: 200, text: 'hello' })
    for (let trouble = 0; trouble < 3; trouble++) expect(await refusal()).toMatchObject({ code: 'unavailable', details: { retryAfter: 30 } })
    await writeFile(file, google.keyFile({ token_uri: 'http://127.0.0.1:1/token' }))
    expect(await refusal()).toMatchObject({ code: 'unavailable', message: expect.stringContaining('not reachable') })
  })

  test('a token that Google no longer takes is made anew for the next question', async () => {
    await analytics.funnel(about())
    google.revoke()
    expect(await refusal()).toMatchObject({ code: 'conflict', message: `Google does not accept the service account ${google.email}` })
    expect((await analytics.funnel(about())).steps).toHaveLength(5)
    expect(google.tokens).toHaveLength(2)
  })
})

test('a server that is not there is unavailable', async () => {
  const away = createGoogleAnalytics({ credentialsFile: file, apiUrl: 'http://127.0.0.1:1' })
  expect(await refusal({}, away)).toMatchObject({ code: 'unavailable', message: 'Google Analytics is not reachable at the moment' })
})

test('the settings: an address only with the file, https unless loopback, an origin only', () => {
  const problems = (env: Record<string, string>) => {
    try {
      readConfig(env)
      return []
    } catch (error) {
      if (error instanceof ConfigError) return error.problems
      throw error
    }
  }
  const given = { MERCAT_GOOGLE_CREDENTIALS_FILE: 'key.json', MERCAT_GOOGLE_PROPERTIES: '{"acme":["1234"]}' }
  expect(problems({ MERCAT_GOOGLE_CREDENTIALS_FILE: 'key.json' })).toEqual([expect.stringContaining('needs MERCAT_GOOGLE_PROPERTIES')])
  for (const properties of ['x', '[]', '{"acme":"1234"}', '{"acme":["properties/1"]}'])
    expect(problems({ ...given, MERCAT_GOOGLE_PROPERTIES: properties }).length, properties).toBe(1)
  expect(readConfig(given)).toMatchObject({ MERCAT_GOOGLE_CREDENTIALS_FILE: join(process.cwd(), 'key.json'), MERCAT_GOOGLE_PROPERTIES: { acme: ['1234'] } })
  for (const address of ['https://analytics.example', 'http://127.0.0.1:9000', 'http://localhost']) expect(problems({ ...given, MERCAT_GOOGLE_ANALYTICS_URL: address })).toEqual([])
  expect(problems({ MERCAT_GOOGLE_ANALYTICS_URL: 'https://analytics.example' })).toEqual([expect.stringContaining('needs MERCAT_GOOGLE_CREDENTIALS_FILE')])
  expect(problems({ ...given, MERCAT_GOOGLE_ANALYTICS_URL: 'http://analytics.example' })).toEqual([expect.stringContaining('must be https')])
  for (const address of ['https://analytics.example/v1', 'https://me@analytics.example', 'https://analytics.example/?a=1']) {
    expect(problems({ ...given, MERCAT_GOOGLE_ANALYTICS_URL: address })).toEqual([expect.stringContaining('origin only')])
  }
})
