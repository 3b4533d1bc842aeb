/** kill -9 in the middle of writes, on both engines: what was begun is there whole or not at all, what was answered is there, and retries with the same keys make one set of everything. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { upsertEntities } from '../../src/domain/entities/index.ts'
import { openOperational, type OperationalStore } from '../../src/storage/operational/open.ts'
import { type Child, startChild } from '../child.ts'
import { startPostgres, type TestPostgres } from '../engines/postgres.ts'
import { copyEmptyOperational } from '../engines/template.ts'
import { makeAccount } from '../stores.ts'
import { clients } from './world.ts'

let folder: string
let postgres: TestPostgres
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mercat-writes-kill-'))
  postgres = await startPostgres()
})
afterAll(async () => {
  await postgres.stop()
  await rm(folder, { recursive: true, force: true })
})

const products = clients.filter(({ type }) => type === 'product_configuration')

/** What the writer made, and whether each campaign is whole: with its webapp, branding and content, or not there. */
async function madeIn({ db }: OperationalStore, accountId: string) {
  const { rows } = await sql<{ id: string; name: string; organizations: number; campaigns: number; webapps: number; brandings: number; contents: number; products: number }>`
    SELECT min(o.id) AS id, o.name, count(DISTINCT o.id) AS organizations, count(*) FILTER (WHERE e.type = 'campaign') AS campaigns, count(*) FILTER (WHERE e.type = 'webapp') AS webapps,
      count(*) FILTER (WHERE e.type = 'branding') AS brandings, count(*) FILTER (WHERE e.type = 'content_profile') AS contents,
      coalesce(sum(jsonb_array_length(e.definition->'products')) FILTER (WHERE e.type = 'campaign'), 0)::int AS products
    FROM organizations o LEFT JOIN entities e ON e.account_id = o.account_id AND e.organization_id = o.id
    WHERE o.account_id = ${accountId} AND o.name LIKE 'Client %' GROUP BY o.name ORDER BY length(o.name), o.name`.execute(db)
  return rows
}

function expectWhole(rows: Awaited<ReturnType<typeof madeIn>>): void {
  for (const { name, organizations, campaigns, webapps, brandings, contents, products: linked } of rows) {
    expect(organizations, name).toBe(1)
    expect([0, 1], name).toContain(campaigns)
    expect([webapps, brandings, contents], name).toEqual([campaigns, campaigns, campaigns])
    expect([0, 2 * campaigns], name).toContain(linked)
  }
}

const whole = (n: number) => ({ name: `Client ${n}`, organizations: 1, campaigns: 1, webapps: 1, brandings: 1, contents: 1, products: 2 })
const count = 9

test('embedded: killed at nine moments, retried with the same keys each time', async () => {
  const place = join(folder, 'embedded')
  await copyEmptyOperational(place)
  const inStore = async <Result>(look: (opened: OperationalStore) => Promise<Result>) => {
    const opened = await openOperational({ engine: 'pglite', folder: place })
    try {
      return await look(opened)
    } finally {
      await opened.close()
    }
  }
  const account = await inStore(async ({ db }) => {
    const made = await makeAccount(db)
    await upsertEntities(db, made.id, products)
    return made.id
  })
  const answered: string[] = []
  const moments = Array.from({ length: count }, (_, n) => `${['organization', 'campaign', 'products'][n % 3]} ${n}`)
  for (const moment of moments) {
    const life = startChild(new URL('writer.ts', import.meta.url), [place, account, String(count)])
    const said = await life.said(moment)
    expect(said).toBeDefined()
    answered.push(said ?? '')
    // The next write is under way.
    await life.end('SIGKILL')
    const rows = await inStore(async (opened) => await madeIn(opened, account))
    expectWhole(rows)
    for (const line of answered) {
      const [what, n = '', id] = line.split(' ')
      const row = rows.find(({ name }) => name === `Client ${n}`)
      expect(row, line).toMatchObject({ ...(what === 'organization' ? { id } : { campaigns: 1 }), ...(what === 'products' ? { products: 2 } : {}) })
    }
  }
  const last = startChild(new URL('writer.ts', import.meta.url), [place, account, String(count)])
  expect(await last.said('done')).toBeDefined()
  await last.ended
  expect(await inStore(async (opened) => await madeIn(opened, account))).toMatchObject(Array.from({ length: count }, (_, n) => whole(n)))
})

test('PostgreSQL: killed while its rows are being written, nothing of them is there; the retry makes all', async () => {
  const url = await postgres.database()
  const opened = await openOperational({ engine: 'postgres', url })
  let life: Child | undefined
  try {
    const { db } = opened
    const { id: account } = await makeAccount(db)
    await upsertEntities(db, account, products)
    // The third of four rows waits for whoever holds the lock.
    await sql`CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS ${sql.lit("BEGIN IF NEW.type = 'branding' THEN PERFORM pg_advisory_xact_lock(42); END IF; RETURN NEW; END")}`.execute(
      db,
    )
    await sql`CREATE TRIGGER hold BEFORE INSERT ON entities FOR EACH ROW EXECUTE FUNCTION hold()`.execute(db)
    const waiting = async () => (await sql<{ n: number }>`SELECT count(*) AS n FROM pg_locks WHERE locktype = 'advisory' AND objid = 42 AND NOT granted`.execute(db)).rows[0]?.n
    await db.connection().execute(async (held) => {
      await sql`SELECT pg_advisory_lock(42)`.execute(held)
      life = startChild(new URL('writer.ts', import.meta.url), ['', account, '1'], { TEST_DATABASE_URL: url })
      expect(await life.said('organization 0')).toBeDefined()
      await expect.poll(waiting).toBe(1)
      await life.end('SIGKILL')
      await sql`SELECT pg_advisory_unlock(42)`.execute(held)
    })
    await expect
      .poll(
        async () =>
          (await sql<{ n: number }>`SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'`.execute(db)).rows[0]?.n,
      )
      .toBe(0)
    expect(await madeIn(opened, account)).toMatchObject([{ ...whole(0), campaigns: 0, webapps: 0, brandings: 0, contents: 0, products: 0 }])
    expect((await db.selectFrom('write_keys').select('tool').execute()).map(({ tool }) => tool)).toEqual(['create_organization'])
    const second = startChild(new URL('writer.ts', import.meta.url), ['', account, '1'], { TEST_DATABASE_URL: url })
    expect(await second.said('done')).toBeDefined()
    expect(await madeIn(opened, account)).toMatchObject([whole(0)])
  } finally {
    await life?.end('SIGKILL')
    await opened.close()
  }
})
