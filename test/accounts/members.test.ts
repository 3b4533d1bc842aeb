/** Members at the dashboard, driven from outside: who may do what to whom, and that it acts on the next call. */
import { describe, expect, test } from 'vitest'
import { tokenScopes } from '../../src/core/access.ts'
import { type Access, dashboardPrincipal, listAccess } from '../../src/domain/accounts/index.ts'
import type { MembersList } from '../../src/domain/administration/index.ts'
import { messageOf } from '../app.ts'
import { sharedApp } from '../shared.ts'
import { connect } from '../clients/oauth.ts'
import { at, bearer, lastEvent, memberships, newPerson } from './support.ts'

const app = sharedApp()

const owner = () => at(app, app.people.owner)
const listTools = async (token: string) => await app.post('/c/acme', { jsonrpc: '2.0', id: 1, method: 'tools/list' }, bearer(token))

describe('the list', () => {
  test('has members, roles, scopes, and what the person may do', async () => {
    const list = await (await owner()).ok<MembersList>('members/list', { account: 'acme' })
    expect(list.members.map(({ email }) => email)).toContain('analyst@example.com')
    expect(list.members[0]).toMatchObject({ role: 'analyst', scopesAdded: [], disabled: false, source: 'manual' })
    expect(list.roles).toHaveLength(6)
    expect(list.scopes).toContainEqual({ scope: 'read:audit', words: 'Read the audit log', dashboardOnly: true })
    expect(list.may).toEqual({ manage: true, makeOwners: true })
    expect(JSON.stringify(list)).not.toMatch(/token|hash|password/i)
  })

  test('needs manage:members; what is missing is named', async () => {
    const analyst = await at(app, app.people.analyst)
    for (const [endpoint, input] of [
      ['list', {}],
      ['invite', { email: 'new@example.com', role: 'analyst' }],
      ['withdraw', { id: 'lnk_1' }],
      ['change', { userId: app.people.reader.id, role: 'owner' }],
      ['change', { userId: app.people.analyst.id, role: 'owner' }],
      ['remove', { userId: app.people.reader.id }],
    ] as const) {
      expect(await analyst.refused(`members/${endpoint}`, { account: 'acme', ...input }), endpoint).toMatchObject({
        status: 403,
        code: 'missing_scopes',
        scopes: ['manage:members'],
      })
    }
    expect((await memberships(app, 'acme', app.people.analyst.id))?.role).toBe('analyst')
  })

  test('an owner of another account meets what an unknown account answers', async () => {
    const stranger = await at(app, app.people.stranger)
    for (const endpoint of ['list', 'invite', 'change', 'remove', 'withdraw']) {
      const input = { invite: { email: 'a@example.com', role: 'analyst' }, withdraw: { id: 'lnk_1' }, list: {} }[endpoint] ?? { userId: app.people.analyst.id }
      const foreign = await stranger.refused(`members/${endpoint}`, { account: 'acme', ...input })
      const unknown = await stranger.refused(`members/${endpoint}`, { account: 'acne', ...input })
      expect(foreign, endpoint).toMatchObject({ status: 404, code: 'not_found' })
      expect(JSON.stringify(foreign).replaceAll('acme', 'acne')).toBe(JSON.stringify(unknown))
    }
  })

  test('a member of another account cannot be touched through one’s own', async () => {
    const unknown = await (await owner()).refused('members/change', { account: 'acme', userId: 'usr_unknown', role: 'analyst' })
    expect(await (await owner()).refused('members/change', { account: 'acme', userId: app.people.stranger.id, role: 'analyst' })).toEqual(unknown)
    expect(await (await owner()).refused('members/remove', { account: 'acme', userId: app.people.stranger.id })).toMatchObject({ code: 'not_found' })
  })
})

describe('requests that are not the page’s own', () => {
  test.each([
    ['no token', { 'x-mercat-csrf': undefined }],
    ['a wrong token', { 'x-mercat-csrf': 'wrong' }],
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['another origin', { origin: 'https://evil.example' }],
  ])('%s: refused, nothing changed', async (_, headers) => {
    const refused = await (await owner()).refused('members/remove', { account: 'acme', userId: app.people.reader.id }, headers)
    expect(refused).toMatchObject({ status: 403, code: 'cross_site' })
    expect(await memberships(app, 'acme', app.people.reader.id)).toBeDefined()
  })

  test('the token of another person’s session does not serve', async () => {
    const other = await at(app, app.people.stranger)
    expect(await (await owner()).refused('members/remove', { account: 'acme', userId: app.people.reader.id }, { 'x-mercat-csrf': other.csrf })).toMatchObject({
      code: 'cross_site',
    })
  })

  test.each([
    ['an unknown field', { userId: 'usr_1', operator: true }],
    ['a list that is none', { userId: 'usr_1', brands: 'brd_1' }],
    ['a nested role', { userId: 'usr_1', role: { $ne: '' } }],
    ['a list without end', { userId: 'usr_1', scopesAdded: Array(1001).fill('read:mcp') }],
    ['nothing to change it to', { userId: 'usr_1', role: null }],
  ])('%s is refused', async (_, input) => {
    expect(await (await owner()).refused('members/change', { account: 'acme', ...input })).toMatchObject({ status: 400, code: 'invalid_arguments' })
  })
})

describe('text that no store takes', () => {
  test.each([
    ['members/list', { account: 'ac\0me' }],
    ['members/withdraw', { account: 'acme', id: 'lnk\0' }],
    ['members/invite', { account: 'acme', email: 'a\0@example.com', role: 'analyst' }],
    ['members/invite', { account: 'acme', email: 'a@example.com', role: 'analyst\0' }],
    ['members/invite', { account: 'acme', email: 'a@example.com', role: 'analyst', brands: ['\0'] }],
    ['members/change', { account: 'acme', userId: 'usr\0', role: 'analyst' }],
    ['members/remove', { account: 'acme', userId: '\ud800' }],
    ['settings/change', { account: 'acme', name: 'Acme \udfff' }],
    ['settings/change', '['.repeat(30_000)],
    ['settings/change', '['.repeat(30_000) + ']'.repeat(30_000)],
    ['settings/change', { account: 'acme', name: 'Ac\0me' }],
    ['settings/change', { account: 'acme', settings: { goals: [{ name: '\ud800', statuses: ['paid'] }] } }],
    ['settings/change', { account: 'acme', settings: { goals: [{ name: 'a\0', statuses: ['paid'] }] } }],
    ['settings/change', { account: 'acme', settings: { attribution: { excludedCampaigns: ['\0'] } } }],
  ])('%s of %j is no failure of ours', async (endpoint, input) => {
    expect([400, 404]).toContain((await (await owner()).refused(endpoint, input)).status)
  })
})

describe('a change', () => {
  test('acts on the next call, here and through assistants, and is audited with what was before', async () => {
    const person = await newPerson(app, { role: 'analyst' })
    const token = await tokenOf(person)
    expect(await toolsOf(token)).toContain('campaign_report')
    await (await owner()).ok('members/change', { account: 'acme', userId: person.id, scopesRemoved: ['read:reports'] })
    expect(await toolsOf(token)).not.toContain('campaign_report')
    await (await owner()).ok('members/change', { account: 'acme', userId: person.id, role: 'marketer', scopesRemoved: [], scopesAdded: ['read:audit'] })
    expect(await toolsOf(token)).toContain('campaign_report')
    expect(await memberships(app, 'acme', person.id)).toMatchObject({ role: 'marketer', scopes_added: ['read:audit'], scopes_removed: [] })
    expect(await lastEvent(app, 'acme', 'member.changed')).toEqual({
      user_id: app.people.owner.id,
      client_id: 'dashboard',
      effect: 'access',
      outcome: 'ok',
      input: {
        person: person.id,
        email: person.email,
        changes: { role: { from: 'analyst', to: 'marketer' }, scopesAdded: { from: [], to: ['read:audit'] }, scopesRemoved: { from: ['read:reports'], to: [] } },
      },
    })
  })

  test('names what does not exist, with the nearest', async () => {
    const userId = app.people.reader.id
    const refusals = [
      [{ role: 'analist' }, { nearest: ['analyst'] }],
      [{ scopesAdded: ['read:report'] }, { nearest: ['read:reports', 'read:artwork'] }],
      [{ brands: ['brd_nowhere'] }, { argument: 'brands', value: 'brd_nowhere' }],
      [{ organizations: ['org_nowhere'] }, { argument: 'organizations' }],
    ] as const
    await (await owner()).ok('members/change', { account: 'acme', userId, scopesAdded: Array(50).fill('read:mcp') })
    expect((await memberships(app, 'acme', userId))?.scopes_added).toEqual(['read:mcp'])
    for (const [change, details] of refusals)
      expect(await (await owner()).refused('members/change', { account: 'acme', userId, ...change })).toMatchObject({ code: 'unknown_value', ...details })
  })

  test('of oneself is refused, whoever one is', async () => {
    const operator = await newPerson(app, { operator: true, role: 'analyst' })
    for (const self of [{ ...app.people.owner }, operator]) {
      expect(await (await at(app, self)).refused('members/change', { account: 'acme', userId: self.id, role: 'read_only' })).toMatchObject({ code: 'not_allowed' })
    }
  })

  test('of a role that a group of the external provider gives says where to make it; scopes can be changed here', async () => {
    const person = await newPerson(app, { role: 'analyst' })
    await app.stores.db.updateTable('memberships').set({ source: 'directory' }).where('user_id', '=', person.id).execute()
    expect(await (await owner()).refused('members/change', { account: 'acme', userId: person.id, role: 'marketer' })).toMatchObject({ status: 409, argument: 'role' })
    await (await owner()).ok('members/change', { account: 'acme', userId: person.id, scopesAdded: ['read:billing'] })
    expect(await memberships(app, 'acme', person.id)).toMatchObject({ role: 'analyst', scopes_added: ['read:billing'] })
    // Owners are made by people, whoever gives the other roles.
    await (await owner()).ok('members/change', { account: 'acme', userId: person.id, role: 'owner' })
    await (await owner()).ok('members/change', { account: 'acme', userId: person.id, role: 'read_only' })
    // Access can be ended here and now; a later sign-in gives it again while the group does.
    await (await owner()).ok('members/remove', { account: 'acme', userId: person.id })
    expect(await memberships(app, 'acme', person.id)).toBeUndefined()
  })
})

describe('nobody gives what they do not hold', () => {
  test('neither a scope, nor a role with it, nor by taking a removal back', async () => {
    const manager = await newPerson(app, { role: 'account_manager', scopesRemoved: ['read:billing'] })
    const person = await newPerson(app, { role: 'analyst' })
    const narrowed = await newPerson(app, { role: 'customer_support', scopesRemoved: ['read:billing'] })
    const dashboard = await at(app, manager)
    for (const [userId, change] of [
      [person.id, { scopesAdded: ['read:billing'] }],
      [person.id, { role: 'customer_support' }],
      [person.id, { role: 'account_manager' }],
      [narrowed.id, { scopesRemoved: [] }],
    ] as const) {
      expect(await dashboard.refused('members/change', { account: 'acme', userId, ...change })).toMatchObject({ code: 'missing_scopes', scopes: ['read:billing'] })
    }
    expect(await dashboard.refused('members/invite', { account: 'acme', email: 'x@example.com', role: 'read_only' })).toMatchObject({ code: 'missing_scopes' })
    await dashboard.ok('members/change', { account: 'acme', userId: person.id, role: 'customer_support', scopesRemoved: ['read:billing'] })
    await dashboard.ok('members/invite', { account: 'acme', email: 'x@example.com', role: 'analyst' })
  })

  test('only an owner or an operator makes, changes or removes owners', async () => {
    const manager = await at(app, await newPerson(app, { role: 'account_manager' }))
    const second = await newPerson(app, { role: 'owner' })
    const person = await newPerson(app, { role: 'analyst' })
    for (const [endpoint, input] of [
      ['change', { userId: person.id, role: 'owner' }],
      ['change', { userId: second.id, role: 'analyst' }],
      ['change', { userId: second.id, scopesRemoved: ['manage:members'] }],
      ['remove', { userId: second.id }],
      ['invite', { email: 'boss@example.com', role: 'owner' }],
    ] as const) {
      expect(await manager.refused(`members/${endpoint}`, { account: 'acme', ...input })).toMatchObject({ status: 403, code: 'not_allowed' })
    }
    expect((await manager.ok<{ may: object }>('members/list', { account: 'acme' })).may).toEqual({ manage: true, makeOwners: false })
    await (await owner()).ok('members/change', { account: 'acme', userId: person.id, role: 'owner' })
    const operator = await at(app, await newPerson(app, { operator: true }))
    await operator.ok('members/change', { account: 'acme', userId: person.id, role: 'analyst' })
    await operator.ok('members/remove', { account: 'acme', userId: second.id })
  })

  test('who may no longer manage members cannot, from the next request on', async () => {
    const manager = await newPerson(app, { role: 'account_manager' })
    const dashboard = await at(app, manager)
    await dashboard.ok('members/list', { account: 'acme' })
    await (await owner()).ok('members/change', { account: 'acme', userId: manager.id, scopesRemoved: ['manage:members'] })
    expect(await dashboard.refused('members/list', { account: 'acme' })).toMatchObject({ code: 'missing_scopes' })
  })
})

describe('the last owner', () => {
  test('stays: neither removed, nor changed, nor left by themselves, nor robbed of what makes an owner', async () => {
    const operator = await at(app, await newPerson(app, { operator: true }))
    const stranger = await at(app, app.people.stranger)
    const userId = app.people.stranger.id
    for (const change of [{ role: 'account_manager' }, { scopesRemoved: ['manage:members'] }]) {
      expect(await operator.refused('members/change', { account: 'globex', userId, ...change })).toMatchObject({ status: 409, code: 'conflict' })
    }
    expect(await operator.refused('members/remove', { account: 'globex', userId })).toMatchObject({ code: 'conflict', hint: expect.stringContaining('owner') })
    expect(await stranger.refused('members/remove', { account: 'globex', userId })).toMatchObject({ code: 'conflict' })
    // One who may not sign in is none.
    const second = await newPerson(app, { in: 'globex', role: 'owner' })
    await app.stores.db.updateTable('users').set({ disabled_at: new Date() }).where('id', '=', second.id).execute()
    expect(await operator.refused('members/remove', { account: 'globex', userId })).toMatchObject({ code: 'conflict' })
    await app.stores.db.updateTable('users').set({ disabled_at: null }).where('id', '=', second.id).execute()
    await stranger.ok('members/remove', { account: 'globex', userId })
    expect(await stranger.refused('members/list', { account: 'globex' })).toMatchObject({ code: 'not_found' })
  })
})

describe('removing', () => {
  test('acts on the very next call of the person’s apps', async () => {
    const person = await newPerson(app, { role: 'analyst' })
    const token = await tokenOf(person)
    expect((await listTools(token)).status).toBe(200)
    await (await owner()).ok('members/remove', { account: 'acme', userId: person.id })
    expect((await listTools(token)).status).toBe(401)
    expect(await lastEvent(app, 'acme', 'member.removed')).toMatchObject({ user_id: app.people.owner.id, input: { person: person.id, role: 'analyst' } })
  })

  test('everybody may leave, and needs no scope for it', async () => {
    const person = await newPerson(app, { role: 'read_only' })
    await (await at(app, person)).ok('members/remove', { account: 'acme', userId: person.id })
    expect(await memberships(app, 'acme', person.id)).toBeUndefined()
    expect(await lastEvent(app, 'acme', 'member.removed')).toMatchObject({ user_id: person.id, client_id: 'dashboard' })
  })
})

const toolsOf = async (token: string) => (await messageOf(await listTools(token))).result?.tools?.map(({ name }) => name)
const tokenOf = async (person: { email: string; password: string }) => {
  return (await connect({ origin: app.origin, resource: `${app.origin}/c/acme`, person })).tokens.access_token
}

test('an app that speaks for an operator and owner administers nothing: no token carries the scopes, and the services ask for them', async () => {
  const operator = await newPerson(app, { operator: true, role: 'owner' })
  const [access] = await listAccess(app.stores.db, operator.id, 'acme')
  const scopes = new Set(tokenScopes)
  const principal = { ...dashboardPrincipal(operator.id, access as Access), clientId: 'an-app', scopes, grantable: scopes }
  const { members, settings } = app.services(principal)
  for (const work of [
    () => members.list(),
    () => members.invite({ email: 'x@example.com', role: 'analyst' }),
    () => members.add({ email: operator.email, role: 'analyst' }),
    () => members.change(app.people.reader.id, { role: 'owner' }),
    () => members.remove(operator.id),
    () => members.remove(app.people.reader.id),
    () => members.withdraw('lnk_1'),
    () => settings.change({ name: 'Mine' }),
    () => settings.setMcp(false),
  ]) {
    await expect(work()).rejects.toMatchObject({ code: expect.stringMatching(/^(missing_scopes|not_allowed)$/) })
  }
})
