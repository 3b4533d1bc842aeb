/** The views in a real Chromium, as a chat shows them: the official bridge, a sandboxed frame, the policy that the resource asks for. Real answers of a real app; a hostile name is letters; nothing leaves. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Client } from '@modelcontextprotocol/client'
import type { Frame, Page } from 'playwright-core'
import { build, type Rolldown } from 'vite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { viewNames, viewUri } from '../../src/catalog/views.ts'
import { readViews } from '../../src/edge/views.ts'
import { createLog } from '../../src/core/log.ts'
import { tokenScopes } from '../../src/core/access.ts'
import { callAs } from '../call.ts'
import { sharedApp } from '../shared.ts'
import { hostileName, period, putViewsWorld } from '../views-world.ts'
import { expectFits, expectNoViolation, type Profile, screenshot, sharedChromium } from './chromium.ts'

type Result = Awaited<ReturnType<Client['callTool']>>
interface Answer {
  readonly summary: Record<string, unknown>
  readonly columns: string[]
  readonly rows: (number | string | null | (number | string | null)[])[][]
  readonly timeline: { columns: string[]; rows: (number | string)[][] }
  readonly cautions: string[]
}

const app = sharedApp()
const openProfile = sharedChromium()
const results = {} as Record<'report' | 'overview', Result>
let server: Server
let origin: string
let profile: Profile
let page: Page
const requested: string[] = []

/** The policy a host must build of what the resource says (MCP Apps, "Content Security Policy Enforcement"), with nothing declared. */
const hostPolicy =
  "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; connect-src 'self'; img-src 'self' data:; font-src 'self'; media-src 'self' data:; frame-src 'none'; object-src 'none'; base-uri 'self'"
const hostPage =
  '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Chat</title><style>:root{color-scheme:light dark}body{margin:0;padding:12px;background:light-dark(#fff,#111)}iframe{display:block;width:100%;border:1px solid light-dark(#ddd,#333);border-radius:12px}</style></head><body><script type="module" src="/host.js"></script></body></html>'

async function bundled(): Promise<string> {
  const made = (await build({
    configFile: false,
    logLevel: 'warn',
    build: {
      write: false,
      reportCompressedSize: false,
      chunkSizeWarningLimit: 2000,
      lib: { entry: join(import.meta.dirname, 'views/host.js'), formats: ['es'], fileName: 'host' },
    },
  })) as Rolldown.RolldownOutput[]
  return made[0]!.output[0].code
}

beforeAll(async () => {
  await putViewsWorld(app)
  const client = await app.connect('owner', '/c/acme')
  results.report = await client.callTool({
    name: 'campaign_report',
    arguments: { ...period, metrics: ['revenue', 'deliveries', 'openRate', 'clicks', 'orders', 'revenuePerDelivery'] },
  })
  results.overview = await client.callTool({ name: 'account_overview', arguments: period })
  const pages = new Map<string, string>()
  for (const view of ['report', 'overview'] as const) pages.set(view, ((await client.readResource({ uri: viewUri(view) })).contents[0] as { text: string }).text)
  // Who may only read is not offered the draft's page.
  const built = readViews(createLog('silent', 'silent'))
  for (const view of viewNames) if (!pages.has(view)) pages.set(view, built.get(view) ?? '')
  const host = await bundled()
  server = createServer(({ url = '' }, res) => {
    const view = pages.get(url.replace('/view/', ''))
    if (view) res.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': hostPolicy }).end(view)
    else if (url === '/host.js') res.writeHead(200, { 'content-type': 'text/javascript' }).end(host)
    else if (url === '/') res.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(hostPage)
    else res.writeHead(404).end()
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  profile = await openProfile({ width: 760 })
  page = profile.page
  profile.context.on('request', (request) => requested.push(request.url()))
  await page.goto(origin)
  await page.waitForFunction('window.show')
})
afterAll(async () => {
  await profile?.close()
  server?.close()
})

/** Shows a view, and waits until it has drawn what came. */
async function show(view: string, result: object | undefined, given: { context?: object; title?: string; opens?: boolean } = {}): Promise<Frame> {
  const { context = { theme: 'light' }, title = 'Campaign report', opens = true } = given
  await page.evaluate(`window.show(${JSON.stringify({ view, tool: { name: 'x', title, inputSchema: { type: 'object' } }, result, context, opens })})`)
  const frame = page.frames().find((one) => one.url().endsWith(`/view/${view}`))!
  await frame.waitForSelector('main:not([aria-busy])')
  return frame
}

const did = async () => await page.evaluate<{ opened: string[]; heights: number[]; asked: unknown[] }>('window.did')
const dress = async (context: object) => await page.evaluate(`window.dress(${JSON.stringify(context)})`)
const raws = async (frame: Frame, selector: string) => await frame.$$eval(selector, (all) => all.map((one) => one.getAttribute('value')))
const texts = async (frame: Frame, selector: string) => await frame.$$eval(selector, (all) => all.map((one) => one.textContent))
const first = (cell: unknown) => String((Array.isArray(cell) ? cell[0] : cell) ?? '')

/** Wide and narrow, light and dark: fits, accessible, and left as a picture. */
async function look(frame: Frame, name: string): Promise<void> {
  for (const width of [760, 360]) {
    await page.setViewportSize({ width, height: 800 })
    await expectFits(page)
    for (const theme of ['light', 'dark'] as const) {
      await dress({ theme })
      await expect.poll(() => frame.evaluate('document.documentElement.style.colorScheme'), { interval: 20 }).toBe(theme)
      // The host's theme counts, not the computer's, which is light throughout.
      expect(await frame.evaluate<string>('getComputedStyle(document.documentElement).backgroundColor')).toBe(theme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(25, 25, 33)')
      const [content, inner] = await frame.evaluate<[number, number]>('[document.documentElement.scrollWidth, document.documentElement.clientWidth]')
      expect(content, `${name} sticks out at ${width}`).toBeLessThanOrEqual(inner)
      await expectNoViolation(frame, theme)
      await screenshot(page, `view-${name}-${width}-${theme}`)
    }
  }
  await page.setViewportSize({ width: 760, height: 800 })
}

test('a report shows its own figures: total with comparison, timeline, rows, cautions, passport', async () => {
  const frame = await show('report', results.report)
  const answer = results.report.structuredContent as unknown as Answer
  expect(await frame.textContent('h1')).toBe('Campaign report')
  expect(await frame.textContent('header .about')).toBe('ACME · 1 Mar 2026 – 31 May 2026 · Europe/Berlin · EUR · by send day')
  expect(await raws(frame, '.tiles data')).toEqual(Object.values(answer.summary).map(first))
  const revenue = Number(first(answer.summary.revenue)).toLocaleString('en', { minimumFractionDigits: 2 })
  expect(await frame.textContent('.tiles data[data-column=revenue]')).toBe(`EUR ${revenue}`)
  expect(await frame.textContent('.tiles div:first-child .change')).toMatch(/^▲ \+\d+(\.\d+)?%$/)
  // Rows: every figure, in its place.
  const names = answer.rows.map((row) => String(row[1]))
  expect(await texts(frame, 'section table tbody th.name bdi')).toEqual(expect.arrayContaining(names))
  const rows = frame.locator('[role=region][aria-label=Rows] tbody')
  expect(await rows.locator('data').evaluateAll((all) => all.map((one) => (one as unknown as { value: string }).value))).toEqual(
    answer.rows.flatMap((row) => row.slice(2).map(first)),
  )
  expect(await frame.locator('[role=region][aria-label=Rows] thead th').allTextContents()).toEqual([
    '#',
    'Campaign',
    'Revenue (EUR)',
    'Deliveries',
    'Open rate',
    'Clicks',
    'Orders',
    'Revenue per delivery (EUR)',
  ])
  // Timeline: a bar for each week with its words, another metric on demand, and all of it as a table.
  expect(await frame.locator('svg .column').count()).toBe(answer.timeline.rows.length)
  expect(await frame.getAttribute('svg', 'aria-label')).toMatch(/^Revenue over 14 spans, from 1 Mar 2026/)
  await frame.locator('svg .column').nth(2).hover()
  expect(await frame.textContent('.said')).toContain('9 Mar 2026 – 15 Mar 2026: EUR')
  await frame.selectOption('select', 'openRate')
  expect(await frame.getAttribute('svg', 'aria-label')).toMatch(/^Open rate over .*highest \d+(\.\d+)?%/)
  await frame.selectOption('select', 'revenue')
  await frame.click('summary')
  expect(await raws(frame, '[role=region][aria-label=Timeline] tbody data')).toEqual(answer.timeline.rows.flatMap((row) => row.slice(2).map(first)))
  await frame.click('summary')
  for (const caution of answer.cautions) expect(await frame.textContent('.cautions')).toContain(caution)
  expect(await frame.textContent('footer')).toMatch(/^Goal Orders.*data as of .*definitions 1$/)
  await look(frame, 'report')
  // The frame is as tall as the view: nothing scrolls inside it.
  const taken = async () => (await did()).heights.at(-1)
  await expect.poll(taken).toBe(await frame.evaluate<number>('Math.ceil(document.documentElement.getBoundingClientRect().height)'))
})

test('an overview shows all orders and the parts', async () => {
  const frame = await show('overview', results.overview, { title: 'Account overview' })
  const answer = results.overview.structuredContent as unknown as Answer & { account: Record<string, unknown>; parts: Answer['rows'] }
  const { orders, revenue, attributedOrders, attributedRevenue } = answer.account
  expect(await raws(frame, '.tiles data')).toEqual([orders, revenue, attributedOrders, attributedRevenue, ...Object.values(answer.summary)].map(first))
  expect(await texts(frame, '[aria-label=Parts] tbody th')).toEqual(['manual campaigns', 'flows'])
  expect(await raws(frame, '[aria-label=Parts] tbody data')).toEqual(answer.parts.flatMap((row) => row.slice(1).map(first)))
  expect(await raws(frame, '[aria-label=Channels] tbody data')).toEqual(answer.rows.flatMap((row) => row.slice(1).map(first)))
  await look(frame, 'overview')
})

const draft = {
  draft: { id: 'seg_1', type: 'target_group', name: 'Lapsed VIPs', status: 'draft' },
  words: ['People whose last order is more than 90 days ago', 'and who are in the top 10 % by revenue', 'and who have consented to e-mail'],
  definition: { and: [{ event: 'order', last: { moreThanDays: 90 } }, { top: { percent: 10, by: 'revenue' } }] },
  audience: {
    shown: 12_345,
    share: 0.0713,
    reachable: [
      { channel: 'Email', shown: 9876 },
      { channel: 'SMS', shown: 'fewer than 10' },
    ],
  },
  warnings: [{ text: 'Nobody of them has consented to Push.' }],
  link: 'https://mercat.example/a/acme/drafts/seg_1',
  validateOnly: false,
}
const asResult = (structuredContent: object) => ({ content: [{ type: 'text', text: 'x' }], structuredContent, _meta: { 'mercat/account': 'ACME' } })

test('a draft says what it is and where a person approves it; the host opens the page, and nothing else is asked of it', async () => {
  const frame = await show('draft', asResult(draft))
  expect(await texts(frame, '.words li')).toEqual(draft.words)
  expect(await texts(frame, '.tiles dd:nth-child(2)')).toEqual(['12,345', '9,876', 'fewer than 10'])
  await look(frame, 'draft')
  await frame.click('text=Open in the dashboard to approve')
  await expect.poll(async () => (await did()).opened).toEqual([draft.link])
  expect(await frame.locator('.address').isVisible()).toBe(false)
  const refusing = await show('draft', asResult(draft), { opens: false })
  await refusing.click('text=Open in the dashboard to approve')
  await refusing.waitForSelector('.address:not([hidden])')
  expect(await refusing.textContent('.address code')).toBe(draft.link)
  for (const link of ['javascript:alert(1)', 'data:text/html,x', 'mercat.example', 7, null]) {
    const odd = await show('draft', asResult({ ...draft, link }))
    expect(await odd.locator('a').count(), String(link)).toBe(0)
  }
  const preview = await show('draft', asResult({ ...draft, validateOnly: true, audience: null, warnings: [] }))
  expect(await preview.textContent('main')).toContain('Nothing is made yet')
  expect(await preview.locator('a').count()).toBe(0)
  expect((await did()).asked).toEqual([])
})

test('what a builder answers is drawn as it is, and leads to the draft’s page', async () => {
  const made = await callAs(
    app,
    'owner',
    'create_target_group_draft',
    { name: 'Ordered <b>once</b>', description: 'customers who ordered at least once' },
    { scope: tokenScopes.join(' ') },
  )
  const { words, audience, link } = made.structuredContent as { words: string[]; audience: { shown: string }; link: string }
  const frame = await show('draft', made)
  expect(await frame.textContent('h1')).toBe('Ordered <b>once</b>')
  expect(await texts(frame, '.words li')).toEqual(words)
  expect((await texts(frame, '.tiles dd:nth-child(2)'))[0]).toBe(audience.shown)
  await frame.click('text=Open in the dashboard to approve')
  await expect.poll(async () => (await did()).opened.at(-1)).toBe(link)
})

test('the host’s colours and fonts are taken; what would load something is not', async () => {
  const variables = {
    '--color-background-primary': 'light-dark(rgb(250, 240, 230), rgb(20, 10, 0))',
    '--font-sans': 'Georgia',
    '--color-text-primary': 'url(http://evil.example/x)',
  }
  const frame = await show('report', results.report, { context: { theme: 'light', styles: { variables, css: { fonts: "@import url('http://evil.example/f.css')" } } } })
  const ground = async () => await frame.evaluate<string>('getComputedStyle(document.documentElement).backgroundColor')
  expect(await ground()).toBe('rgb(250, 240, 230)')
  expect(await frame.evaluate<string>('getComputedStyle(document.documentElement).fontFamily')).toContain('Georgia')
  expect(await frame.evaluate<string>('document.documentElement.style.getPropertyValue("--color-text-primary")')).toBe('')
  await dress({ theme: 'dark' })
  await expect.poll(ground).toBe('rgb(20, 10, 0)')
})

test('a hostile name is letters: clipped, isolated, without marks of direction, in every view', async () => {
  const answer = results.report.structuredContent as unknown as Answer
  const evil = answer.rows.findIndex((row) => String(row[1]).includes('<img src=x'))
  expect(evil).toBeGreaterThanOrEqual(0)
  // As the server sends it, and as one would that clips nothing.
  const rows = answer.rows.map((row, at) => (at === evil ? [row[0], hostileName, ...row.slice(2)] : row))
  const passport = { ...(results.report.structuredContent as { passport: object }).passport, goal: hostileName, filters: { campaigns: [hostileName] } }
  const frames = [
    async () => await show('report', { ...results.report, structuredContent: { ...answer, rows, passport, cautions: [hostileName] }, _meta: { 'mercat/account': hostileName } }),
    async () =>
      await show('draft', asResult({ ...draft, draft: { ...draft.draft, name: hostileName, type: hostileName }, words: [hostileName], warnings: [{ text: hostileName }] })),
    async () => await show('report', { isError: true, content: [{ type: 'text', text: hostileName }] }),
  ]
  for (const [at, shown] of frames.entries()) {
    const frame = await shown()
    expect(await frame.locator('img, script:not(head script), iframe').count()).toBe(0)
    expect(await frame.title()).not.toBe('owned')
    const text = (await frame.textContent('main')) ?? ''
    expect(text).toContain('<img src=x onerror=')
    expect(text).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/)
    expect(text).not.toContain('x'.repeat(1000))
    const [content, inner] = await frame.evaluate<[number, number]>('[document.documentElement.scrollWidth, document.documentElement.clientWidth]')
    expect(content).toBeLessThanOrEqual(inner)
    if (at < 2) await look(frame, `hostile-${at}`)
  }
})

test('what is no answer is said: a refusal, a job, a cancelled call, another form', async () => {
  const said = async (result: object | undefined) => await (await show('report', result)).textContent('main')
  expect(await said({ isError: true, content: [{ type: 'text', text: 'There is no brand Fjel. Nearest: Fjell.' }] })).toBe('There is no brand Fjel. Nearest: Fjell.')
  expect(await said(asResult({ job: { id: 'job_1', state: 'queued', pollAfterSeconds: 2 } }))).toContain('runs as a job, job_1 (queued)')
  expect(await said(undefined)).toBe('The call was cancelled: there is nothing to show.')
  for (const odd of [
    {},
    { rows: 'x', columns: 5, summary: [], passport: 'y' },
    { rows: [[{}, 1]], columns: [{}], summary: { a: {} }, timeline: { rows: [[]] } },
    { summary: { revenue: ['1e999', null] } },
  ])
    expect(await said(asResult(odd))).toBeTruthy()
})

test('no request left, and the view’s own policy lets none', async () => {
  const frame = await show('report', results.report)
  expect(requested.filter((url) => !new RegExp(`^${origin}/(host\\.js|view/(report|overview|draft)|favicon\\.ico)?$`).test(url))).toEqual([])
  profile.expectComplaint(/Content Security Policy|Refused to connect|violates/i)
  expect(await frame.evaluate<string>(`fetch('${origin}/').then(() => 'reached', () => 'refused')`)).toBe('refused')
})
