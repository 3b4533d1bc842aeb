/** `mercat audit`: the audit log of an account for an operator: the newest entries, or all of them as NDJSON. Changes nothing. */
import { z } from 'zod'
import type { Account } from '../../core/access.ts'
import { table } from '../../core/text.ts'
import { getAccount, readSettings } from '../../domain/accounts/index.ts'
import { type AuditFilter, auditQuestion, everyCall, filterOf, findCallDetails, findCalls, lineOf, mostPerPage, recordEvent } from '../../domain/audit/index.ts'
import { type CommandContext, defineCommand, defineGroup } from '../define.ts'

const { from, to, ...others } = auditQuestion
const question = { account: z.string().meta({ description: 'System name of the account.', placeholder: 'name' }), since: from, until: to, ...others }
type Question = z.output<z.ZodObject<typeof question>>

const exportBatch = 100

async function asked(given: Question, context: CommandContext): Promise<{ account: Account; filter: AuditFilter }> {
  const { db, clock } = await context.stores()
  const { account: systemName, since, until, ...rest } = given
  const account = await getAccount(db, systemName)
  const { retentionDays } = await readSettings(db, account.id)
  return { account, filter: filterOf({ ...rest, from: since, to: until }, account.timeZone, new Date(clock().getTime() - retentionDays * 86_400_000)) }
}

const list = defineCommand({
  name: 'list',
  summary: 'Show the newest entries of an audit log',
  examples: ['mercat audit list acme', 'mercat audit list acme --since 2026-03-01 --outcome missing_scopes'],
  arguments: ['account'],
  input: z.strictObject({ ...question, limit: z.number().int().min(1).max(mostPerPage).default(20).meta({ description: 'How many.', placeholder: 'count' }) }),
  run: async ({ args: { limit, ...given }, context }) => {
    const { db } = await context.stores()
    const { account, filter } = await asked(given, context)
    const rows = await findCalls(db, account.id, filter, undefined, limit)
    if (rows.length === 0) return context.print('No entries.')
    context.print(
      table(
        ['id', 'at', 'person', 'app', 'what', 'effect', 'outcome', 'ms', 'rows', 'tokens'],
        rows.map((row) => [
          String(row.id),
          row.at.toISOString(),
          row.person?.email ?? '',
          row.app ?? '',
          row.tool,
          row.effect,
          row.outcome,
          String(row.ms),
          String(row.rows ?? ''),
          String(row.tokens ?? ''),
        ]),
      ),
    )
  },
})

const exportAll = defineCommand({
  name: 'export',
  summary: 'Print an audit log as NDJSON, newest first',
  description: 'One entry a line, with parameters and result. Read in batches, so that a log of any length can be exported.',
  examples: ['mercat audit export acme --since 2026-03-01 > acme.ndjson'],
  arguments: ['account'],
  input: z.strictObject(question),
  run: async ({ args, context }) => {
    const { db, clock } = await context.stores()
    const { account, filter } = await asked(args, context)
    await recordEvent(db, clock, { accountId: account.id, event: 'audit.exported', userId: null, clientId: 'cli' })
    for await (const call of everyCall((after) => findCallDetails(db, account.id, filter, after, exportBatch), context.signal)) context.print(lineOf(call).trimEnd())
  },
})

export default defineGroup({ name: 'audit', summary: 'The audit log of an account: show and export', commands: [list, exportAll] })
