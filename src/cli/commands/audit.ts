/** `mercat audit`: the audit log of an account for an operator: the newest entries, or all of them as NDJSON. By the service of the dashboard, which notes an export. */
import { z } from 'zod'
import { table } from '../table.ts'
import { getAccount, readSettings } from '../../domain/accounts/index.ts'
import { commandLine } from '../../domain/administration/index.ts'
import { auditPageSize, auditQuestion, type AuditService, createAudit } from '../../domain/audit/index.ts'
import { type CommandContext, defineCommand, defineGroup } from '../define.ts'

const { from, to, ...others } = auditQuestion
const question = { since: from, until: to, ...others }
const account = z.string().meta({ description: 'System name of the account.', placeholder: 'name' })

async function auditOf(systemName: string, context: CommandContext): Promise<AuditService> {
  const stores = await context.stores()
  const audit = createAudit(stores, async (accountId) => (await readSettings(stores.db, accountId)).retentionDays)
  return audit(commandLine(await getAccount(stores.db, systemName)))
}

const list = defineCommand({
  name: 'list',
  summary: 'Show the newest entries of an audit log',
  examples: ['mercat audit list acme', 'mercat audit list acme --since 2026-03-01 --outcome missing_scopes'],
  arguments: ['account'],
  input: z.strictObject({ account, ...question, limit: auditPageSize.default(20).meta({ description: 'How many.', placeholder: 'count' }) }),
  run: async ({ args: { account, since, until, limit, ...rest }, context }) => {
    const audit = await auditOf(account, context)
    const { entries } = await audit.search({ ...rest, from: since, to: until }, { limit })
    if (entries.length === 0) return context.print('No entries.')
    context.print(
      table(
        ['id', 'at', 'person', 'app', 'what', 'effect', 'outcome', 'ms', 'rows', 'tokens'],
        entries.map((row) => [
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
  input: z.strictObject({ account, ...question }),
  run: async ({ args: { account, since, until, ...rest }, context }) => {
    const audit = await auditOf(account, context)
    for await (const entry of await audit.export({ ...rest, from: since, to: until }, context.signal)) context.print(JSON.stringify(entry))
  },
})

export default defineGroup({ name: 'audit', summary: 'The audit log of an account: show and export', commands: [list, exportAll] })
