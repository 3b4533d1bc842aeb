/** A draft that a tool made is edited, discussed and decided on by people in the dashboard, once, on the version they saw; by nobody else, and no other way. */
import { beforeAll, describe, expect, test } from 'vitest'
import { tools } from '../../src/catalog/tools/index.gen.ts'
import { tokenScopes, toolsetNames } from '../../src/core/access.ts'
import { addMember, createUser, dashboardPrincipal, listAccess, updateSettings } from '../../src/domain/accounts/index.ts'
import { expireDrafts, startScheduled } from '../../src/domain/drafts/index.ts'
import { upsertEntities } from '../../src/domain/entities/index.ts'
import { password, textOf } from '../app.ts'
import { callAs } from '../call.ts'
import { type Dashboard, openDashboard } from '../clients/dashboard.ts'
import { sharedApp } from '../shared.ts'
import { clients } from '../organizations/world.ts'

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
// biome-ignore lint/suspicious/noExplicitAny: answers of the API, looked into by name
type Answer = any
const account = 'acme'
const approve = (id: string, more: object = {}) => ({ account, id, revision: 2, start: 'now', ...more })
const one = async (id: string) => await owner.ok<Answer>('drafts/one', { account, id })
const audited = async (event: string) => (await app.stores.db.selectFrom('audit').selectAll().where('tool', '=', event).orderBy('id', 'desc').limit(1).execute())[0]

test('it waits in the inbox with who proposed it, by which app and call; approved, it is active with what was made for it, and the audit log says so', async () => {
  const { id, all } = await made()
  expect(await statusesOf(all)).toEqual(['draft', 'draft', 'draft', 'draft'])
  const inbox = await owner.ok<Answer>('drafts/list', { account, state: 'open' })
  expect(inbox).toMatchObject({ mayDecide: true, open: { campaign: expect.any(Number) } })
  // The call that chose its products made its second version.
  expect(inbox.drafts[0]).toMatchObject({ id, type: 'campaign', status: 'draft', proposedBy: 'owner', tool: 'create_campaign', revision: 2, decision: null })
  expect(inbox.drafts[0].app).not.toBe('Dashboard')
  expect((await one(id)).edited).toEqual([{ path: 'definition.products', before: '[]', after: '["summer_book"]' }])
  expect((await one(id)).readiness).toMatchObject({ blockers: [], parts: [{ type: 'webapp' }, { type: 'branding' }, { type: 'content_profile' }], startsAt: null })
  expect(await owner.ok('drafts/approve', approve(id))).toMatchObject({ id, status: 'active', parts: [{ type: 'webapp' }, { type: 'branding' }, { type: 'content_profile' }] })
  expect(await statusesOf(all)).toEqual(['active', 'active', 'active', 'active'])
  expect(await audited('draft.approved')).toMatchObject({ user_id: app.people.owner.id, client_id: 'dashboard', effect: 'access', input: { id, from: 'draft', to: 'active' } })
  expect(await one(id)).toMatchObject({
    draft: { decision: 'approved', decidedBy: 'owner' },
    may: { edit: false, decide: false, steps: [{ to: 'paused' }, { to: 'completed' }, { to: 'stopped' }] },
  })
  const status = await callAs(app, 'owner', 'get_organization_onboarding_status', { organizationId: 'empty' }, { scope })
  expect(status.structuredContent).toMatchObject({ done: 4, of: 4, nextStep: null })
  // What is on, no tool touches any more.
  const setup = await callAs(app, 'owner', 'campaign_product_setup', { campaignId: id, products: ['wall_cal'] }, { scope })
  expect(textOf(setup)).toMatch(/is active: only drafts/)
  expect(await owner.refused('drafts/approve', approve(id))).toMatchObject({ status: 409, message: expect.stringContaining('it was approved already') })
})

test('ten at once: one does it', async () => {
  const { id } = await made()
  const answers = await Promise.all(Array.from({ length: 10 }, () => owner.call('drafts/approve', approve(id))))
  expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 9 }, () => 409)])
})

test('of an edit and an approval at once, whichever comes second is told; nobody approves what they did not see', async () => {
  for (let round = 0; round < 10; round++) {
    const { id } = await made()
    const [edited, approved] = await Promise.all([
      owner.call('drafts/edit', { account, id, revision: 2, name: `Edited ${round} ${id}` }),
      owner.call('drafts/approve', approve(id)),
    ])
    expect([edited.status, approved.status].sort()).toEqual([200, 409])
    const { draft, now } = await one(id)
    if (approved.status === 200) expect([draft.status, now.name]).toEqual(['active', `Gift ${number}`])
    else expect([draft.status, now.name, draft.revision]).toEqual(['draft', `Edited ${round} ${id}`, 3])
  }
  // A tool that adds products makes another version too.
  const { id } = await made()
  await callAs(app, 'owner', 'campaign_product_setup', { campaignId: id, products: ['wall_cal'] }, { scope })
  expect(await owner.refused('drafts/approve', approve(id))).toMatchObject({ status: 409, message: expect.stringContaining('you saw version 2, it is version 3 now') })
})

describe('an edit', () => {
  test('shows what changes, is checked by the schema of its type, and is kept with who made it', async () => {
    const { id } = await made()
    const change = { definition: { countries: ['DE', 'AT'], template: { subject: 'Hello' } }, startsAt: '2031-01-01T00:00:00Z' }
    const expected = [
      { path: 'definition.countries', before: '["DE"]', after: '["DE","AT"]' },
      { path: 'definition.template', before: null, after: '{"subject":"Hello"}' },
      { path: 'startsAt', before: null, after: '2031-01-01T00:00:00.000Z' },
    ]
    expect(await owner.ok('drafts/review', { account, id, ...change })).toMatchObject({ changes: expected })
    expect((await one(id)).draft.revision).toBe(2)
    expect(await owner.ok('drafts/edit', { account, id, revision: 2, ...change })).toEqual({ revision: 3, changes: expected })
    expect((await one(id)).notes).toMatchObject([{ kind: 'edit', by: 'owner', changes: expected }])
    expect(await audited('draft.edited')).toMatchObject({ user_id: app.people.owner.id, input: { id, changes: ['definition.countries', 'definition.template', 'startsAt'] } })
    // A whole mail is edited like a line; what is larger than any is refused.
    const mail = (length: number) => ({ definition: { template: { subject: 'Hello', content: 'ß'.repeat(length) } } })
    expect(await owner.ok('drafts/edit', { account, id, revision: 3, ...mail(400_000) })).toMatchObject({ revision: 4 })
    expect(await owner.refused('drafts/edit', { account, id, revision: 4, ...mail(1_200_000) })).toMatchObject({ status: 413 })
    // Null takes a field away; nothing to change makes no version.
    expect(await owner.ok('drafts/edit', { account, id, revision: 4, definition: { template: null } })).toMatchObject({ revision: 5 })
    expect(await owner.ok('drafts/edit', { account, id, revision: 5, definition: { countries: ['DE', 'AT'] } })).toEqual({ revision: 5, changes: [] })
  })

  test('is refused for what its type does not allow, for a name that is taken, an old version, and what was decided', async () => {
    const { id } = await made()
    const refused = async (more: object) => await owner.refused('drafts/edit', { account, id, revision: 2, ...more })
    expect(await refused({ definition: { countries: ['Germany'] } })).toMatchObject({ status: 400, argument: 'definition.countries.0' })
    expect(await refused({ definition: { status: 'active' } })).toMatchObject({ status: 400 })
    expect(await refused({ status: 'active' })).toMatchObject({ status: 400 })
    for (const startsAt of ['0000-01-01T00:00:00Z', '9999-12-31T23:59:59Z', 'tomorrow', '2031-02-30T00:00:00Z'])
      expect(await refused({ startsAt })).toMatchObject({ status: 400, argument: 'startsAt' })
    expect(await refused({ channel: 'Fax' })).toMatchObject({ status: 400, argument: 'channel' })
    expect(await refused({ startsAt: '2031-02-01T00:00:00Z', endsAt: '2031-01-01T00:00:00Z' })).toMatchObject({ status: 400, argument: 'endsAt' })
    expect(await refused({ name: `GIFT ${number - 1}` })).toMatchObject({ status: 409, argument: 'name' })
    expect(await refused({ name: 'x', revision: 1 })).toMatchObject({ status: 409, message: expect.stringContaining('version 2 now') })
    expect((await one(id)).draft.revision).toBe(2)
    await owner.ok('drafts/reject', { account, id, revision: 2, reason: 'Too early' })
    expect(await refused({ name: 'x' })).toMatchObject({ status: 409, message: expect.stringContaining('it was rejected already') })
  })
})

test('comments are kept in order with their authors; a rejection archives it with its reason', async () => {
  const { id, all } = await made()
  const marketer = await openDashboard(app.origin, app.people.marketer)
  await marketer.ok('drafts/comment', { account, id, text: 'Is <b>this</b> the right book?' })
  await owner.ok('drafts/comment', { account, id, text: 'No.' })
  expect(await marketer.ok('drafts/reject', { account, id, revision: 2, reason: 'The wrong book' })).toEqual({ id, status: 'archived' })
  const { draft, notes } = await one(id)
  expect(draft).toMatchObject({ status: 'archived', decision: 'rejected', decidedBy: 'marketer', reason: 'The wrong book' })
  expect(notes.map(({ kind, by, text }: Answer) => [kind, by, text])).toEqual([
    ['comment', 'marketer', 'Is <b>this</b> the right book?'],
    ['comment', 'owner', 'No.'],
    ['step', 'marketer', 'rejected: The wrong book'],
  ])
  expect((await statusesOf(all)).sort()).toEqual(['archived', 'draft', 'draft', 'draft'])
  expect(await audited('draft.rejected')).toMatchObject({ user_id: app.people.marketer.id, input: { id, reason: 'The wrong book' } })
  const decided = await owner.ok<Answer>('drafts/list', { account, state: 'decided' })
  expect(decided.drafts[0]).toMatchObject({ id, decision: 'rejected' })
  expect(await owner.refused('drafts/approve', approve(id))).toMatchObject({ status: 409 })
})

test('scheduled, it starts when its time has come; taken back before, it waits for a decision again', async () => {
  const clock = (at: string) => ({ db: app.stores.db, clock: () => new Date(at) })
  const { signal } = new AbortController()
  const { id } = await made(['summer_book'], { startDate: '2031-03-01' })
  expect((await one(id)).readiness.startsAt).toBe('2031-02-28T23:00:00.000Z')
  expect(await owner.ok('drafts/approve', approve(id, { start: 'scheduled' }))).toMatchObject({ status: 'scheduled' })
  expect(await owner.ok('drafts/changeStatus', { account, id, from: 'scheduled', to: 'draft' })).toEqual({ status: 'draft' })
  expect((await one(id)).draft).toMatchObject({ status: 'draft', decision: null })
  await owner.ok('drafts/approve', approve(id, { start: 'scheduled' }))
  await startScheduled(clock('2031-02-28T22:59:59Z'), signal)
  expect(await statusesOf([id])).toEqual(['scheduled'])
  await startScheduled(clock('2031-02-28T23:00:00Z'), signal)
  expect(await statusesOf([id])).toEqual(['active'])
  expect(await audited('entity.started')).toMatchObject({ user_id: null, client_id: 'clock', input: { id, from: 'scheduled', to: 'active' } })
  for (const [from, to] of [
    ['active', 'paused'],
    ['paused', 'active'],
    ['active', 'stopped'],
    ['stopped', 'archived'],
  ])
    await owner.ok('drafts/changeStatus', { account, id, from, to })
  expect(await owner.refused('drafts/changeStatus', { account, id, from: 'archived', to: 'active' })).toMatchObject({ status: 409 })
  // Times that the store would not read are read by code, and keep nobody else from starting.
  const { id: odd } = await made()
  await owner.ok('drafts/edit', { account, id: odd, revision: 2, definition: { schedule: { sendAt: '2041-01-01T00:00:00+23:00' } } })
  await owner.ok('drafts/approve', { account, id: odd, revision: 3, start: 'scheduled' })
  await startScheduled(clock('2040-12-31T00:59:59Z'), signal)
  expect(await statusesOf([odd])).toEqual(['scheduled'])
  await startScheduled(clock('2040-12-31T01:00:00Z'), signal)
  expect(await statusesOf([odd])).toEqual(['active'])
  // No time to come: it cannot wait for one.
  const { id: open } = await made()
  expect(await owner.refused('drafts/approve', approve(open, { start: 'scheduled' }))).toMatchObject({ status: 409, argument: 'start' })
  // A draft is decided on, not moved.
  for (const to of ['active', 'scheduled', 'archived']) expect(await owner.refused('drafts/changeStatus', { account, id: open, from: 'draft', to })).toMatchObject({ status: 409 })
})

test('nobody decided for 30 days: it expires, and says so', async () => {
  const { id } = await made()
  const later = (days: number) => ({ db: app.stores.db, clock: () => new Date(Date.now() + days * 86_400_000) })
  const { signal } = new AbortController()
  await expireDrafts(later(29.9), signal)
  expect(await statusesOf([id])).toEqual(['draft'])
  await expireDrafts(later(30.1), signal)
  expect((await one(id)).draft).toMatchObject({ status: 'archived', decision: 'expired', decidedBy: null })
  expect(await audited('draft.expired')).toMatchObject({ user_id: null, client_id: 'clock' })
})

describe('is refused', () => {
  test('without products, after its last day, for what a platform manages, and for what is not there', async () => {
    const refused = async (id: string, revision = 2) => await owner.refused('drafts/approve', approve(id, { revision }))
    expect(await refused((await made([])).id, 1)).toMatchObject({ status: 409, message: expect.stringContaining('no product yet') })
    expect(await refused((await made(['summer_book'], { endDate: '2020-01-31' })).id)).toMatchObject({ status: 409, message: expect.stringContaining('are over') })
    const [imported] = await app.stores.db.selectFrom('entities').select('id').where('key', '=', 'alpha_idle').execute()
    for (const id of [imported?.id ?? '', 'cmp_nowhere', `org_${'x'.repeat(16)}`, "' OR 1=1"])
      expect(await refused(id)).toMatchObject({ status: 404, message: expect.stringContaining('There is no such draft') })
  })

  test('to whoever lacks approve:drafts, or sees another organization only', async () => {
    const { id, all } = await made()
    const analyst = await openDashboard(app.origin, app.people.analyst)
    expect(await analyst.refused('drafts/approve', approve(id))).toMatchObject({ status: 403, message: expect.stringContaining('Missing required scopes: approve:drafts') })
    const { db } = app.stores
    const user = await createUser(db, { email: 'beta@example.com', name: 'Beta', password })
    const [beta] = await db.selectFrom('organizations').select('id').where('key', '=', 'beta').execute()
    await addMember(db, app.accounts.acme.id, user.id, { role: 'account_manager', organizations: [beta?.id ?? ''] })
    const other = await openDashboard(app.origin, { email: 'beta@example.com', password })
    expect(await other.refused('drafts/approve', approve(id))).toMatchObject({ status: 404 })
    expect(await statusesOf(all)).toEqual(['draft', 'draft', 'draft', 'draft'])
  })

  test('where it names a draft that the person does not see: nobody decides on that by deciding on this', async () => {
    const draft = async (tool: string, args: object) => ((await callAs(app, 'owner', tool, args, { scope })).structuredContent as Answer).draft.id
    const group = await draft('create_target_group_draft', { name: 'Of another client', organizationId: 'empty', tree: { attribute: 'orders', op: '>=', value: 1 } })
    const campaign = await draft('create_campaign_draft', { name: 'For Beta', organizationId: 'beta', channel: 'Email', targetGroup: group })
    const beta = await openDashboard(app.origin, { email: 'beta@example.com', password })
    expect(await beta.refused('drafts/approve', approve(campaign, { revision: 1 }))).toMatchObject({ status: 409, message: expect.stringContaining('a draft that you cannot see') })
    expect(await statusesOf([campaign, group])).toEqual(['draft', 'draft'])
    // What is decided on by itself comes first, by its name where that is theirs to see.
    const stream = await draft('create_stream_draft', { name: 'Of Beta', organizationId: 'beta', campaigns: [{ campaign }, { campaign: (await made()).id }] })
    expect(await owner.refused('drafts/approve', approve(stream, { revision: 1 }))).toMatchObject({
      status: 409,
      message: expect.stringMatching(/campaign "For Beta" that it names is a draft itself.*"Gift/),
    })
    const refused = await beta.refused('drafts/approve', approve(stream, { revision: 1 }))
    expect(refused).toMatchObject({ status: 409, message: expect.stringMatching(/"For Beta" that it names.*a draft that you cannot see/) })
    expect(refused.message).not.toContain('Gift')
    expect(await owner.ok('drafts/approve', approve(campaign, { revision: 1 }))).toMatchObject({ parts: [{ id: group }] })
  })

  test('to every app, whatever scopes it would hold; and no tool of the catalog does it', async () => {
    const { id, all } = await made()
    const [access] = await listAccess(app.stores.db, app.people.owner.id, 'acme')
    const person = dashboardPrincipal(app.people.owner.id, access!)
    await expect(app.services({ ...person, clientId: 'some-app' }).drafts.approve({ id, revision: 2, start: 'now' })).rejects.toMatchObject({ code: 'not_allowed' })
    const { drafts } = app.services({ ...person, clientId: 'some-app' })
    await expect(drafts.reject({ id, revision: 2, reason: 'no' })).rejects.toMatchObject({ code: 'not_allowed' })
    await expect(drafts.edit({ id, revision: 2, name: 'x' })).rejects.toMatchObject({ code: 'not_allowed' })
    await expect(drafts.comment(id, 'x')).rejects.toMatchObject({ code: 'not_allowed' })
    await expect(drafts.changeStatus({ id, from: 'draft', to: 'active' })).rejects.toMatchObject({ code: 'not_allowed' })
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
