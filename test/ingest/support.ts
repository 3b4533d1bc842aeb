/** What the import tests share: real stores with an account, files in a folder of their own, and figures read the way reports read them. */
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Account } from '../../src/core/access.ts'
import { currentFacts, factsSnapshot } from '../../src/domain/facts/index.ts'
import type { Stores } from '../../src/domain/index.ts'
import { importFiles, type ImportOptions, type ImportResult } from '../../src/ingest/index.ts'
import { makeAccount, openTestStores, type TestStores } from '../stores.ts'

export const root = resolve(import.meta.dirname, '../..')
const data = resolve(root, '../shared/data')

/** Path of a real file, or undefined after saying that the tests of it are skipped. Required in CI. */
export function realData(path: string): string | undefined {
  const file = join(data, path)
  if (existsSync(file)) return file
  if (process.env.MERCAT_TEST_DATA_REQUIRED === '1') throw new Error(`The real data is required here and ${path} is not in ../shared/data`)
  console.warn(`SKIPPED: ../shared/data/${path} is absent, so nothing is proved about it`)
  return undefined
}

export interface Workshop {
  readonly stores: TestStores
  readonly folder: string
  readonly account: (given?: Parameters<typeof makeAccount>[1]) => Promise<Account>
  readonly write: (name: string, content: string | Buffer) => Promise<string>
  readonly import: (account: Account, files: string[], options?: Partial<ImportOptions>) => Promise<ImportResult>
  /** Rows of a file of rejected rows. */
  readonly rejected: (path: string | undefined) => Promise<Record<string, unknown>[]>
  readonly close: () => Promise<void>
}

export async function openWorkshop(): Promise<Workshop> {
  const stores = await openTestStores()
  const folder = await mkdtemp(join(tmpdir(), 'mercat-test-'))
  return {
    stores,
    folder,
    account: (given) => makeAccount(stores.db, given),
    write: async (name, content) => {
      await writeFile(join(folder, name), content)
      return join(folder, name)
    },
    import: (account, files, options = {}) => importFiles(stores, account.id, files, { rejectsFolder: folder, ...options }),
    rejected: async (path) =>
      path === undefined
        ? []
        : (await readFile(path, 'utf8'))
            .trim()
            .split('\n')
            .map((line) => JSON.parse(line) as Record<string, unknown>),
    close: async () => {
      await stores.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const messageColumns = ['sends', 'deliveries', 'opens', 'clicks', 'unsubscribes', 'complaints', 'hard_bounces', 'held_out']

/** Everything the facts say, in an order of its own: equal figures are equal values. */
export async function figures(stores: Stores, accountId: string): Promise<unknown> {
  const { snapshot, dataAsOf } = await factsSnapshot(stores.analytics, accountId)
  const rows = (table: string, family: 'messages' | 'orders' | 'uplift', columns: string, by: string) =>
    stores.analytics.query(`SELECT ${by}, ${columns} FROM ${table} WHERE account_id = {account:String} AND ${currentFacts(family)} GROUP BY ${by} ORDER BY ${by}`, {
      account: accountId,
      snapshot,
    })
  return {
    dataAsOf,
    messages: await rows('message_facts', 'messages', messageColumns.map((column) => `sum(${column}) AS ${column}`).join(', '), 'campaign, basis, day, channel, country, variant'),
    orders: await rows(
      'order_facts',
      'orders',
      'sum(orders) AS orders, toString(sum(revenue)) AS revenue, sumMap(products) AS products, sumMap(opt_ins_asked) AS asked, sumMap(opt_ins_given) AS given',
      'campaign, basis, day, channel, country, variant, status, currency',
    ),
    uplift: await rows(
      'uplift_facts',
      'uplift',
      'sum(customers) AS customers, sum(visitors) AS visitors, sum(orderers) AS orderers, toString(sum(revenue)) AS revenue',
      'campaign, day, goal, arm',
    ),
  }
}

/** Totals by campaign on the send basis. */
export async function totals(stores: Stores, accountId: string): Promise<{ campaign: string; sends: number; clicks: number; held_out: number }[]> {
  const { snapshot } = await factsSnapshot(stores.analytics, accountId)
  return await stores.analytics.query(
    `SELECT campaign, sum(sends) AS sends, sum(clicks) AS clicks, sum(held_out) AS held_out FROM message_facts
     WHERE account_id = {account:String} AND basis = 'send' AND ${currentFacts('messages')} GROUP BY campaign ORDER BY campaign`,
    { account: accountId, snapshot },
  )
}
