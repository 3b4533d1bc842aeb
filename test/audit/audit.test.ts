/** The audit log from outside: what calls leave behind, who may read it, paging while calls go on, export, and what is purged. */
import { sql } from 'kysely'
import { beforeAll, describe, expect, test } from 'vitest'
import { updateSettings } from '../../src/domain/accounts/index.ts'
import { recordEvent } from '../../src/domain/audit/index.ts'
import { purgeAudit } from '../../src/domain/operations/index.ts'
import type endpoints from '../../src/edge/api/endpoints/audit.ts'
import { callBody, type PersonName } from '../app.ts'
import { askAs } from '../call.ts'
import { sharedApp } from '../shared.ts'
import { type Dashboard, openDashboard } from '../clients/dashboard.ts'
import { fixtureTools } from '../edge/fixtures.ts'
import { mercat } from '../cli/process.ts'

type Page = Awaited<ReturnType<typeof endpoints.search.run>>
type Entry = Awaited<ReturnType<typeof endpoints.entry.run>>

const day = 86_400_000
const app = sharedApp({ tools: fixtureTools, clock: () => new Date(Date.now() + offset), env: { MERCAT_RATE_ACCOUNT: '100000' } })
let owner: Dashboard
let offset = 0
beforeAll(async () => {
  owner = await openDashboard(app.origin, app.people.owner)
})

const search = async (question: object = {}, as: Dashboard = owner): Promise<Page> => {
  await app.audit.flush()
  return await as.ok<Page>('audit/search', { account: 'acme', ...question })
}
const bearer = async (person: PersonName, resource: string, scope?: string) => ({ authorization: `Bearer ${await app.token(person, resource, scope)}` })
const call = (name: string, args: unknown, path = '/c/acme') => askAs(app, 'analyst', name, args, { path })
const lines = async (as: Dashboard, query: string) => {
  const response = await as.browser.request(`/api/audit/export?${query}`, { headers: { 'sec-fetch-site': 'same-origin' } })
  const text = await response.text()
  return {
    response,
    text,
    entries:
      response.status === 200
        ? (text
            .split('\n')
            .filter(Boolean)
            .map((line) => JSON.parse(line) as unknown) as Entry[])
        : [],
  }
}

describe('what is kept', () => {
  test('an owner finds the call that an official client just made: who, which app, what, how it went, parameters and result', async () => {
    const client = await app.connect('marketer', '/c/acme')
    await client.callTool({ name: 'echo', arguments: { text: 'a marked value', times: 2 } })
    const { entries, retentionDays, ...choices } = await search({ tool: 'echo', person: app.people.marketer.id })
    expect(retentionDays).toBe(30)
    const [entry] = entries
    expect(entry).toMatchObject({
      person: { id: app.people.marketer.id, name: 'marketer', email: 'marketer@example.com' },
      app: { name: 'Test client' },
      tool: 'echo',
      effect: 'read',
      outcome: 'ok',
      rows: null,
    })
    expect(entry!.ms).toBeGreaterThanOrEqual(0)
    expect(entry!.tokens).toBeGreaterThan(0)
    expect(Math.abs(Date.parse(entry!.at) - Date.now())).toBeLessThan(300_000)
    expect(choices.people).toContainEqual({ id: app.people.marketer.id, name: 'marketer', email: 'marketer@example.com' })
    expect(choices.apps).toContainEqual({ id: entry!.app!.id, name: 'Test client' })
    expect(choices.tools.map(({ name }) => name)).toContain('echo')
    expect(choices.outcomes).toContain('ok')
    const whole = await owner.ok<Entry>('audit/entry', { account: 'acme', id: entry!.id })
    expect(whole).toEqual({ ...entry, input: { text: 'a marked value', times: 2 }, result: { said: 'a marked valuea marked value' } })
  })

  test('refused calls are there with their error code: wrong arguments, unknown tool, lacking scopes of the person and of the token, a toolset left out', async () => {
    await call('echo', { txet: 1 })
    await call('ecko', { text: 'x' })
    await call('echo', { text: 'x' }, '/c/acme?toolsets=builders')
    await call('create_campaign_draft', { name: 'x' })
    const token = await bearer('marketer', 'c/acme', 'read:mcp')
    expect((await app.post('/c/acme', callBody('echo', { text: 'step up' }), token)).status).toBe(403)
    const found = async (tool: string, outcome: string) => (await search({ tool, outcome })).entries.length
    expect(await found('echo', 'invalid_arguments')).toBe(1)
    expect(await found('ecko', 'unknown_tool')).toBe(1)
    expect(await found('echo', 'unknown_tool')).toBe(1)
    expect(await found('echo', 'insufficient_scope')).toBe(1)
    const [scopes] = (await search({ outcome: 'missing_scopes' })).entries
    expect(scopes).toMatchObject({ person: { id: app.people.analyst.id }, ms: expect.any(Number) })
    const [wrong] = (await search({ tool: 'echo', outcome: 'invalid_arguments' })).entries
    expect(await owner.ok<Entry>('audit/entry', { account: 'acme', id: wrong!.id })).toMatchObject({ input: { txet: 1 }, result: null })
  })

  test('events of people and permissions stand beside calls, with their words', async () => {
    await recordEvent(app.stores.db, app.stores.clock, {
      accountId: app.accounts.acme.id,
      event: 'member.changed',
      userId: app.people.owner.id,
      clientId: 'dashboard',
      detail: { role: 'analyst' },
    })
    const [event] = (await search({ effect: 'access', tool: 'member.changed' })).entries
    expect(event).toMatchObject({ title: 'Changed a member', app: { id: 'dashboard', name: 'Dashboard' }, person: { email: 'owner@example.com' } })
  })

  test('no bearer value is in it: the token of a call is not among what is kept of the call', async () => {
    const { authorization } = await bearer('analyst', 'c/acme')
    await call('echo', { text: 'x' })
    await app.audit.flush()
    const rows = await app.stores.db.selectFrom('audit').selectAll().execute()
    expect(JSON.stringify(rows)).not.toContain(authorization.slice('Bearer '.length))
  })
})

describe('who may read', () => {
  test('an analyst learns which scope is missing, for search, entry and export', async () => {
    const analyst = await openDashboard(app.origin, app.people.analyst)
    const [entry] = (await search()).entries
    const missing = { status: 403, code: 'missing_scopes', scopes: ['read:audit'] }
    expect(await analyst.refused('audit/search', { account: 'acme' })).toMatchObject(missing)
    expect(await analyst.refused('audit/entry', { account: 'acme', id: entry!.id })).toMatchObject(missing)
    expect((await lines(analyst, 'account=acme')).response.status).toBe(403)
  })

  test('a stranger is told that there is no such account; an entry of another account is not found', async () => {
    const stranger = await openDashboard(app.origin, app.people.stranger)
    const [entry] = (await search()).entries
    expect(await stranger.refused('audit/search', { account: 'acme' })).toMatchObject({ status: 404, code: 'not_found' })
    expect((await lines(stranger, 'account=acme')).response.status).toBe(404)
    const foreign = await stranger.refused('audit/entry', { account: 'globex', id: entry!.id })
    const unknown = await stranger.refused('audit/entry', { account: 'globex', id: 999_999 })
    expect(foreign).toMatchObject({ status: 404, code: 'not_found' })
    expect(foreign).toEqual(unknown)
  })

  test('a member restricted to some brands reads their own calls only', async () => {
    const { db } = app.stores
    await db
      .updateTable('memberships')
      .set({ brands: ['brd_1'], scopes_added: ['read:audit'] })
      .where('user_id', '=', app.people.analyst.id)
      .execute()
    const analyst = await openDashboard(app.origin, app.people.analyst)
    const { entries, people } = await search({}, analyst)
    expect(new Set(entries.map(({ person }) => person?.id))).toEqual(new Set([app.people.analyst.id]))
    expect(people.map(({ id }) => id)).toEqual([app.people.analyst.id])
    expect((await search({ person: app.people.marketer.id }, analyst)).entries).toEqual([])
    const [other] = (await search({ person: app.people.marketer.id })).entries
    expect(await analyst.refused('audit/entry', { account: 'acme', id: other!.id })).toMatchObject({ code: 'not_found' })
    const { entries: exported } = await lines(analyst, 'account=acme')
    expect(exported.every(({ person }) => person?.id === app.people.analyst.id)).toBe(true)
    await db.updateTable('memberships').set({ brands: [], scopes_added: [] }).where('user_id', '=', app.people.analyst.id).execute()
  })

  test.each([
    ['an unknown field', { page: 2 }],
    ['a day that is none', { from: '2026-02-30' }],
    ['too many', { limit: 101 }],
    ['an effect that is none', { effect: 'destroy' }],
    ['a cursor that is none', { cursor: 'x' }],
    ['a NUL', { tool: 'a\u0000b' }],
    ['a long text', { tool: 'x'.repeat(65) }],
    ['control characters in a cursor', { cursor: '\u0000' }],
  ])('bad input is refused: %s', async (_, question) => {
    const { status, code } = await owner.refused('audit/search', { account: 'acme', ...question })
    expect(status).toBe(400)
    expect(['invalid_arguments', 'invalid_cursor']).toContain(code)
  })

  test('text for the database is a bound parameter, whatever it holds', async () => {
    expect((await search({ tool: "'; DROP TABLE audit; --" })).entries).toEqual([])
    expect((await search({ outcome: '%' })).entries).toEqual([])
  })
})

describe('pages', () => {
  test('newest first to the end while calls go on: nothing lost, nothing twice, and a cursor belongs to its question', async () => {
    for (let made = 0; made < 110; made++) await call('echo', { text: `paged ${made}` })
    const filter = { person: app.people.analyst.id, tool: 'echo', outcome: 'ok' }
    await app.audit.flush()
    const { db } = app.stores
    const there = (
      await db
        .selectFrom('audit')
        .select('id')
        .where('account_id', '=', app.accounts.acme.id)
        .where('user_id', '=', filter.person)
        .where('tool', '=', 'echo')
        .where('outcome', '=', 'ok')
        .execute()
    ).map(({ id }) => id)
    expect(there.length).toBeGreaterThanOrEqual(110)
    const seen: number[] = []
    let cursor: string | null = null
    do {
      const page: Page = await search({ ...filter, limit: 7, ...(cursor === null ? {} : { cursor }) })
      expect(page.entries.length).toBeLessThanOrEqual(7)
      seen.push(...page.entries.map(({ id }) => id))
      cursor = page.nextCursor
      if (cursor !== null) {
        expect(cursor.length).toBeLessThan(40)
        expect(await owner.refused('audit/search', { account: 'acme', tool: 'ecko', cursor })).toMatchObject({ code: 'invalid_cursor' })
      }
      await call('echo', { text: 'meanwhile' })
    } while (cursor !== null)
    expect(seen).toEqual(there.toSorted((a, b) => b - a))
  })

  test('an export holds what a search finds, whole, in the same order; that it was made is kept; the file is not for scripts of other sites', async () => {
    const filter = { person: app.people.analyst.id, tool: 'echo', outcome: 'ok' }
    const found: Page['entries'][number][] = []
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page: Page = await search({ ...filter, limit: 100, ...(cursor === undefined ? {} : { cursor }) })
      found.push(...page.entries)
      cursor = page.nextCursor
    }
    expect(found.length).toBeGreaterThan(100)
    const { response, entries } = await lines(owner, new URLSearchParams({ account: 'acme', ...filter }).toString())
    expect(response.headers.get('content-type')).toBe('application/x-ndjson')
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="audit-acme.ndjson"')
    expect(entries.map(({ id, at, person, outcome, tokens }) => ({ id, at, person, outcome, tokens }))).toEqual(
      found.map(({ id, at, person, outcome, tokens }) => ({ id, at, person, outcome, tokens })),
    )
    expect(entries[0]).toMatchObject({ input: { text: 'meanwhile' }, result: { said: 'meanwhile' } })
    expect((await search({ tool: 'audit.exported' })).entries[0]).toMatchObject({ effect: 'access', title: 'Exported the audit log', person: { email: 'owner@example.com' } })
    const foreign = await owner.browser.request('/api/audit/export?account=acme', { headers: { 'sec-fetch-site': 'cross-site' } })
    expect(foreign.status).toBe(403)
  })

  test('an operator lists and exports at the command line, beside the running server', async () => {
    await app.audit.flush()
    const env = { MERCAT_DATA_DIR: app.folder }
    const listed = await mercat(['audit', 'list', 'acme', '--tool', 'echo', '--outcome', 'ok', '--limit', '2'], env).finished
    expect(listed).toMatchObject({ code: 0, out: expect.stringMatching(/\| analyst@example\.com \|.*\| echo \| read \| ok \|/) })
    const exported = await mercat(['audit', 'export', 'acme', '--person', app.people.marketer.id], env).finished
    expect(exported.code).toBe(0)
    const entries = exported.out
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Entry)
    expect(entries).toContainEqual(expect.objectContaining({ tool: 'echo', input: { text: 'a marked value', times: 2 } }))
    const [noted] = (await search({ tool: 'audit.exported', app: 'cli' })).entries
    expect(await owner.ok('audit/entry', { account: 'acme', id: noted?.id })).toMatchObject({ person: null, input: { person: app.people.marketer.id } })
    expect((await mercat(['audit', 'list', 'acne'], env).finished).err).toMatch(/There is no account "acne"/)
  })
})

describe('retention', () => {
  test('the job that purges is on the schedule of a running Mercat, every hour', async () => {
    const schedule = async () => (await sql<{ cron: string }>`SELECT cron FROM pgboss.schedule WHERE name = 'purge_audit'`.execute(app.stores.db)).rows
    await expect.poll(schedule).toEqual([{ cron: '7 * * * *' }])
  })

  test('what is older than the account keeps it is neither shown nor, after the job, there; a lower setting takes it at the next run', async () => {
    const { db } = app.stores
    const count = async () =>
      Number(
        (
          await db
            .selectFrom('audit')
            .select(({ fn }) => fn.countAll<number>().as('n'))
            .where('account_id', '=', app.accounts.acme.id)
            .executeTakeFirstOrThrow()
        ).n,
      )
    const ofGlobex = () => recordEvent(db, app.stores.clock, { accountId: app.accounts.globex.id, event: 'mcp.enabled', userId: null, clientId: 'cli' })
    await ofGlobex()
    const before = await count()
    const still = new AbortController().signal
    expect(before).toBeGreaterThan(100)
    expect(await purgeAudit(app.stores, still)).toBe(0)
    // More than one batch of a statement.
    const old = new Date(Date.now() - 29 * day)
    for (let made = 0; made < 1_500; made += 500)
      await db
        .insertInto('audit')
        .values(Array.from({ length: 500 }, () => ({ account_id: app.accounts.acme.id, at: old, tool: 'old', effect: 'read', outcome: 'ok', ms: 1 })))
        .execute()
    expect((await search({ tool: 'old' })).entries).toHaveLength(50)
    offset = 2 * day
    // A session lasts 12 hours of this clock.
    const later = await openDashboard(app.origin, app.people.owner)
    expect((await search({ tool: 'old' }, later)).entries).toEqual([])
    expect(await purgeAudit(app.stores, still)).toBe(1_500)
    expect(await count()).toBeGreaterThanOrEqual(before)
    const events = (await search({ effect: 'access' }, later)).entries.length
    expect(events).toBeGreaterThan(0)
    await updateSettings(db, app.accounts.acme.id, { retentionDays: 1 })
    expect((await search({ outcome: 'ok', effect: 'read' }, later)).entries).toEqual([])
    expect(await purgeAudit(app.stores, still)).toBeGreaterThanOrEqual(before - events)
    const kept = await db.selectFrom('audit').select(['account_id', 'at', 'effect']).execute()
    const early = kept.filter(({ account_id, at }) => account_id === app.accounts.acme.id && at.getTime() < Date.now() + offset - day)
    // Whoever lowers the setting does not wipe out what they did with it: events stay for 30 days.
    expect(early.every(({ effect }) => effect === 'access')).toBe(true)
    expect((await search({ effect: 'access' }, later)).entries.length).toBe(events)
    // The other account keeps its own for 30 days.
    expect(kept.some(({ account_id }) => account_id === app.accounts.globex.id)).toBe(true)
  })
})
