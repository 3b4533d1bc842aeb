/** Both layers of scopes over all twenty tools: a token that lacks one is asked for all of the operation, a person who lacks one is told exactly which. */
import { beforeAll, describe, expect, test } from 'vitest'
import { noNarrowing } from '../../src/catalog/offer.ts'
import { tools } from '../../src/catalog/tools/index.gen.ts'
import { requiredScopes, type Scope, tokenScopes } from '../../src/core/access.ts'
import { dashboardPrincipal, listAccess, updateSettings } from '../../src/domain/accounts/index.ts'
import { upsertEntities } from '../../src/domain/entities/index.ts'
import { describeError } from '../../src/core/errors.ts'
import { askAs, callAs, codeOf } from '../call.ts'
import { messageOf, textOf } from '../app.ts'
import { sharedApp } from '../shared.ts'
import { bills, clients } from './world.ts'

const app = sharedApp()
beforeAll(async () => {
  const { db } = app.stores
  const { id } = app.accounts.acme
  const { rejected } = await upsertEntities(db, id, [...clients, ...bills('2026-11-20')])
  expect(rejected).toEqual([])
})

/** The names and layers of product.md, "Tools". */
const asDesigned: Record<string, Scope | undefined> = {
  user: undefined,
  list_user_organizations: 'manage:organization',
  list_organization_webapps: 'read:webapps',
  get_webapp_google_analytics_report: 'read:webapps',
  get_client_invoice_statements: 'read:billing',
  get_client_report: 'read:billing',
  list_product_catalog: undefined,
  get_organization_onboarding_status: undefined,
  list_organization_content: undefined,
  list_organization_branding: undefined,
  list_schemas: undefined,
  get_schema: undefined,
  list_organization_campaigns: 'read:campaigns',
  get_organization_campaign_performance: 'read:campaigns',
  get_campaign_daily_order_count: 'read:campaigns',
  get_organization_campaign_optin_breakdown: 'read:campaigns',
  list_organization_theme_sets: 'read:artwork',
  create_organization: 'manage:organization',
  create_campaign: 'create:campaigns',
  campaign_product_setup: 'create:campaigns',
}
const writing = ['create_organization', 'create_campaign', 'campaign_product_setup']
const given: Record<string, object> = {
  get_webapp_google_analytics_report: { webappId: 'alpha_app' },
  get_schema: { schemaName: 'campaign' },
  get_campaign_daily_order_count: { campaignId: 'alpha_summer' },
  create_organization: { name: 'Scoped client', validateOnly: true },
  create_campaign: { organizationId: 'alpha', name: 'Scoped', countries: ['DE'], webapp: { mode: 'create' }, validateOnly: true },
  campaign_product_setup: { campaignId: 'alpha_idle', products: ['wall_cal'], validateOnly: true },
}
const argumentsOf = (tool: string) => given[tool] ?? (/^(user|list_user|list_product|list_schemas)/.test(tool) ? {} : { organizationId: 'alpha' })
const names = Object.keys(asDesigned)
const neededBy = (tool: string) => requiredScopes(writing.includes(tool) ? 'write' : 'read', asDesigned[tool])

test('the toolset is exactly the twenty tools of the design, each with its effect and scope', () => {
  const toolset = tools.filter(({ toolset: name }) => name === 'organizations').map(({ tool }) => tool)
  expect(toolset.map(({ name }) => name).sort()).toEqual([...names].sort())
  for (const { name, scope, effect } of toolset) expect([scope, effect], name).toEqual([asDesigned[name], writing.includes(name) ? 'write' : 'read'])
})

test('an account with several organizations starts with organizations, knowledge and reports; user and job_status are always there', async () => {
  const token = await app.token('owner', 'c/acme', tokenScopes.join(' '))
  const list = async () => {
    const response = await app.post('/c/acme', { jsonrpc: '2.0', id: 1, method: 'tools/list' }, { authorization: `Bearer ${token}` })
    return ((await messageOf(response)).result?.tools ?? []).map(({ name }) => name)
  }
  const toolsetsOf = (listed: readonly string[]) => [...new Set(tools.filter(({ tool }) => listed.includes(tool.name)).map(({ toolset }) => toolset))].sort()
  const started = await list()
  expect(toolsetsOf(started.filter((name) => name !== 'job_status'))).toEqual(['knowledge', 'organizations', 'reports'])
  expect(started).toEqual(expect.arrayContaining(names))
  expect(started).toContain('job_status')
  await updateSettings(app.stores.db, app.accounts.acme.id, { toolsets: ['explorer'] })
  const chosen = await list()
  expect(chosen).toEqual(expect.arrayContaining(['user', 'job_status', 'list_entities']))
  expect(chosen.filter((name) => names.includes(name))).toEqual(['user'])
  await updateSettings(app.stores.db, app.accounts.acme.id, { toolsets: ['organizations'] })
})

describe.each(names)('%s', (tool) => {
  test('with all of its scopes it answers', async () => {
    const answer = await callAs(app, 'owner', tool, argumentsOf(tool), { scope: neededBy(tool).join(' ') })
    expect(answer.isError, textOf(answer)).toBeFalsy()
  })
  test.each(neededBy(tool))('a token without %s is asked for all scopes of the operation', async (lacking) => {
    const rest = neededBy(tool).filter((one) => one !== lacking)
    const scope = (rest.length ? rest : ['read:health']).join(' ')
    const response = await askAs(app, 'owner', tool, argumentsOf(tool), { scope })
    expect(response.status).toBe(403)
    expect(response.headers.get('www-authenticate')).toContain('error="insufficient_scope"')
    // At the gate, before the tool is looked at, what is carried is asked for again with read:mcp.
    const asked = /scope="([^"]*)"/.exec(response.headers.get('www-authenticate') ?? '')?.[1]?.split(' ')
    expect(new Set(asked)).toEqual(new Set([...neededBy(tool), ...(rest.length ? [] : ['read:health'])]))
  })
  test.each(neededBy(tool))('a person without %s is told exactly that', async (lacking) => {
    const [access] = await listAccess(app.stores.db, app.people.owner.id, 'acme')
    const scopes = new Set([...access!.scopes].filter((one) => one !== lacking))
    const principal = { ...dashboardPrincipal(app.people.owner.id, access!), scopes, grantable: scopes }
    const outcome = await app.pipeline.call({ name: tool, arguments: argumentsOf(tool), principals: [principal], narrowing: noNarrowing })
    expect(outcome.ok).toBe(false)
    if (!outcome.ok) {
      expect(outcome.error).toMatchObject({ code: 'missing_scopes', details: { scopes: [lacking] } })
      expect(describeError(outcome.error)).toMatch(new RegExp(`^Missing required scopes: ${lacking}\\.`))
    }
  })
})

test('the services refuse by themselves what the domain scope is lacking for: a tool cannot forget it', async () => {
  const [access] = await listAccess(app.stores.db, app.people.owner.id, 'acme')
  for (const [tool, scope] of Object.entries(asDesigned)) {
    if (!scope) continue
    const scopes = new Set([...access!.scopes].filter((one) => one !== scope))
    const principal = { ...dashboardPrincipal(app.people.owner.id, access!), scopes, grantable: scopes }
    const entry = tools.find((one) => one.tool.name === tool)!
    const ctx = { ...app.services(principal), principal, signal: new AbortController().signal, progress: () => {} }
    await expect((async () => await entry.tool.run({ input: entry.tool.input.parse(argumentsOf(tool)), ctx }))(), tool).rejects.toMatchObject({
      code: 'missing_scopes',
      details: { scopes: [scope] },
    })
  }
})

test('writes stand in the audit log with what was asked and made; a read-only connection has none of them', async () => {
  const made = await callAs(app, 'owner', 'create_organization', { name: 'Audited client', idempotencyKey: 'audited-1' }, { scope: 'read:mcp write:mcp manage:organization' })
  const { id } = (made.structuredContent as { organization: { id: string } }).organization
  const [entry] = await app.stores.db.selectFrom('audit').selectAll().where('tool', '=', 'create_organization').where('outcome', '=', 'ok').orderBy('id', 'desc').limit(1).execute()
  expect(entry).toMatchObject({ effect: 'write', user_id: app.people.owner.id, input: { name: 'Audited client' }, result: { organization: { id } } })
  const refused = await callAs(app, 'owner', 'create_organization', { name: 'No' }, { path: '/c/acme?read_only=1', scope: 'read:mcp write:mcp manage:organization' })
  expect(codeOf(refused)).toBe('read_only')
})
