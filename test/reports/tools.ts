/** Report tools without a server, each answer in its own type. */
import type { Account } from '../../src/core/access.ts'
import type { MercatError } from '../../src/core/errors.ts'
import type { ChannelReport, EmailHealth, Overview, Report } from '../../src/domain/reports/index.ts'
import { callTool } from '../call.ts'
import { refusalOf } from '../caught.ts'
import { principalOf, type TestStores } from '../stores.ts'

export const reportTools = ['campaign_report', 'flow_report', 'channel_report', 'email_health_report', 'account_overview', 'metric_definitions'] as const
export type ReportToolName = (typeof reportTools)[number]

/** The tools, for one account. */
export function reportsOf(stores: TestStores, account: Account, principal = principalOf(account)) {
  const call = async (name: ReportToolName, given: object) => await callTool(stores, principal, name, given)
  return {
    campaigns: async (given: object = {}) => (await call('campaign_report', given)).structured as unknown as Report,
    flows: async (given: object = {}) => (await call('flow_report', given)).structured as unknown as Report,
    overview: async (given: object = {}) => (await call('account_overview', given)).structured as unknown as Overview,
    channels: async (given: object = {}) => (await call('channel_report', given)).structured as unknown as ChannelReport,
    health: async (given: object = {}) => (await call('email_health_report', given)).structured as unknown as EmailHealth,
    text: async (name: ReportToolName, given: object = {}) => (await call(name, given)).text,
    refusal: async (name: ReportToolName, given: unknown): Promise<MercatError> => await refusalOf(callTool(stores, principal, name, given)),
  }
}

/** A row's cells by column name. */
export function cell(report: { columns: readonly string[]; rows: readonly (readonly unknown[])[] }, id: string, column: string): unknown {
  const row = report.rows.find((cells) => cells[0] === id)
  if (!row) throw new Error(`No row ${id}`)
  return row[report.columns.indexOf(column)]
}
