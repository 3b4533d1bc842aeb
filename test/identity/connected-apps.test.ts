/**
 * Connected apps as the dashboard's API gives them. identity.md: "connected apps list with revoke"; "revocation that acts on the next call"; "Deleting the grant is the one switch";
 * "Unknown and foreign objects get the same answer" (product.md).
 */
import { beforeAll, describe, expect, test } from 'vitest'
import { callBody, type PersonName } from '../app.ts'
import { sharedApp } from '../shared.ts'
import { type Dashboard, openDashboard } from '../clients/dashboard.ts'
import { connect, refresh, registerApp } from '../clients/oauth.ts'

interface Listed {
  readonly id: string
  readonly name: string
  readonly host: string | null
  readonly localOnly: boolean
  readonly person: { readonly email: string }
  readonly mine: boolean
  readonly accounts: readonly string[]
  readonly scopes: readonly { readonly scope: string }[]
  readonly connectedAt: string
  readonly lastUsedAt: string | null
  readonly expiresAt: string
}

const mercat = sharedApp({ clock: () => now })
let now = new Date()
const dashboards = new Map<PersonName, Dashboard>()

beforeAll(async () => {
  for (const name of ['owner', 'marketer', 'analyst', 'both', 'stranger'] as const) dashboards.set(name, await openDashboard(mercat.origin, mercat.people[name]))
})

function at(name: PersonName): Dashboard {
  const dashboard = dashboards.get(name)
  if (!dashboard) throw new Error(`${name} is not signed in`)
  return dashboard
}

const list = async (name: PersonName, input: object) => (await at(name).ok<{ apps: Listed[] }>('apps/list', input)).apps

async function connected(person: PersonName, metadata: Record<string, unknown> = {}, path = 'c/acme') {
  const app = await registerApp(mercat.origin, { redirect_uris: ['https://claude.ai/api/mcp/auth_callback'], client_name: 'Claude', ...metadata })
  const accounts = path === 'mcp' ? { accounts: [mercat.accounts.acme.id, mercat.accounts.globex.id] } : {}
  const { tokens } = await connect({ origin: mercat.origin, resource: mercat.at(`/${path}`), person: mercat.people[person], app, ...accounts })
  const call = async (args = {}) => {
    const answer = await mercat.post(`/${path}`, callBody('metric_definitions', args), { authorization: `Bearer ${tokens.access_token}` })
    return { status: answer.status, text: await answer.text() }
  }
  return { app, tokens, call }
}

const events = async (account: 'acme' | 'globex') =>
  await mercat.stores.db
    .selectFrom('audit')
    .select(['user_id', 'client_id', 'input'])
    .where('account_id', '=', mercat.accounts[account].id)
    .where('tool', '=', 'app.disconnected')
    .orderBy('id')
    .execute()

describe('the list', () => {
  test('tells what the app is, what it was allowed, and when it was last used, to the minute', async () => {
    const { call } = await connected('marketer', {
      client_name: 'Cl\u202eau\u200bde  \u0007',
      redirect_uris: ['https://claude.ai/api/mcp/auth_callback', 'http://127.0.0.1:1234/cb', 'http://localhost:99/cb'],
    })
    const [app] = await list('marketer', { account: 'acme' })
    expect(app).toMatchObject({ name: 'Cl au de', host: 'claude.ai, this computer', localOnly: false, mine: true, accounts: ['acme'], lastUsedAt: null })
    expect(app?.scopes.map(({ scope }) => scope)).toContain('read:reports')
    expect(new Date(app?.expiresAt ?? '').getTime()).toBeGreaterThan(now.getTime() + 179 * 86_400_000)
    expect((await call()).status).toBe(200)
    const used = async () => (await list('marketer', { account: 'acme' }))[0]?.lastUsedAt
    await expect.poll(used).toBe(now.toISOString())
    const first = now
    now = new Date(now.getTime() + 40_000)
    await call()
    expect(await used(), 'written at most once a minute').toBe(first.toISOString())
    now = new Date(now.getTime() + 60_000)
    await call()
    await expect.poll(used).toBe(now.toISOString())
  })

  test('shows one’s own alone; everybody’s needs manage:members and says so', async () => {
    await connected('analyst')
    expect((await list('analyst', { account: 'acme' })).every(({ mine }) => mine)).toBe(true)
    expect(await list('owner', { account: 'acme' })).toEqual([])
    expect(await at('analyst').refused('apps/list', { account: 'acme', everyone: true })).toMatchObject({ status: 403, code: 'missing_scopes', scopes: ['manage:members'] })
    const all = await list('owner', { account: 'acme', everyone: true })
    expect(new Set(all.map(({ person }) => person.email))).toEqual(new Set(['analyst@example.com', 'marketer@example.com']))
    expect(all.every(({ mine }) => !mine)).toBe(true)
  })

  test('of another person’s app for several accounts, tells only of this account', async () => {
    await connected('both', { client_name: 'Wide' }, 'mcp')
    expect((await list('both', { account: 'acme' }))[0]?.accounts).toEqual(['acme', 'globex'])
    expect((await list('owner', { account: 'acme', everyone: true })).find(({ name }) => name === 'Wide')?.accounts).toEqual(['acme'])
  })

  test('unknown and foreign accounts look the same', async () => {
    const foreign = await at('analyst').refused('apps/list', { account: 'globex' })
    const unknown = await at('analyst').refused('apps/list', { account: 'nowhere' })
    expect({ ...foreign, message: foreign.message.replace('globex', 'nowhere') }).toEqual(unknown)
  })
})

describe('disconnecting', () => {
  test('one’s own app: everything it was given ends with the next call, in all its accounts, and is audited there', async () => {
    const { call, tokens, app } = await connected('both', { client_name: 'Mine' }, 'mcp')
    expect((await call({ account: 'acme' })).status).toBe(200)
    const before = [(await events('acme')).length, (await events('globex')).length]
    const [listed] = (await list('both', { account: 'acme' })).filter(({ name }) => name === 'Mine')
    await at('both').ok('apps/disconnect', { account: 'acme', id: listed?.id })
    expect((await call({ account: 'acme' })).status).toBe(401)
    expect((await refresh(mercat.origin, app, tokens.refresh_token)).status).toBe(400)
    expect((await list('both', { account: 'globex' })).some(({ name }) => name === 'Mine')).toBe(false)
    expect([(await events('acme')).length, (await events('globex')).length]).toEqual(before.map((count) => count + 1))
    expect((await events('globex')).at(-1)).toMatchObject({ user_id: mercat.people.both.id, client_id: 'dashboard', input: { app: 'Mine', person: mercat.people.both.id } })
  })

  test('somebody else’s app: only this account is taken from it', async () => {
    const { call, tokens, app } = await connected('both', { client_name: 'Theirs' }, 'mcp')
    expect((await call({ account: 'acme' })).text).not.toContain('"isError":true')
    const before = (await events('globex')).length
    const [listed] = (await list('owner', { account: 'acme', everyone: true })).filter(({ name }) => name === 'Theirs')
    await at('owner').ok('apps/disconnect', { account: 'acme', id: listed?.id })
    expect((await call({ account: 'acme' })).text, 'acme is gone at the next call').toContain('"isError":true')
    expect((await call()).text, 'globex is left, and needs no name now').not.toContain('"isError":true')
    expect((await list('both', { account: 'globex' })).find(({ name }) => name === 'Theirs')?.accounts).toEqual(['globex'])
    expect((await events('acme')).at(-1)).toMatchObject({ user_id: mercat.people.owner.id, input: { app: 'Theirs', person: mercat.people.both.id } })
    expect(await events('globex'), 'the other account has nothing to do with it').toHaveLength(before)
    // A refresh gives a token for what is left, not for what was taken.
    const renewed = await refresh(mercat.origin, app, tokens.refresh_token)
    expect(renewed.status, JSON.stringify(renewed.body)).toBe(200)
    const answer = await mercat.post('/mcp', callBody('metric_definitions', { account: 'acme' }), { authorization: `Bearer ${String(renewed.body.access_token)}` })
    expect(await answer.text()).toContain('"isError":true')
    // The last account: the grant ends.
    await at('stranger').ok('apps/disconnect', { account: 'globex', id: listed?.id })
    expect((await call()).status).toBe(401)
  })

  test('an unknown app, somebody else’s, one of another account, and a member’s for those who do not manage members: the same answer', async () => {
    await connected('stranger', { client_name: 'Foreign' }, 'c/globex')
    const [foreign] = await list('stranger', { account: 'globex' })
    const [analysts] = await list('analyst', { account: 'acme' })
    const refusals = await Promise.all([
      at('owner').refused('apps/disconnect', { account: 'acme', id: 'nothing-of-this-name' }),
      at('owner').refused('apps/disconnect', { account: 'acme', id: foreign?.id }),
      at('marketer').refused('apps/disconnect', { account: 'acme', id: analysts?.id }),
    ])
    for (const refusal of refusals) expect(refusal).toEqual(refusals[0])
    expect(refusals[0]).toMatchObject({ status: 404, code: 'not_found' })
    expect(await list('stranger', { account: 'globex' })).toHaveLength(1)
    expect((await list('analyst', { account: 'acme' })).some(({ id }) => id === analysts?.id)).toBe(true)
  })

  test('without the token of the session, or from another site, nothing ends', async () => {
    const [app] = await list('analyst', { account: 'acme' })
    const input = { account: 'acme', id: app?.id }
    expect(await at('analyst').refused('apps/disconnect', input, { 'x-mercat-csrf': undefined })).toMatchObject({ status: 403, code: 'cross_site' })
    expect(await at('analyst').refused('apps/disconnect', input, { 'sec-fetch-site': 'cross-site' })).toMatchObject({ status: 403, code: 'cross_site' })
    expect((await list('analyst', { account: 'acme' })).map(({ id }) => id)).toContain(app?.id)
  })

  test.each([{}, { account: 'acme' }, { account: 'acme', id: '' }, { account: 'acme', id: 'x'.repeat(129) }, { account: 'acme', id: 7 }, { account: 'acme', id: 'x', more: 1 }])(
    'bad input is refused: %j',
    async (input) => {
      expect(await at('analyst').refused('apps/disconnect', input)).toMatchObject({ status: 400, code: 'invalid_arguments' })
    },
  )
})
