/** A campaign that a tool made is switched on by a person in the dashboard, once, with what was made for it; by nobody else, and no other way. */
import { beforeAll, describe, expect, test } from 'vitest'
import { tools } from '../../src/catalog/tools/index.gen.ts'
import { tokenScopes, toolsetNames } from '../../src/core/access.ts'
import { addMember, createUser, dashboardPrincipal, listAccess, updateSettings } from '../../src/domain/accounts/index.ts'
import { upsertEntities } from '../../src/domain/entities/index.ts'
import { password, textOf } from '../app.ts'
import { callAs } from '../call.ts'
import { type Dashboard, openDashboard } from '../clients/dashboard.ts'
import { sharedApp } from '../shared.ts'
import { clients } from './world.ts'

const app = sharedApp()
const scope = tokenScopes.join(' ')
let owner: Dashboard
beforeAll(async () => {
  const { id } = app.accounts.acme
  expect((await upsertEntities(app.stores.db, id, clients)).rejected).toEqual([])
  await updateSettings(app.stores.db, id, { toolsets: [...toolsetNames] })
  owner = await openDashboard(app.origin, app.people.owner)
})

let number = 0
/** As an assistant makes it. */
async function made(products: readonly string[] = ['summer_book'], more: object = {}): Promise<{ id: string; all: string[] }> {
  const created = await callAs(
    app,
    'owner',
    'create_campaign',
    { organizationId: 'empty', name: `Gift ${++number}`, countries: ['DE'], webapp: { mode: 'create' }, ...more },
    { scope },
  )
  expect(created.isError, textOf(created)).toBeFalsy()
  const rows = (created.structuredContent as { created: { id: string }[] }).created.map(({ id }) => id)
  const [id = ''] = rows
  if (products.length) expect((await callAs(app, 'owner', 'campaign_product_setup', { campaignId: id, products }, { scope })).isError).toBeFalsy()
  return { id, all: rows }
}
const statusesOf = async (ids: readonly string[]) =>
  (
    await app.stores.db
      .selectFrom('entities')
      .select('status')
      .where('id', 'in', [...ids])
      .execute()
  ).map(({ status }) => status)
const asked = (campaign: string) => ({ account: 'acme', campaign })

test('a person switches it on: campaign, webapp, branding and content are active, and it stands in the audit log', async () => {
  const { id, all } = await made()
  expect(await statusesOf(all)).toEqual(['draft', 'draft', 'draft', 'draft'])
  expect(await owner.ok('organizations/switchOn', asked(id))).toMatchObject({
    campaign: id,
    status: 'active',
    parts: [{ type: 'webapp' }, { type: 'branding' }, { type: 'content_profile' }],
  })
  expect(await statusesOf(all)).toEqual(['active', 'active', 'active', 'active'])
  const [event] = await app.stores.db.selectFrom('audit').selectAll().where('tool', '=', 'campaign.switched_on').orderBy('id', 'desc').limit(1).execute()
  expect(event).toMatchObject({ user_id: app.people.owner.id, client_id: 'dashboard', effect: 'access', input: { campaign: id, from: 'draft', to: 'active' } })
  const status = await callAs(app, 'owner', 'get_organization_onboarding_status', { organizationId: 'empty' }, { scope })
  expect(status.structuredContent).toMatchObject({ done: 4, of: 4, nextStep: null })
  // What is on, no tool touches any more.
  const setup = await callAs(app, 'owner', 'campaign_product_setup', { campaignId: id, products: ['wall_cal'] }, { scope })
  expect(textOf(setup)).toMatch(/is active: only drafts/)
  expect(await owner.refused('organizations/switchOn', asked(id))).toMatchObject({ status: 409, message: expect.stringContaining('is active') })
})

test('ten at once: one does it', async () => {
  const { id } = await made()
  const answers = await Promise.all(Array.from({ length: 10 }, () => owner.call('organizations/switchOn', asked(id))))
  expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 9 }, () => 409)])
})

describe('is refused', () => {
  test('without products, after its last day, for what a platform manages, and for what is not there', async () => {
    const refused = async (id: string) => await owner.refused('organizations/switchOn', asked(id))
    expect(await refused((await made([])).id)).toMatchObject({ status: 409, message: expect.stringContaining('no product yet') })
    expect(await refused((await made(['summer_book'], { endDate: '2020-01-31' })).id)).toMatchObject({ status: 409, message: expect.stringContaining('are over') })
    const [imported] = await app.stores.db.selectFrom('entities').select('id').where('key', '=', 'alpha_idle').execute()
    expect(await refused(imported?.id ?? '')).toMatchObject({ status: 409, message: expect.stringContaining('comes from your platform') })
    for (const id of ['cmp_nowhere', `org_${'x'.repeat(16)}`, "' OR 1=1"])
      expect(await refused(id)).toMatchObject({ status: 404, message: expect.stringContaining('Campaign not found') })
  })

  test('to whoever lacks approve:drafts, or sees another organization only', async () => {
    const { id, all } = await made()
    const analyst = await openDashboard(app.origin, app.people.analyst)
    expect(await analyst.refused('organizations/switchOn', asked(id))).toMatchObject({ status: 403, message: expect.stringContaining('Missing required scopes: approve:drafts') })
    const { db } = app.stores
    const user = await createUser(db, { email: 'beta@example.com', name: 'Beta', password })
    const [beta] = await db.selectFrom('organizations').select('id').where('key', '=', 'beta').execute()
    await addMember(db, app.accounts.acme.id, user.id, { role: 'account_manager', organizations: [beta?.id ?? ''] })
    const other = await openDashboard(app.origin, { email: 'beta@example.com', password })
    expect(await other.refused('organizations/switchOn', asked(id))).toMatchObject({ status: 404 })
    expect(await statusesOf(all)).toEqual(['draft', 'draft', 'draft', 'draft'])
  })

  test('to every app, whatever scopes it would hold; and no tool of the catalog does it', async () => {
    const { id, all } = await made()
    const [access] = await listAccess(app.stores.db, app.people.owner.id, 'acme')
    const person = dashboardPrincipal(app.people.owner.id, access!)
    await expect(app.services({ ...person, clientId: 'some-app' }).organizations.switchOn(id)).rejects.toMatchObject({ code: 'not_allowed' })
    const before = await app.stores.db.selectFrom('entities').select(['id', 'status']).orderBy('id').execute()
    // Every tool, with the id of the draft wherever a text is taken.
    for (const { tool } of tools) {
      const given = Object.fromEntries(Object.keys(tool.input.shape).map((name) => [name, /ids$|products|metrics|types|statuses/i.test(name) ? [id] : id]))
      for (const args of [given, { ...given, status: 'active' }, { campaignId: id, products: ['wall_cal'], status: 'active' }, { entity: id, type: 'campaign' }])
        await callAs(app, 'owner', tool.name, args, { scope })
    }
    expect(await app.stores.db.selectFrom('entities').select(['id', 'status']).orderBy('id').execute()).toEqual(before)
    expect(await statusesOf(all)).toEqual(['draft', 'draft', 'draft', 'draft'])
  })
})
