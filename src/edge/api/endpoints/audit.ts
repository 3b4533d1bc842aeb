/** The audit log at the dashboard: search, one entry, export. */
import { z } from 'zod'
import { tools as catalog } from '../../../catalog/tools/index.gen.ts'
import { type AuditEvent, auditEvents, auditPageSize, auditQuestion, type AuditRow } from '../../../domain/audit/index.ts'
import { appNames } from '../app-names.ts'
import { account, download, query } from '../define.ts'

const titles = new Map(catalog.map(({ tool }) => [tool.name, tool.title]))
/** What was done, in words; the name itself for a tool that is none any more, or never was. */
const titleOf = (tool: string) => (Object.hasOwn(auditEvents, tool) ? auditEvents[tool as AuditEvent] : (titles.get(tool) ?? tool))

const entryOf = ({ at, app, ...row }: AuditRow, nameOf: (id: string) => string) => ({
  ...row,
  at: at.toISOString(),
  app: app === null ? null : { id: app, name: nameOf(app) },
  title: titleOf(row.tool),
})

export default {
  search: query({
    input: z.strictObject({
      account,
      ...auditQuestion,
      cursor: z.string().max(600).optional(),
      limit: auditPageSize.optional(),
    }),
    run: async ({ input: { account, cursor, limit, ...question }, at, identity }) => {
      const { services } = await at(account)
      const { entries, next, retentionDays, choices } = await services.audit.search(question, { cursor, limit })
      const nameOf = await appNames({ identity }, [...entries.map(({ app }) => app), ...choices.apps])
      return {
        entries: entries.map((row) => entryOf(row, nameOf)),
        nextCursor: next,
        retentionDays,
        people: choices.people,
        apps: choices.apps.map((id) => ({ id, name: nameOf(id) })),
        tools: choices.tools.map((name) => ({ name, title: titleOf(name) })),
        outcomes: choices.outcomes,
      }
    },
  }),
  entry: query({
    input: z.strictObject({ account, id: z.number().int().min(1) }),
    run: async ({ input, at, identity }) => {
      const { services } = await at(input.account)
      const { input: given, result, ...row } = await services.audit.entry(input.id)
      return { ...entryOf(row, await appNames({ identity }, [row.app])), input: given, result }
    },
  }),
  export: download({
    input: z.strictObject({ account, ...auditQuestion }),
    run: async ({ input: { account, ...question }, at, signal }) => {
      const { services } = await at(account)
      const entries = await services.audit.export(question, signal)
      return { filename: `audit-${account}.ndjson`, contentType: 'application/x-ndjson', lines: linesOf(entries) }
    },
  }),
}

async function* linesOf(entries: AsyncIterable<unknown>): AsyncGenerator<string> {
  for await (const entry of entries) yield `${JSON.stringify(entry)}\n`
}
