/** get_webapp_google_analytics_report of a whole Mercat with credentials: from the property where it is the account's own, never from another's, and with errors that say what to do. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { upsertEntities } from '../../src/domain/entities/index.ts'
import { updateSettings } from '../../src/domain/accounts/index.ts'
import { startApp, textOf, type TestApp } from '../app.ts'
import { callAs, codeOf } from '../call.ts'
import { type GoogleServer, rawWords, startGoogle } from './google-server.ts'

let google: GoogleServer
let app: TestApp
let folder: string
beforeAll(async () => {
  google = await startGoogle()
  folder = await mkdtemp(join(tmpdir(), 'mercat-google-tool-'))
  await writeFile(join(folder, 'key.json'), google.keyFile())
  app = await startApp({
    env: {
      MERCAT_GOOGLE_CREDENTIALS_FILE: join(folder, 'key.json'),
      MERCAT_GOOGLE_ANALYTICS_URL: google.origin,
      MERCAT_GOOGLE_PROPERTIES: JSON.stringify({ acme: [google.propertyId], globex: ['99999'] }),
    },
  })
  for (const account of [app.accounts.acme, app.accounts.globex]) {
    const { rejected } = await upsertEntities(app.stores.db, account.id, [
      { type: 'organization', key: 'client', name: 'Client' },
      {
        type: 'webapp',
        key: 'gift',
        name: 'Gift app',
        organization: 'client',
        definition: { googleAnalytics: { propertyId: google.propertyId, events: { start: 'editor_open' } } },
      },
    ])
    expect(rejected).toEqual([])
    await updateSettings(app.stores.db, account.id, { toolsets: ['organizations'] })
  }
  const journey = ['page_view', 'editor_open', 'upload', 'begin_checkout', 'purchase']
  google.journeys = Array.from({ length: 100 }, (_, person) => journey.slice(0, person < 20 ? 5 : person < 40 ? 3 : person < 70 ? 2 : 1))
})
afterAll(async () => {
  await app?.close()
  await google?.close()
  if (folder) await rm(folder, { recursive: true, force: true })
})

const period = { startDate: '2025-05-01', endDate: '2025-05-31' }

test('the property’s funnel, with its own event names and the rates of its steps', async () => {
  const answer = await callAs(app, 'owner', 'get_webapp_google_analytics_report', { webappId: 'Gift app', ...period })
  expect(answer.isError, textOf(answer)).toBeFalsy()
  expect(answer.structuredContent).toMatchObject({
    source: 'google_analytics',
    propertyId: google.propertyId,
    funnelType: 'closed',
    steps: [{ visitors: 100 }, { visitors: 70, ofPrevious: 0.7 }, { visitors: 40 }, { visitors: 20, ofPrevious: 0.5 }, { visitors: 20, ofFirst: 0.2 }],
  })
  expect(google.questions.at(-1)?.body.dateRanges).toEqual([{ startDate: '2025-05-01', endDate: '2025-05-31' }])
  expect(google.questions.at(-1)?.body.funnel.steps.map(({ filterExpression }) => filterExpression.funnelEventFilter.eventName)).toEqual([
    'page_view',
    'editor_open',
    'upload',
    'begin_checkout',
    'purchase',
  ])
  expect(textOf(answer)).toContain('Google Analytics, property')
})

test('an account that names another’s property reads nothing of it', async () => {
  const before = google.questions.length
  const answer = await callAs(app, 'stranger', 'get_webapp_google_analytics_report', { webappId: 'gift', ...period }, { path: '/c/globex' })
  expect(answer.structuredContent).toMatchObject({ source: 'mercat', steps: Array.from({ length: 5 }, () => ({ visitors: null })) })
  expect(textOf(answer)).toContain('may not read for the account')
  expect(google.questions.length).toBe(before)
})

test('a quota that is used up and a missing permission say what to do', async () => {
  google.troubles.push({ status: 429, code: 'RESOURCE_EXHAUSTED', message: rawWords })
  const quota = await callAs(app, 'owner', 'get_webapp_google_analytics_report', { webappId: 'gift', ...period })
  expect([quota.isError, codeOf(quota)]).toEqual([true, 'unavailable'])
  expect(textOf(quota)).toMatch(/quota/)
  google.troubles.push({ status: 403, code: 'PERMISSION_DENIED', message: rawWords })
  const denied = await callAs(app, 'owner', 'get_webapp_google_analytics_report', { webappId: 'gift', ...period })
  expect(denied.isError).toBe(true)
  expect(textOf(denied)).toContain('Viewer')
  for (const answer of [quota, denied]) expect(JSON.stringify(answer)).not.toContain(rawWords)
})
