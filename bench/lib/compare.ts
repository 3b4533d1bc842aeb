/** Asks the reports service and the raw rows the same question and compares the answers cell by cell. */
import { normalDecimal } from '../../src/core/money.ts'
import type { Principal } from '../../src/core/access.ts'
import { scopes } from '../../src/core/access.ts'
import type { Period } from '../../src/core/period.ts'
import { findAccountById, readSettings } from '../../src/domain/accounts/index.ts'
import { listCampaigns } from '../../src/domain/entities/index.ts'
import { createServices, type Stores } from '../../src/domain/index.ts'
import { campaignReportInput } from '../../src/domain/reports/index.ts'
import { naiveMetrics, naiveReport, naiveSettings } from './naive.ts'

type Figures = Record<string, Record<string, string>>

/** Someone who may see everything in the account. */
export async function operatorOf(stores: Stores, accountId: string): Promise<Principal> {
  const account = await findAccountById(stores.db, accountId)
  if (!account) throw new Error(`No account ${accountId}`)
  return { userId: 'bench', account, clientId: 'cli', scopes: new Set(scopes), grantable: new Set(scopes), operator: false, organizations: null, brands: null }
}

/** Campaign name → metric → figure, as campaign_report gives it. Channels that cannot report a metric give null, which is no figure: 0 here. */
export async function reported(stores: Stores, accountId: string, period: Period): Promise<Figures> {
  const principal = await operatorOf(stores, accountId)
  const reports = createServices(stores)(principal).reports
  const figures: Figures = {}
  let cursor: string | null | undefined
  do {
    const page = await reports.campaigns(
      campaignReportInput.parse({ startDate: period.start, endDate: period.end, metrics: naiveMetrics, limit: 200, ...(cursor ? { cursor } : {}) }),
    )
    const column = (name: string) => page.columns.indexOf(name)
    for (const row of page.rows) {
      figures[String(row[column('id')])] = Object.fromEntries(naiveMetrics.map((metric) => [metric, plain(row[column(metric)])]))
    }
    cursor = page.nextCursor
  } while (cursor)
  return figures
}

/** A cell's figure: rates carry their parts, counts and money do not. */
function plain(cell: unknown): string {
  const value = Array.isArray(cell) ? cell[0] : cell
  return normalDecimal(String(value ?? 0))
}

/** The same from the raw rows. */
export async function computed(stores: Stores, accountId: string, period: Period): Promise<Figures> {
  const principal = await operatorOf(stores, accountId)
  const { attribution } = await readSettings(stores.db, accountId)
  const campaigns = await listCampaigns(stores.db, principal)
  const ids = new Map(campaigns.map(({ key, id }) => [key, id]))
  const excluded = campaigns.filter(({ definition }) => definition.kind === 'transactional' || definition.kind === 'double_opt_in').map(({ key }) => key)
  const rows = await stores.analytics.query<Record<string, string | number>>(
    naiveReport,
    {
      account: accountId,
      zone: principal.account.timeZone,
      currency: principal.account.currency,
      start: period.start,
      end: period.end,
      window: attribution.windowDays * 86_400_000,
      excluded: [...excluded, ...attribution.excludedCampaigns],
    },
    naiveSettings,
  )
  return Object.fromEntries(
    rows.map((row) => [ids.get(String(row.campaign)) ?? String(row.campaign), Object.fromEntries(naiveMetrics.map((metric) => [metric, normalDecimal(String(row[metric]))]))]),
  )
}
