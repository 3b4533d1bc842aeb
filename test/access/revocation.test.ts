/**
 * identity.md, "revoke, member removed, user disabled, MCP turned off → next call refused": whatever ends access ends it for the very next call and for open streams,
 * in one process and in two on one PostgreSQL, where the change is made at one and the call goes to the other.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Account } from '../../src/core/access.ts'
import { systemClock } from '../../src/core/clock.ts'
import { addMember, createAccount, createUser, findUser, newPasswordLink, removeMember, setMcp, setMember, setUserDisabled } from '../../src/domain/accounts/index.ts'
import { type OperationalStore, openOperational } from '../../src/storage/operational/open.ts'
import type { Db } from '../../src/storage/operational/schema.ts'
import { callBody, messageOf, password, postRpc, startApp, type TestApp } from '../app.ts'
import { type Child, startChild } from '../child.ts'
import { Browser } from '../clients/browser.ts'
import { openDashboard } from '../clients/dashboard.ts'
import { type App, connect, type Person, postToken, registerApp, type Tokens } from '../clients/oauth.ts'
import { fixtureTools } from '../edge/fixtures.ts'
import { startPostgres, type TestPostgres } from '../engines/postgres.ts'

/** Where changes are made, where calls go, and the store as a command of the CLI has it. */
interface Site {
  readonly changeAt: string
  readonly callAt: string
  readonly db: Db
  readonly close: () => Promise<void>
}

interface Connected {
  readonly account: Account
  readonly person: Person & { readonly id: string }
  readonly app: App
  readonly tokens: Tokens
}

async function oneProcess(): Promise<Site> {
  const app: TestApp = await startApp({ tools: fixtureTools })
  return { changeAt: app.origin, callAt: app.origin, db: app.stores.db, close: app.close }
}

async function twoProcesses(): Promise<Site> {
  const postgres: TestPostgres = await startPostgres()
  const url = await postgres.database()
  const folder = await mkdtemp(join(tmpdir(), 'mercat-two-'))
  // The first migrates; the second finds everything there. Both are one installation: one secret, one issuer, which is the first one's address.
  const children: Child[] = []
  const stop = () => Promise.all(children.map((child) => child.end('SIGTERM')))
  const serve = async (more: Record<string, string> = {}): Promise<string> => {
    const env = {
      MERCAT_DATABASE_URL: url,
      MERCAT_DATA_DIR: join(folder, String(children.length)),
      MERCAT_PORT: '0',
      MERCAT_SECRET: 'one secret for both processes, long enough',
      ...more,
    }
    const child = startChild(new URL('serve.ts', import.meta.url), [], env)
    children.push(child)
    return `http://127.0.0.1:${(await child.said('listening on '))?.slice(13)}`
  }
  const first = await serve()
  const second = await serve({ MERCAT_PUBLIC_URL: first })
  const store: OperationalStore = await openOperational({ engine: 'postgres', url })
  return {
    changeAt: first,
    callAt: second,
    db: store.db,
    close: async () => {
      await stop()
      await store.close()
      await postgres.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

let made = 0

/** A new account, a new person and a new app, connected. */
async function connected(site: Site): Promise<Connected> {
  const name = `t${++made}-${site.callAt === site.changeAt ? 'one' : 'two'}`
  const account = await createAccount(site.db, { systemName: name, name, timeZone: 'UTC', currency: 'EUR' })
  await setMcp(site.db, account.id, true)
  const user = await createUser(site.db, { email: `${name}@example.com`, name, password })
  await addMember(site.db, account.id, user.id, { role: 'analyst' })
  const app = await registerApp(site.changeAt)
  const person = { email: user.email, password, id: user.id }
  const { tokens } = await connect({ origin: site.changeAt, resource: `${site.changeAt}/c/${name}`, person, app })
  return { account, person, app, tokens }
}

const call = (site: Site, { account, tokens }: Connected, body: unknown) =>
  postRpc(`${site.callAt}/c/${account.systemName}`, body, { authorization: `Bearer ${tokens.access_token}` })

/** A call that says it works and then never ends. Resolves once the stream is open; `ended` when the server has ended it. */
async function openStream(site: Site, who: Connected): Promise<{ ended: Promise<string> }> {
  const body = callBody('slow')
  const response = await call(site, who, { ...body, params: { ...(body.params as object), _meta: { progressToken: 'p' } } })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  if (!reader) throw new Error('no stream')
  let text = ''
  while (!text.includes('working')) {
    const { done, value } = await reader.read()
    if (done) throw new Error(`The stream ended before it began: ${text}`)
    text += value
  }
  const rest = async () => {
    try {
      for (;;) {
        const { done, value } = await reader.read()
        if (done) return text
        text += value
      }
    } catch {
      // Cut off: ended too.
      return text
    }
  }
  return { ended: rest() }
}

interface Change {
  readonly what: string
  readonly make: (site: Site, who: Connected) => Promise<unknown>
  readonly status: number
  /** What a refresh gets; default: 400. */
  readonly refresh?: number
}

const changes: Change[] = [
  {
    what: 'the refresh token is revoked (RFC 7009)',
    make: (site, { app, tokens }) =>
      fetch(`${site.changeAt}/revoke`, { method: 'POST', body: new URLSearchParams({ client_id: app.clientId, token: tokens.refresh_token, token_type_hint: 'refresh_token' }) }),
    status: 401,
  },
  {
    what: 'the access token is revoked (RFC 7009)',
    make: (site, { app, tokens }) => fetch(`${site.changeAt}/revoke`, { method: 'POST', body: new URLSearchParams({ client_id: app.clientId, token: tokens.access_token }) }),
    status: 401,
  },
  { what: 'the member is removed', make: ({ db }, { account, person }) => removeMember(db, account.id, person.id), status: 401 },
  { what: 'the person is disabled', make: ({ db }, { person }) => setUserDisabled(db, person.id, true, new Date()), status: 401 },
  { what: 'MCP is turned off for the account', make: ({ db }, { account }) => setMcp(db, account.id, false), status: 403, refresh: 200 },
  {
    what: 'the person disconnects the app at the dashboard',
    make: async ({ changeAt }, { account, person }) => {
      const dashboard = await openDashboard(changeAt, person)
      const { apps } = await dashboard.ok<{ apps: { id: string }[] }>('apps/list', { account: account.systemName })
      expect(apps).toHaveLength(1)
      await dashboard.ok('apps/disconnect', { account: account.systemName, id: apps[0]?.id })
    },
    status: 401,
  },
  {
    what: 'the person signs out everywhere',
    make: async ({ changeAt }, { person }) => await (await openDashboard(changeAt, person)).ok('security/signOutEverywhere'),
    status: 401,
  },
  {
    what: 'the password is reset by a one-time link',
    make: async ({ changeAt, db }, { person }) => {
      const user = await findUser(db, person.id)
      if (!user) throw new Error('no such person')
      const { token } = await newPasswordLink(db, user, null, systemClock())
      const browser = new Browser(changeAt)
      const { page } = await browser.go(`/new-password?token=${token}`)
      const after = page && (await browser.submit(page, 'save', { password: 'another long password', repeated: 'another long password' })).page
      expect(after?.status, after?.text).toBe(200)
    },
    status: 401,
  },
  {
    what: 'the app deletes its registration (RFC 7592)',
    make: (_site, { app }) =>
      fetch(String(app.registration.registration_client_uri), { method: 'DELETE', headers: { authorization: `Bearer ${String(app.registration.registration_access_token)}` } }),
    status: 401,
    refresh: 401,
  },
]

describe.each([
  { processes: 'one process', open: oneProcess },
  { processes: 'two processes on one PostgreSQL', open: twoProcesses },
])('$processes', ({ open }) => {
  let site: Site
  beforeAll(async () => {
    site = await open()
  })
  afterAll(async () => await site?.close())

  test.each(changes)('$what: the very next call is refused, the open stream ends', async ({ make, status, refresh = 400 }) => {
    const who = await connected(site)
    const bystander = await connected(site)
    const stream = await openStream(site, who)
    const kept = await openStream(site, bystander)
    let keptEnded = false
    void kept.ended.then(() => (keptEnded = true))
    // Twice: the second answer comes from the cache.
    for (let time = 0; time < 2; time++) expect((await messageOf(await call(site, who, callBody('echo', { text: 'in' })))).result?.structuredContent).toEqual({ said: 'in' })

    const answer = await make(site, who)
    if (answer instanceof Response) expect(answer.ok, await answer.text()).toBe(true)

    const refused = await call(site, who, callBody('echo', { text: 'out' }))
    expect(refused.status).toBe(status)
    await refused.body?.cancel()
    expect(await stream.ended).not.toContain('structuredContent')
    const again = await postToken(site.changeAt, { grant_type: 'refresh_token', client_id: who.app.clientId, refresh_token: who.tokens.refresh_token })
    expect(again.status).toBe(refresh)
    // Nobody else is touched.
    expect((await call(site, bystander, callBody('echo', { text: 'in' }))).status).toBe(200)
    expect(keptEnded).toBe(false)
    await removeMember(site.db, bystander.account.id, bystander.person.id)
    await kept.ended
  })

  test('switched off and on a hundred times: not one call slips through on an old answer', async () => {
    const who = await connected(site)
    const statuses: number[] = []
    for (let time = 0; time < 100; time++) {
      await setMcp(site.db, who.account.id, time % 2 === 1)
      for (let again = 0; again < 2; again++) {
        const answer = await call(site, who, callBody('echo', { text: 'x' }))
        await answer.body?.cancel()
        statuses.push(answer.status)
      }
    }
    expect(statuses).toEqual(Array.from({ length: 200 }, (_, at) => (at % 4 < 2 ? 403 : 200)))
  })

  test('who was removed and is added again has to connect anew: nothing of before comes back', async () => {
    const who = await connected(site)
    await removeMember(site.db, who.account.id, who.person.id)
    await addMember(site.db, who.account.id, who.person.id, { role: 'analyst' })
    expect((await call(site, who, callBody('echo', { text: 'x' }))).status).toBe(401)
    const again = await postToken(site.changeAt, { grant_type: 'refresh_token', client_id: who.app.clientId, refresh_token: who.tokens.refresh_token })
    expect(again.body).toMatchObject({ error: 'invalid_grant' })
    const { tokens } = await connect({ origin: site.changeAt, resource: `${site.changeAt}/c/${who.account.systemName}`, person: who.person, app: who.app })
    expect((await call(site, { ...who, tokens }, callBody('echo', { text: 'x' }))).status).toBe(200)
  })

  test('a role that no longer holds the scope: the next call of the same token is told so', async () => {
    const who = await connected(site)
    expect((await call(site, who, callBody('echo', { text: 'in' }))).status).toBe(200)
    await setMember(site.db, who.account.id, who.person.id, { scopesRemoved: ['read:reports'] })
    const { result } = await messageOf(await call(site, who, callBody('echo', { text: 'out' })))
    expect(result).toMatchObject({ isError: true, _meta: { 'mercat/error': { code: 'missing_scopes', scopes: ['read:reports'] } } })
  })
})
