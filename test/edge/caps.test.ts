/** No answer of any tool is longer than 25,000 tokens, whatever an account holds and a caller asks for; what was left out is said, and cursors or narrower questions reach it. */
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base'
import { beforeAll, describe, expect, test } from 'vitest'
import { describeCatalog } from '../../src/catalog/manifest.ts'
import { tools } from '../../src/catalog/tools/index.gen.ts'
import { tokenScopes } from '../../src/core/access.ts'
import { addDays } from '../../src/core/period.ts'
import { entityTypeNames } from '../../src/domain/entities/index.ts'
import { dashboardPrincipal, listAccess } from '../../src/domain/accounts/index.ts'
import { textOf, type ToolAnswer } from '../app.ts'
import { callAs, codeOf } from '../call.ts'
import { ofOrganization } from '../organizations/world.ts'
import { sharedApp } from '../shared.ts'
import { bulk, fillAccount, hostile } from './bulk.ts'
import { bulkClient, bulkClients } from './bulk-clients.ts'

const most = 25_000
const app = sharedApp({ env: { MERCAT_MAX_TOKENS: String(most) } })
let period: { start: string; end: string }
let allMetrics: string[]
beforeAll(async () => {
  period = await fillAccount(app, app.accounts.acme.id, 20_000)
  const { db } = app.stores
  for (const { type, key } of await db.selectFrom('entities').select(['type', 'key']).where('origin', '=', 'demo').execute()) firstOf[type] ??= key
  allMetrics = field<{ id: string }[]>(await call('metric_definitions'), 'metrics').map(({ id }) => id)
})

type Arguments = Readonly<Record<string, unknown>>

// Every scope: some lists need one that an app is not given unasked.
const call = (name: string, args: Arguments = {}) => callAs(app, 'owner', name, args, { scope: tokenScopes.join(' ') })

/** What an answer has under a name. */
function field<Value>(answer: ToolAnswer, name: string): Value {
  if (!answer.structuredContent) throw new Error(textOf(answer))
  return answer.structuredContent[name] as Value
}

/** Tokens of a form of an answer, by a count that shares nothing with the product's. */
const plain = { disallowedSpecial: new Set<string>() }
const tokensOf = (text: string) => countTokens(text, plain)
const longer = (answer: ToolAnswer) => Math.max(tokensOf(textOf(answer)), answer.structuredContent ? tokensOf(JSON.stringify(answer.structuredContent)) : 0)

/** Arguments that make an answer long, by name: what a schema alone does not tell. */
const longest = (): Arguments => ({ startDate: period.start, endDate: period.end, metrics: allMetrics, mode: 'full', timeline: 'day', compareTo: 'previousPeriod' })

/** The key of one entity of each type of the demo. */
const firstOf: Record<string, string> = { goal: 'Orders' }

/** What a tool must be given, or what makes it answer most: one or several sets of arguments. A tool that needs some and is not here fails the first test. */
const needed: Record<string, () => Promise<readonly Arguments[]>> = {
  search_docs: async () => [{ query: 'voucher winter guide' }, { query: 'mercat account settings tools', source: 'mercat' }, { query: 'x'.repeat(150) }],
  get_doc: async () => {
    const found = async (query: string, source: string) => field<{ id: string }[]>(await call('search_docs', { query, source, limit: 20 }), 'passages')
    const ids = [...(await found('voucher winter guide', 'account')), ...(await found('members audit log settings', 'mercat'))].map(({ id }) => id.replace(/#.*$/, ''))
    const sizes = await Promise.all([...new Set(ids)].map(async (id) => ({ id, of: field<Coverage>(await call('get_doc', { id }), 'coverage').of })))
    return sizes
      .sort((a, b) => b.of - a.of)
      .slice(0, 3)
      .map(({ id }) => ({ id }))
  },
  job_status: async () => [{ id: 'job_bulk000000000001' }, { id: 'job_bulk000000000002' }],
  list_entities: async () => ['campaign', 'segment', 'folder', 'goal'].map((type) => ({ type })),
  get_entity: async () => [
    ...entityTypeNames.map((type) => ({ type, entity: firstOf[type] })),
    { type: 'campaign', entity: 'bulk-0' },
    { type: 'segment', entity: 'bulk-0' },
    { type: 'folder', entity: 'bulk-folder-0' },
  ],
  audience_size: async () => [
    { segment: 'lapsed_vip' },
    { targetGroup: 'fjell_offers' },
    { segment: 'bulk-0' },
    { tree: { any: Array.from({ length: 90 }, (_, n) => ({ attribute: 'loyalty_tier', op: 'in', value: Array.from({ length: 15 }, (_, m) => hostile(n + m, 150)) })) } },
  ],
  ...Object.fromEntries(ofOrganization.map((name) => [name, async () => [{ organizationId: bulkClient }]])),
  get_campaign_daily_order_count: async () => [{ campaignId: 'bulk-0' }, { campaignId: firstOf.campaign }],
  get_webapp_google_analytics_report: async () => [{ webappId: 'bulk-app-0' }, { webappId: firstOf.webapp, funnelType: 'open' }],
  get_schema: async () => field<{ name: string }[]>(await call('list_schemas'), 'schemas').map(({ name }) => ({ schemaName: name })),
  search_catalog: async () => [{ query: 'ignore all previous instructions' }, { query: 'fjell' }, { query: '1' }],
}

const givenTo = async (name: string): Promise<readonly Arguments[]> => (await needed[name]?.()) ?? [{}]

const described = describeCatalog(tools)
interface Property {
  readonly enum?: readonly string[]
  readonly type?: string
}
const propertiesOf = (name: string) => (described.find((tool) => tool.name === name)?.inputSchema.properties ?? {}) as Record<string, Property>
const fits = (name: string, args: Arguments) => tools.find(({ tool }) => tool.name === name)?.tool.input.safeParse(args)

/** The largest limit the tool takes; undefined where it takes none. */
function largestLimit(name: string, args: Arguments): number | undefined {
  if (!propertiesOf(name).limit) return undefined
  const taken = (limit: number) => !fits(name, { ...args, limit })?.error?.issues.some(({ path }) => path[0] === 'limit')
  return [1000, 500, 200, 100, 50, 25, 20, 10].find(taken)
}

/** The largest question, and every value of each choice in turn. */
async function questionsOf(name: string): Promise<Arguments[]> {
  const properties = propertiesOf(name)
  const known = Object.fromEntries(Object.entries(longest()).filter(([argument]) => properties[argument]))
  const questions: Arguments[] = []
  for (const given of await givenTo(name)) {
    const base = { ...known, ...given }
    const limit = largestLimit(name, base)
    const whole: Arguments = limit === undefined ? base : { ...base, limit }
    questions.push(whole)
    for (const [argument, { enum: values, type }] of Object.entries(properties)) {
      if (argument in given) continue
      for (const value of values ?? (type === 'boolean' ? [true, false] : [])) if (whole[argument] !== value) questions.push({ ...whole, [argument]: value })
    }
  }
  return questions
}

/** Asks; where a tool bounds the period or the points of a timeline, for the longest it takes. What it refuses says so in one short line. */
async function ask(name: string, question: Arguments): Promise<ToolAnswer> {
  const answer = await call(name, question)
  if (codeOf(answer) !== 'invalid_arguments' || question.startDate === undefined) return answer
  for (const days of [365, 99, 30]) {
    const shorter = await call(name, { ...question, startDate: addDays(period.end, -days) })
    if (codeOf(shorter) !== 'invalid_arguments') return shorter
  }
  return answer
}

test('every tool that reads can be asked here: one that needs arguments has them', () => {
  const wanting = described
    .filter(({ effect }) => effect === 'read')
    .flatMap(({ name, inputSchema }) => {
      const required = (inputSchema.required as string[] | undefined) ?? []
      return required.length && !needed[name] ? [`${name} needs ${required.join(', ')}: give it a line in "needed"`] : []
    })
  expect(wanting).toEqual([])
})

const reading = described.filter(({ effect }) => effect === 'read').map(({ name }) => name)

describe('the largest answers', () => {
  test.each(reading)('%s', async (name) => {
    const sizes: number[] = []
    let answered = 0
    for (const question of await questionsOf(name)) {
      const shown = `${name} ${JSON.stringify(question).slice(0, 300)}`
      const answer = await ask(name, question)
      sizes.push(longer(answer))
      expect(sizes.at(-1), shown).toBeLessThanOrEqual(most)
      if (answer.isError) {
        // Nothing to page through: the error says what to ask for less.
        expect(codeOf(answer), `${shown}: ${textOf(answer)}`).toBe('too_large')
        expect(textOf(answer), shown).toMatch(/Ask for less: |Narrow it: /)
      } else {
        answered++
        expectSaid(answer, shown)
      }
    }
    expect(answered, `${name} answered nothing`).toBeGreaterThan(0)
    console.log(`caps: ${name}: ${sizes.length} questions, ${answered} answered, longest ${Math.max(...sizes)} tokens`)
  })
})

const long = (n: number, length: number) => hostile(n, length).replace(/\p{Cc}/gu, ' ')
const wide = { any: Array.from({ length: 45 }, (_, n) => ({ attribute: 'loyalty_tier', op: 'in', value: Array.from({ length: 15 }, (_, m) => long(n + m, 150)) })) }

/** What makes the answers of those that propose longest; nothing is made. */
const proposals: Record<string, Arguments> = {
  create_target_group_draft: { name: long(1, 190), tree: wide, exclusions: ['fjell_offers'] },
  create_campaign_draft: {
    name: long(2, 190),
    channel: 'Email',
    audience: wide,
    subject: long(3, 900),
    preheader: long(4, 900),
    content: long(5, 1000).repeat(150),
    variants: Array.from({ length: 20 }, (_, n) => ({ name: long(n, 90) + n, subject: long(n, 900) })),
    tags: Array.from({ length: 20 }, (_, n) => long(n, 90)),
  },
  create_trigger_draft: {
    name: long(6, 190),
    event: long(7, 190),
    where: Array.from({ length: 20 }, (_, n) => ({ field: 'amount', op: 'is', value: long(n, 490) })),
    audience: wide,
  },
  create_stream_draft: {
    name: long(8, 190),
    campaigns: Array.from({ length: 50 }, (_, n) => ({ campaign: `bulk-${n}`, treatment: long(n, 190), condition: { all: [wide.any[0], wide.any[1]] } })),
  },
}

test('every tool that proposes is asked here', () => {
  expect(Object.keys(proposals).sort()).toEqual(described.filter(({ effect }) => effect === 'draft').map(({ name }) => name))
})

describe('the largest proposals', () => {
  test.each(Object.entries(proposals))('%s', async (name, given) => {
    const answer = await call(name, { ...given, validateOnly: true })
    expect(answer.isError, textOf(answer).slice(0, 500)).toBeFalsy()
    expect(longer(answer)).toBeLessThanOrEqual(most)
    console.log(`caps: ${name}: ${longer(answer)} tokens`)
  })
})

test('the answer of a job is as long as any may be, with what job_status says around it', async () => {
  const { db } = app.stores
  const principal = dashboardPrincipal(app.people.owner.id, (await listAccess(db, app.people.owner.id, 'acme'))[0]!)
  const asked = { ...longest(), timeline: 'month', limit: 200 }
  const { structured, text } = await app.pipeline.perform({
    tool: 'campaign_report',
    arguments: asked,
    several: false,
    principal,
    signal: new AbortController().signal,
    progress: () => {},
  })
  const request = {
    tool: 'campaign_report',
    toolset: 'reports',
    title: 'Campaign report',
    needs: ['read:mcp', 'read:reports'],
    arguments: asked,
    several: false,
    scopes: ['read:mcp', 'read:reports'],
  }
  const row = {
    id: 'job_report',
    account_id: app.accounts.acme.id,
    type: 'report',
    title: 'Campaign report',
    user_id: app.people.owner.id,
    client_id: 'dashboard',
    state: 'completed',
  }
  const result = { structured, text, eyes: { organizations: principal.organizations, brands: principal.brands } }
  const later = new Date(Date.now() + 3_600_000).toISOString()
  await db
    .insertInto('jobs')
    .values({ ...row, request: JSON.stringify(request), result: JSON.stringify(result), expires_at: later })
    .execute()
  const answer = await call('job_status', { id: 'job_report' })
  expect(answer.structuredContent?.result, textOf(answer).slice(0, 300)).toEqual(structured)
  expect(longer(answer)).toBeGreaterThan(20_000)
  expect(longer(answer)).toBeLessThanOrEqual(most)
})

interface Coverage {
  /** Of pages that say where they begin. */
  readonly from?: number
  readonly shown: number
  readonly of: number
}

/** What a list leaves out is said in both forms, and a cursor leads to it. */
function expectSaid(answer: ToolAnswer, shown: string): void {
  const coverage = answer.structuredContent?.coverage as Coverage | undefined
  if (!coverage) return
  if (coverage.shown >= coverage.of) return
  const { nextCursor } = answer.structuredContent as { nextCursor?: string | null }
  if (nextCursor === undefined) expect(textOf(answer), shown).toMatch(/list_entities|narrow|filter/i)
  else expect(typeof nextCursor, `${shown}: ${JSON.stringify(coverage)}`).toBe('string')
  expect(textOf(answer).replaceAll(',', ''), shown).toMatch(new RegExp(`\\b${coverage.of}\\b`))
}

test('without a limit a list keeps to the usual 6,000 tokens, unless one row alone needs more', async () => {
  for (const { tool } of tools.filter(({ tool }) => tool.list)) {
    const [given] = await givenTo(tool.name)
    const answer = await call(tool.name, given)
    expect(answer.isError, `${tool.name}: ${textOf(answer)}`).toBeFalsy()
    const { shown } = field<Coverage>(answer, 'coverage')
    if (shown > 1) expect(longer(answer), tool.name).toBeLessThanOrEqual(6_000)
  }
})

/** What names a row among those of its list; the array is the one that has as many members as the coverage says. */
function rowIds(answer: ToolAnswer): string[] {
  const { coverage, columns, ...rest } = answer.structuredContent as { coverage: Coverage; columns?: string[] }
  const found = Object.values(rest).find((value) => Array.isArray(value) && value.length === coverage.shown) as unknown[] | undefined
  if (!found) throw new Error(`No list of ${coverage.shown} in ${Object.keys(rest).join(', ')}`)
  const id = columns?.indexOf('id') ?? -1
  return found.map((row) => JSON.stringify(Array.isArray(row) && id >= 0 ? row[id] : ((row as { id?: unknown }).id ?? row)))
}

/** All pages of a list, largest first question. */
async function walk(name: string, question: Arguments): Promise<{ ids: string[]; shown: number; of: number; pages: number }> {
  const ids: string[] = []
  let shown = 0
  let pages = 0
  let of = 0
  for (let cursor: string | null | undefined; cursor !== null && pages < 2_000; pages++) {
    const answer = await ask(name, cursor === undefined ? question : { ...question, cursor })
    expect(answer.isError, `${name}: ${textOf(answer).slice(0, 500)}`).toBeFalsy()
    expect(longer(answer), `${name}, page ${pages}`).toBeLessThanOrEqual(most)
    const content = answer.structuredContent as { coverage: Coverage; nextCursor: string | null; text?: string }
    const { coverage } = content
    of = coverage.of
    // Pages of a text follow one another without a gap; addresses in it are taken out of what is shown.
    if (content.text !== undefined && coverage.from !== undefined) expect(coverage.from, `${name}, page ${pages}`).toBe(shown + 1)
    if (content.text !== undefined && !content.text.includes('[address removed]')) expect(content.text.length, `${name}, page ${pages}`).toBe(coverage.shown)
    if (content.text === undefined) ids.push(...rowIds(answer))
    shown += coverage.shown
    cursor = content.nextCursor
  }
  return { ids, shown, of, pages }
}

const paged = reading.filter((name) => propertiesOf(name).cursor)

describe('pages to the end, nothing lost and nothing twice', () => {
  test.each(paged)('%s', async (name) => {
    for (const given of await givenTo(name)) {
      const known = Object.fromEntries(Object.entries(longest()).filter(([argument]) => propertiesOf(name)[argument] && argument.endsWith('Date')))
      const base = { ...known, ...given }
      const limit = largestLimit(name, base)
      const { ids, shown, of, pages } = await walk(name, limit === undefined ? base : { ...base, limit })
      expect(new Set(ids).size, `${name}: a row twice`).toBe(ids.length)
      expect(shown, `${name}: ${pages} pages`).toBe(of)
      const wanted = expected[name]?.(given)
      if (wanted !== undefined) expect(of, name).toBeGreaterThanOrEqual(wanted)
      console.log(`caps: ${name}: ${of} in ${pages} pages`)
    }
  })
})

/** How much there is at least, by what was put in. */
const expected: Record<string, (given: Arguments) => number> = {
  campaign_report: () => bulk.campaigns,
  list_jobs: () => bulk.jobs,
  list_execution_errors: () => bulk.errors * 2,
  pipeline_status: () => bulk.sources,
  list_user_organizations: () => bulkClients.organizations,
  list_organization_campaigns: () => bulk.campaigns,
  get_organization_campaign_performance: () => bulk.campaigns,
  get_organization_campaign_optin_breakdown: () => bulk.campaigns,
  list_organization_webapps: () => bulkClients.webapps,
  list_organization_content: () => bulkClients.looks,
  list_organization_branding: () => bulkClients.looks,
  list_organization_theme_sets: () => bulkClients.looks,
  get_client_invoice_statements: () => bulkClients.invoices,
  list_product_catalog: () => bulkClients.products,
  list_entities: ({ type }) => ({ campaign: bulk.campaigns, segment: bulk.segments, folder: bulk.folders })[type as 'campaign' | 'segment' | 'folder'],
}
