/** Calls report tools as the pipeline does, without a server: strict parse, run, output check, render. */
import type { Account, Principal } from '../../src/core/access.ts'
import { MercatError } from '../../src/core/errors.ts'
import { parseArguments } from '../../src/catalog/arguments.ts'
import { tools } from '../../src/catalog/tools/index.gen.ts'
import { createServices } from '../../src/domain/index.ts'
import type { ChannelReport, EmailHealth, Overview, Report } from '../../src/domain/reports/index.ts'
import type { TestStores } from '../stores.ts'
import { principalOf } from './fixture.ts'

export const reportTools = ['campaign_report', 'flow_report', 'channel_report', 'email_health_report', 'account_overview', 'metric_definitions'] as const
export type ReportToolName = (typeof reportTools)[number]

export function toolNamed(name: ReportToolName) {
  const entry = tools.find(({ tool }) => tool.name === name)
  if (!entry) throw new Error(`No tool ${name}`)
  return entry.tool
}

/** Structured answer and text of a tool. Throws the MercatError a caller would get. */
export async function callTool(stores: TestStores, principal: Principal, name: ReportToolName, given: unknown): Promise<{ structured: Record<string, unknown>; text: string }> {
  const tool = toolNamed(name)
  const input = parseArguments(tool.input, given)
  const ctx = { ...createServices(stores)(principal), principal, signal: new AbortController().signal, progress: () => {} }
  const structured = tool.output.parse(await tool.run({ input, ctx }))
  return { structured, text: tool.render(structured, () => '') }
}

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
    refusal: async (name: ReportToolName, given: unknown): Promise<MercatError> => {
      try {
        await callTool(stores, principal, name, given)
      } catch (error) {
        if (error instanceof MercatError) return error
        throw error
      }
      throw new Error(`${name} accepted ${JSON.stringify(given).slice(0, 200)}`)
    },
  }
}

/** A row's cells by column name. */
export function cell(report: { columns: readonly string[]; rows: readonly (readonly unknown[])[] }, id: string, column: string): unknown {
  const row = report.rows.find((cells) => cells[0] === id)
  if (!row) throw new Error(`No row ${id}`)
  return row[report.columns.indexOf(column)]
}
