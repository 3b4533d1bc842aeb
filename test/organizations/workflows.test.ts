/** The four workflows from end to end: a real MCP client takes the prompt, follows its tools, and a person sees the result on the dashboard in Chromium. */
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { seedDemo } from '../../src/ingest/demo/index.ts'
import { textOf } from '../app.ts'
import { sharedChromium, signIn } from '../browser/chromium.ts'
import { sharedApp } from '../shared.ts'

const app = sharedApp()
const openProfile = sharedChromium()
let client: Client
beforeAll(async () => {
  await seedDemo(app.stores, app.accounts.acme.id, { events: 60_000, now: new Date() })
  const scopes = 'read:mcp write:mcp read:reports read:campaigns create:campaigns read:webapps read:billing read:artwork manage:organization'
  const authorization = `Bearer ${await app.token('owner', 'c/acme', scopes)}`
  client = new Client({ name: 'workflow', version: '1' }, { versionNegotiation: { mode: { pin: '2026-07-28' } } })
  await client.connect(new StreamableHTTPClientTransport(new URL(app.at('/c/acme')), { requestInit: { headers: { authorization } } }))
})
afterAll(async () => await client?.close())

// biome-ignore lint/suspicious/noExplicitAny: answers of many tools, looked into by name
type Answer = any
const called: string[] = []

async function call(name: string, args: Record<string, unknown>): Promise<Answer> {
  called.push(name)
  const answer = await client.callTool({ name, arguments: args })
  expect(answer.isError, textOf(answer)).toBeFalsy()
  return answer.structuredContent
}

/** The prompt as a client shows it, its arguments completed from what was typed; `follow` must call every tool that it names. */
async function workflow(prompt: string, typed: Record<string, string>, follow: (given: Record<string, string>) => Promise<void>): Promise<void> {
  const listed = (await client.listPrompts()).prompts.find(({ name }) => name === prompt)
  expect(listed, prompt).toBeDefined()
  const given: Record<string, string> = {}
  for (const [name, part] of Object.entries(typed)) {
    const { completion } = await client.complete({ ref: { type: 'ref/prompt', name: prompt }, argument: { name, value: part }, context: { arguments: given } })
    given[name] = completion.values[0] ?? part
  }
  const { messages } = await client.getPrompt({ name: prompt, arguments: given })
  const text = messages.map(({ content }) => (content.type === 'text' ? content.text : '')).join('\n')
  for (const value of Object.values(given)) expect(text).toContain(value)
  const tools = (await client.listTools()).tools.map(({ name }) => name)
  const named = tools.filter((tool) => new RegExp(`\\b${tool}\\b`).test(text))
  expect(named.length, text).toBeGreaterThan(1)
  called.length = 0
  await follow(given)
  expect([...new Set(called)].sort()).toEqual(expect.arrayContaining(named.sort()))
}

/** A person at the page of an organization. */
async function atOrganization(id: string, look: (page: Page) => Promise<void>): Promise<void> {
  const { page, close } = await openProfile()
  await signIn(page, app.origin, app.people.owner, `/a/acme/organizations/${id}`)
  await look(page)
  await close()
}

const sum = (list: readonly Answer[], value: (row: Answer) => number) => list.reduce((all, row) => all + value(row), 0)

describe('the four workflows', () => {
  test('onboarding: four steps, each answer names the next; the person sees the client, its campaign and the step that is theirs', async () => {
    await workflow(
      'client_onboarding',
      { organization: 'Waldkind', currency: 'EU', campaign: 'Herbstalbum', countries: 'DE, AT' },
      async ({ organization = '', currency = '', campaign = '' }) => {
        expect(currency).toBe('EUR')
        const asked = { name: organization, currency, contact: { name: 'Ida', email: 'ida@waldkind.example' } }
        const checked = await call('create_organization', { ...asked, validateOnly: true })
        expect(checked.organization.id).toBeUndefined()
        const made = await call('create_organization', { ...asked, idempotencyKey: 'waldkind-organization' })
        expect(made.nextStep.tool).toBe('create_campaign')
        const plan = {
          ...made.nextStep.arguments,
          name: campaign,
          countries: ['DE', 'AT'],
          webapp: { mode: 'create', languages: ['de'], privacyUrl: 'https://waldkind.example/datenschutz' },
          optIns: [{ name: 'newsletter' }],
        }
        expect((await call('create_campaign', plan)).warnings).toEqual([])
        const created = await call('create_campaign', { ...plan, validateOnly: false, idempotencyKey: 'waldkind-campaign' })
        expect(created.created.map(({ type }: Answer) => type)).toEqual(['campaign', 'webapp', 'branding', 'content_profile'])
        expect(created.nextStep.tool).toBe('campaign_product_setup')
        const { products } = await call('list_product_catalog', {})
        const offered = products.flatMap(({ configurations }: Answer) => configurations).filter(({ status }: Answer) => status === 'active')
        const setup = { ...created.nextStep.arguments, products: offered.slice(0, 2).map(({ id }: Answer) => id) }
        await call('campaign_product_setup', setup)
        const done = await call('campaign_product_setup', { ...setup, validateOnly: false, idempotencyKey: 'waldkind-products' })
        expect(done.added).toHaveLength(2)
        const status = await call(done.nextStep.tool, done.nextStep.arguments)
        expect(status).toMatchObject({ done: 3, of: 4, nextStep: { by: 'person', link: `${app.origin}/a/acme/organizations/${made.organization.id}#campaigns` } })

        const { page, close } = await openProfile()
        await signIn(page, app.origin, app.people.owner, '/a/acme/organizations')
        const row = page.getByRole('row', { name: /Waldkind/ })
        await row.getByText('3 of 4').waitFor()
        await row.getByRole('link', { name: 'Waldkind' }).click()
        await page.getByRole('heading', { level: 1, name: 'Waldkind' }).waitFor()
        await page.getByText('The campaign switched on by a person').waitFor()
        await page.locator('#campaigns').getByText('Herbstalbum').first().waitFor()
        await page.getByRole('link', { name: 'ida@waldkind.example' }).waitFor()
        await close()

        // The step that is a person's: a marketer follows the link of the answer, without seeing the list of clients or whom to speak to.
        const marketer = await openProfile()
        await signIn(marketer.page, app.origin, app.people.marketer, String(status.nextStep.link).slice(app.origin.length))
        await marketer.page.getByRole('link', { name: 'Review Herbstalbum' }).click()
        await marketer.page.getByRole('button', { name: 'Approve and activate' }).click()
        await marketer.page.getByRole('dialog').getByRole('button', { name: 'Approve and activate' }).click()
        await marketer.page.getByText('Approved: it is active now').waitFor()
        await marketer.page.goto(status.nextStep.link)
        await marketer.page.getByText('4 of 4 steps done').waitFor()
        expect(await marketer.page.getByText('ida@waldkind.example').count()).toBe(0)
        expect((await call('get_organization_onboarding_status', { organizationId: made.organization.id })).nextStep).toBeNull()
        await marketer.close()
      },
    )
  })

  test('client health check: what the tools say of the client is what its page shows', async () => {
    await workflow('client_health_check', { organization: 'Fjell' }, async ({ organization = '' }) => {
      expect(organization).toBe('Fjell & Fjord')
      const given = { organizationId: organization }
      const onboarding = await call('get_organization_onboarding_status', given)
      const campaigns = await call('list_organization_campaigns', given)
      const performance = await call('get_organization_campaign_performance', { ...given, limit: 200 })
      const optIns = await call('get_organization_campaign_optin_breakdown', given)
      const report = await call('get_client_report', given)
      expect(sum(performance.rows, ({ orders }) => orders)).toBe(performance.total.orders)
      expect(optIns.total.orders).toBe(performance.total.orders)
      expect(campaigns.coverage.of).toBe(performance.coverage.of)
      expect(report.years.length).toBeGreaterThan(1)
      await atOrganization(onboarding.organization.id, async (page) => {
        await page.getByRole('heading', { level: 1, name: organization }).waitFor()
        await page.getByText(`${onboarding.done} of ${onboarding.of}`).first().waitFor()
        const region = page.locator('#campaigns')
        await region.getByText(performance.total.orders.toLocaleString('en'), { exact: true }).first().waitFor()
      })
    })
  })

  test('billing review: the report and the statements explain each other, and the page shows both', async () => {
    await workflow('billing_review', { organization: 'licht', year: String(new Date().getFullYear()) }, async ({ organization = '', year = '' }) => {
      const given = { organizationId: organization, year: Number(year) }
      const report = await call('get_client_report', given)
      const invoices: Answer[] = []
      let totals: Answer[] = []
      for (let cursor: string | null | undefined; cursor !== null; ) {
        const page: Answer = await call('get_client_invoice_statements', { ...given, ...(cursor ? { cursor } : {}) })
        invoices.push(...page.invoices)
        totals = page.totals
        cursor = page.nextCursor
      }
      // Cents as whole numbers: floating point would find differences of its own.
      const cents = (text: string) => BigInt(Math.round(Number(text) * 1_000_000))
      for (const row of report.years) {
        const own = totals.find(({ currency }) => currency === row.currency)
        expect([own.invoiced, own.paid, own.open, own.overdue]).toEqual([row.invoiced, row.paid, row.open, row.overdue])
        const listed = invoices.filter((one) => one.currency === row.currency && one.status !== 'cancelled').reduce((all, one) => all + cents(one.total), 0n)
        expect(listed).toBe(cents(row.invoiced))
      }
      expect(new Set(report.years.map(({ currency }: Answer) => currency)).size).toBeGreaterThan(1)
      await atOrganization(report.organization.id, async (page) => {
        const region = page.locator('#billing')
        await region.getByText(invoices[0].number).first().waitFor()
        await region.getByText('CHF').first().waitFor()
      })
    })
  })

  test('campaign and webapp analysis: from performance to the funnel, and the page draws the same', async () => {
    await workflow('campaign_and_webapp_analysis', { organization: 'Fjell' }, async ({ organization = '' }) => {
      const given = { organizationId: organization }
      const performance = await call('get_organization_campaign_performance', { ...given, limit: 200 })
      const [best] = performance.rows
      const { startDate, endDate } = performance.passport
      const daily = await call('get_campaign_daily_order_count', { campaignId: best.id, startDate, endDate })
      expect([daily.total.orders, sum(daily.days, (row) => row[1])]).toEqual([best.orders, best.orders])
      const { webapps } = await call('list_organization_webapps', given)
      const webapp = webapps.find(({ status, campaigns }: Answer) => status === 'active' && campaigns > 0) ?? webapps.find(({ status }: Answer) => status === 'active')
      const closed = await call('get_webapp_google_analytics_report', { webappId: webapp.id })
      const open = await call('get_webapp_google_analytics_report', { webappId: webapp.id, funnelType: 'open' })
      for (const [index, one] of closed.steps.entries())
        if (one.visitors !== null && open.steps[index].visitors !== null) expect(one.visitors).toBeLessThanOrEqual(open.steps[index].visitors)
      await call('get_organization_campaign_optin_breakdown', given)
      const [first] = closed.steps
      await atOrganization(performance.organization.id, async (page) => {
        const region = page.locator('#webapps')
        await region.getByText(webapp.name).first().waitFor()
        await region.getByText('Mercat').first().waitFor()
        await region.getByText(first.shown, { exact: true }).first().waitFor()
      })
    })
  })
})
