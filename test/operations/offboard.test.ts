/** An account leaves: every table of both stores is found by its schema, so that one added later cannot be forgotten; others' rows stay. Both operational engines, real chDB. */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Account } from '../../src/core/access.ts'
import { newId } from '../../src/core/ids.ts'
import { createLog } from '../../src/core/log.ts'
import { createUser, findAccount, findUser } from '../../src/domain/accounts/index.ts'
import { recordEvent } from '../../src/domain/audit/index.ts'
import { failLoad, finishLoading, startLoad } from '../../src/domain/facts/index.ts'
import { type OffboardedRows, offboard } from '../../src/domain/operations/index.ts'
import type { Stores } from '../../src/domain/stores.ts'
import { addVolume, insertDelivered, insertSetAside } from '../../src/domain/sources/index.ts'
import { announce } from '../../src/domain/webhooks/index.ts'
import { addDocuments } from '../../src/domain/knowledge/index.ts'
import { type Jobs, openJobs } from '../../src/storage/operational/jobs.ts'
import { openOperational, type OperationalStore } from '../../src/storage/operational/open.ts'
import type { Db } from '../../src/storage/operational/schema.ts'
import { startPostgres, type TestPostgres } from '../engines/postgres.ts'
import { makeAccount, openTestStores, type TestStores } from '../stores.ts'

/** Tables of the operational store that do not say by `account_id` whose their rows are, and why nothing of an account stays in them. */
const withoutAccount: Record<string, string> = {
  accounts: 'the account itself, deleted last',
  users: 'people: those of this account alone are deleted',
  sessions: 'of people, deleted with them',
  totp: 'of people, deleted with them',
  recovery_codes: 'of people, deleted with them',
  passkeys: 'of people, deleted with them',
  external_identities: 'of people, deleted with them',
  challenges: 'of one browser, sealed, gone within minutes',
  oauth_records: 'grants for the account alone and records of deleted people are deleted, the others forget the account',
  rate_limits: 'keys that name the account are deleted',
  installation: 'of the installation',
  mercat_version: 'of the installation',
}
/** Tables of jobs: what they hold of an account is its id in a job's data. */
const tablesOfJobs = ['bam', 'job', 'job_common', 'job_dependency', 'queue', 'schedule', 'subscription', 'version', 'warning']
/** Tables of the analytics store without accounts. */
const analyticsWithoutAccount = ['mercat_version']

let embedded: TestStores
let postgres: TestPostgres
let server: OperationalStore
beforeAll(async () => {
  embedded = await openTestStores()
  postgres = await startPostgres()
  server = await openOperational({ engine: 'postgres', url: await postgres.database() })
})
afterAll(async () => {
  await server.close()
  await postgres.stop()
  await embedded.close()
})

const namesOf = async (db: Db, where: ReturnType<typeof sql>) =>
  (await sql<{ name: string }>`SELECT DISTINCT table_name AS name FROM information_schema.columns WHERE ${where} ORDER BY name`.execute(db)).rows.map(({ name }) => name)

/** A row of the account in every table that can have one. */
async function fill({ db, analytics }: Stores, jobs: Jobs, account: Account): Promise<{ alone: string; operator: string; grants: { alone: string; shared: string } }> {
  const { id } = account
  const person = async (name: string, isSuperAdmin = false) => (await createUser(db, { email: `${name}-${newId('user')}@example.com`, name, isSuperAdmin })).id
  const [alone, operator] = [await person('alone'), await person('operator', true)]
  for (const user of [alone, operator]) await db.insertInto('memberships').values({ account_id: id, user_id: user, role: 'analyst' }).execute()
  await db
    .insertInto('sessions')
    .values({ uid: newId('user'), user_id: alone, methods: ['pwd'] })
    .execute()
  await db.insertInto('organizations').values({ account_id: id, id: 'org_1', key: 'o', name: 'O', currency: 'EUR', details: '{}' }).execute()
  const entity = { account_id: id, organization_id: 'org_1', type: 'campaign', id: newId('campaign'), key: 'c', name: 'C', status: 'active', origin: 'import', definition: '{}' }
  await db.insertInto('entities').values(entity).execute()
  const proposal = { client_id: 'dashboard', original: '{}', fingerprint: 'x', proposed_at: new Date(), expires_at: new Date() }
  await db
    .insertInto('drafts')
    .values({ account_id: id, entity_id: entity.id, ...proposal })
    .execute()
  await db.insertInto('draft_notes').values({ account_id: id, entity_id: entity.id, at: new Date(), kind: 'comment', text: 'x', changes: '[]' }).execute()
  const bill = { account_id: id, organization_id: 'org_1', key: 'b', year: 2026, currency: 'EUR', origin: 'import' }
  await db
    .insertInto('contracts')
    .values({ ...bill, id: 'ctr_1', plan: 'Plus', platform_fee: '1', unit_cost: '1', committed_units: 1 })
    .execute()
  const invoice = { id: 'inv_1', number: '1', issued: '2026-01-01', due: '2026-01-01', status: 'open' as const, total: '1', units: '0', lines: '[]' }
  await db
    .insertInto('invoices')
    .values({ ...bill, ...invoice })
    .execute()
  const key = { user_id: alone, tool: 'create_organization', key: 'k', arguments: 'x', result: '{}', created_at: new Date() }
  await db
    .insertInto('write_keys')
    .values({ account_id: id, ...key })
    .execute()
  const endpoint = newId('webhook_endpoint')
  await db.insertInto('webhook_endpoints').values({ account_id: id, id: endpoint, url: 'https://example.com/', secret: 'x', created_at: new Date() }).execute()
  await db.transaction().execute((transaction) => announce(transaction, () => new Date(), { accountId: id, type: 'entity.activated', data: {} }))
  const source = { account_id: id, id: newId('source'), type: 'sendgrid', name: 'Mails', key_hash: newId('source'), settings: 'x', created_at: new Date() }
  await db.insertInto('sources').values(source).execute()
  const delivered = { accountId: id, sourceId: source.id, receivedAt: new Date(), items: 1, bytes: 1, sealed: Buffer.from('x') }
  await insertDelivered(db, [delivered])
  await insertSetAside(db, id, source.id, [{ kind: 'events', reason: 'event is not an event Mercat knows', receivedAt: new Date(), sealed: Buffer.from('x') }], new Date())
  await addVolume(db, id, source.id, { requests: 1, accepted: 1, ignored: 0, rejected: 1 }, new Date())
  await finishLoading(db, (await startLoad(db, { accountId: id, source: 'import', label: 'rows.csv' })).id, { accepted: 1, rejected: 0 })
  await db.insertInto('fact_settings').values({ account_id: id, built_with: '{}' }).execute()
  await recordEvent(db, () => new Date(), { accountId: id, event: 'settings.changed', userId: alone, clientId: 'dashboard' })
  const soon = new Date(Date.now() + 1e7)
  const invitation = { account_id: id, role: 'analyst', created_by: alone, expires_at: soon }
  await db
    .insertInto('links')
    .values({ id: newId('link'), token_hash: newId('link'), purpose: 'invitation', email: 'new@example.com', ...invitation })
    .execute()
  const grants = { alone: newId('link'), shared: newId('link') }
  const record = (model: string, grant: string, payload: object, user = operator) =>
    db
      .insertInto('oauth_records')
      .values({ model, id_hash: newId('link'), grant_id: grant, user_id: user, payload: JSON.stringify(payload), expires_at: soon })
      .execute()
  await record('Grant', grants.alone, { accounts: [id], sealed: 'x' })
  await record('AccessToken', grants.alone, { aud: 'x' })
  await record('Grant', grants.shared, { accounts: ['acc_other', id], sealed: 'x' })
  await record('AccessToken', grants.shared, { aud: 'x' })
  await record('Session', newId('link'), {}, alone)
  await sql`INSERT INTO rate_limits (key, points) VALUES (${`call_account:${id}`}, 1), (${`call_user:${id}:${alone}`}, 1)`.execute(db)
  await addDocuments({ db, clock: () => new Date() }, id, 'guide', [{ path: 'tone.md', text: '# Tone\n' }])
  await jobs.send('recount', { accountId: id })
  await sql`INSERT INTO jobs (id, account_id, type, title, user_id, state, request) VALUES (${newId('job')}, ${id}, 'report', 'Campaign report', ${alone}, 'running', '{"tool":"campaign_report","needs":[],"scopes":[],"arguments":{}}')`.execute(
    db,
  )
  for (const table of await analytics.tablesWith('account_id')) await analytics.insert(table, [{ account_id: id, ...(table === 'load_counts' ? { rows: 1 } : {}) }])
  return { alone, operator, grants }
}

/** Rows by table, as a reader who trusts nobody counts them. */
async function everything(db: Db, analytics: Stores['analytics'], accountId: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const table of await namesOf(db, sql`table_schema = 'public' AND column_name = 'account_id'`)) {
    counts[table] = (await sql<{ n: number }>`SELECT count(*) AS n FROM ${sql.table(table)} WHERE account_id = ${accountId}`.execute(db)).rows[0]!.n
  }
  const tables = await analytics.query<{ name: string }>("SELECT table AS name FROM system.columns WHERE database = currentDatabase() AND name = 'account_id' ORDER BY name")
  for (const { name } of tables) {
    const [engine] = await analytics.query<{ engine: string }>('SELECT engine FROM system.tables WHERE database = currentDatabase() AND name = {name:String}', { name })
    if (engine?.engine.endsWith('MergeTree')) {
      counts[name] = (await analytics.query<{ n: number }>(`SELECT count() AS n FROM ${name} WHERE account_id = {account:String}`, { account: accountId }))[0]!.n
    }
  }
  return counts
}

const zeros = (rows: readonly OffboardedRows[]) => rows.filter(({ after }) => after !== 0)
const still = new AbortController().signal

describe.each(['pglite', 'postgres'] as const)('on %s', (engine) => {
  let stores: Stores
  let db: Db
  let jobs: Jobs
  beforeAll(async () => {
    const store = engine === 'pglite' ? embedded.operational : server
    db = store.db
    stores = { db, analytics: embedded.analytics, clock: () => new Date() }
    jobs = openJobs(store, createLog('silent'))
    jobs.start([{ name: 'recount', run: async () => {} }])
    // Their tables are there when the first job is.
    await jobs.send('recount', { accountId: 'acc_none' })
  })
  afterAll(() => jobs.close())

  test('every table says whose its rows are, or stands in the list with its reason', async () => {
    const all = await namesOf(db, sql`table_schema = 'public'`)
    const accounts = await namesOf(db, sql`table_schema = 'public' AND column_name = 'account_id'`)
    expect(all.filter((table) => !accounts.includes(table)).sort()).toEqual(Object.keys(withoutAccount).sort())
    expect((await namesOf(db, sql`table_schema = 'pgboss'`)).filter((table) => !/^j[0-9a-f]{40,}$/.test(table))).toEqual(tablesOfJobs)
    const { rows: schemas } = await sql<{ name: string }>`SELECT schema_name AS name FROM information_schema.schemata ORDER BY name`.execute(db)
    expect(schemas.map(({ name }) => name).filter((name) => !name.startsWith('pg_'))).toEqual(['information_schema', 'pgboss', 'public'])
    const tables = await stores.analytics.query<{ name: string }>(
      "SELECT name FROM system.tables WHERE database = currentDatabase() AND endsWith(engine, 'MergeTree') AND name NOT IN (SELECT table FROM system.columns WHERE database = currentDatabase() AND name = 'account_id')",
    )
    expect(tables.map(({ name }) => name)).toEqual(analyticsWithoutAccount)
  })

  test('everything of the account goes, from every table of both stores; another account keeps every row', async () => {
    const [leaving, staying] = [await makeAccount(db), await makeAccount(db)]
    const gone = await fill(stores, jobs, leaving)
    const kept = await fill(stores, jobs, staying)
    const before = await everything(db, stores.analytics, leaving.id)
    expect(Object.entries(before).filter(([, rows]) => rows === 0)).toEqual([])
    const others = await everything(db, stores.analytics, staying.id)

    const rows = await offboard(stores, leaving, { signal: still })

    expect(zeros(rows)).toEqual([])
    // The report that was open ended with an entry of its own.
    expect(Object.fromEntries(rows.map(({ what, before: had }) => [what, had]))).toMatchObject({ ...before, audit: 2 })
    expect(rows.filter(({ before: had }) => had === 0)).toEqual([])
    const left = await everything(db, stores.analytics, leaving.id)
    expect(Object.entries(left).filter(([, count]) => count > 0)).toEqual([])
    expect(await everything(db, stores.analytics, staying.id)).toEqual(others)
    expect(await findAccount(db, leaving.systemName)).toBeUndefined()
    expect(await findAccount(db, staying.systemName)).toBeDefined()

    // People of this account alone go with their sessions; platform operators stay.
    expect(await findUser(db, gone.alone)).toBeUndefined()
    expect([await findUser(db, gone.operator), await findUser(db, kept.alone), await findUser(db, kept.operator)]).not.toContain(undefined)
    const { rows: records } = await sql<{ grant_id: string; payload: unknown }>`SELECT grant_id, payload FROM oauth_records WHERE user_id = ${gone.alone}
      OR grant_id IN (${gone.grants.alone}, ${gone.grants.shared}) ORDER BY model`.execute(db)
    expect(records).toEqual([
      { grant_id: gone.grants.shared, payload: { aud: 'x' } },
      { grant_id: gone.grants.shared, payload: { accounts: ['acc_other'], sealed: 'x' } },
    ])
    // Nowhere is the account's id left, in whatever column: the search goes over the text of whole rows.
    for (const table of [...(await namesOf(db, sql`table_schema = 'public'`)), 'pgboss.job']) {
      const { rows: found } = await sql`SELECT 1 FROM ${sql.table(table)} AS t WHERE t::text LIKE ${`%${leaving.id}%`}`.execute(db)
      expect(found, table).toEqual([])
    }
  })

  test.each([
    ['among the tables', 'Deleting events, orders and figures', 8],
    ['before the last step', 'Deleting the audit log', 2],
  ])(
    'stopped %s, it is run again to the end',
    async (_, step, done) => {
      const account = await makeAccount(db)
      await fill(stores, jobs, account)
      const stop = new AbortController()
      const stopped = offboard(stores, account, { signal: stop.signal, onProgress: (at, so) => at === step && so === done && stop.abort() })
      await expect(stopped).rejects.toThrow()
      expect(await findAccount(db, account.systemName)).toMatchObject({ mcpEnabled: false })
      expect(zeros(await offboard(stores, account, { signal: still }))).toEqual([])
      expect(Object.values(await everything(db, stores.analytics, account.id)).reduce((sum, rows) => sum + rows)).toBe(0)
    },
    60_000,
  )

  test('an import that runs is waited for, and none begins meanwhile', async () => {
    const account = await makeAccount(db)
    const load = await startLoad(db, { accountId: account.id, source: 'import', label: 'rows.csv' })
    const waiting = Promise.withResolvers<void>()
    const done = offboard(stores, account, { signal: still, onProgress: (step) => step.startsWith('Waiting for an import') && waiting.resolve() })
    await waiting.promise
    await expect(startLoad(db, { accountId: account.id, source: 'import', label: 'more.csv' })).rejects.toMatchObject({ code: 'not_found' })
    await stores.analytics.insert('web_events', [{ account_id: account.id, load_id: load.id }])
    await failLoad(db, load.id, new Error('stopped'))
    expect(zeros(await done)).toEqual([])
    expect(Object.values(await everything(db, stores.analytics, account.id)).reduce((sum, rows) => sum + rows)).toBe(0)
  })

  test('what cannot be deleted is said, and the account stays to be tried again', async () => {
    const account = await makeAccount(db)
    await sql`CREATE TABLE later (account_id text)`.execute(db)
    await sql`CREATE RULE keep AS ON DELETE TO later DO INSTEAD NOTHING`.execute(db)
    await sql`INSERT INTO later VALUES (${account.id})`.execute(db)
    await expect(offboard(stores, account, { signal: still })).rejects.toThrow(/left in later \(1\)/)
    expect(await findAccount(db, account.systemName)).toBeDefined()
    await sql`DROP RULE keep ON later`.execute(db)
    expect(zeros(await offboard(stores, account, { signal: still }))).toEqual([])
    expect((await sql`SELECT * FROM later`.execute(db)).rows).toEqual([])
    await sql`DROP TABLE later`.execute(db)
  })
})
