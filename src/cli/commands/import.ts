/** `mercat import`: brings files into an account, counts them, and tells what became of every row. The work is src/ingest. */
import { basename } from 'node:path'
import { z } from 'zod'
import { describeError, MercatError } from '../../core/errors.ts'
import { nearest } from '../../core/text.ts'
import { findAccount, listAccounts } from '../../domain/accounts/index.ts'
import { asImportJob } from '../../domain/operations/index.ts'
import { type FileResult, importFiles, kindNames } from '../../ingest/index.ts'
import { defineCommand, exitCodes } from '../define.ts'

const number = (value: number) => value.toLocaleString('en')
/** Names of files and campaigns are someone else's text: what would move a terminal's cursor is taken out. */
const tame = (text: string) => text.replace(/[\p{Cc}\p{Cf}]/gu, '�')

export default defineCommand({
  name: 'import',
  summary: 'Import files into an account',
  description: [
    'Reads CSV, NDJSON and Parquet, packed by gzip or not; the form is found by content. Files are canonical (entities, customers, events, orders, order_items,',
    'web_events; docs/import.md lists their fields) or described by a mapping. Rows that cannot be right are rejected and written to <file>.rejected.ndjson',
    'with their line and reason; the exit code is then 3. Importing a file again, in pieces, or after it was stopped or killed changes nothing.',
  ].join('\n'),
  examples: ['mercat import events.csv orders.ndjson.gz --account acme', 'mercat import hillstrom.csv --account acme --mapping examples/hillstrom.yaml'],
  input: z.strictObject({
    files: z.array(z.string().min(1)).min(1).meta({ description: 'Files to import.', placeholder: 'file' }),
    account: z.string().min(1).meta({ description: 'System name of the account.', placeholder: 'name' }),
    mapping: z.string().min(1).optional().meta({ description: 'YAML file that says what foreign columns mean.', placeholder: 'file' }),
    kind: z.enum(kindNames).optional().meta({ description: 'What canonical files hold, where their columns do not tell.', placeholder: 'kind' }),
    rejects: z.string().min(1).optional().meta({ description: 'Folder for the files of rejected rows. Default: where you are.', placeholder: 'folder' }),
  }),
  arguments: ['files'],
  run: async ({ args, context }) => {
    const stores = await context.stores()
    const account = await findAccount(stores.db, args.account)
    if (!account) {
      const names = (await listAccounts(stores.db)).map(({ systemName }) => systemName)
      throw new MercatError('not_found', `No account has the system name ${JSON.stringify(args.account)}`, {
        nearest: nearest(args.account, names),
        hint: 'mercat account create makes one.',
      })
    }
    const title = `Import ${tame(basename(args.files[0] ?? ''))}${args.files.length > 1 ? ` and ${args.files.length - 1} more` : ''}`
    const rows = new Map<string, number>()
    const result = await asImportJob(stores, { accountId: account.id, title, signal: context.signal }, (signal, progress) =>
      importFiles(stores, account.id, args.files.map(context.path), {
        mapping: args.mapping === undefined ? undefined : context.path(args.mapping),
        kind: args.kind,
        rejectsFolder: context.path(args.rejects ?? '.'),
        signal,
        onProgress: ({ step, file, done, of }) => {
          if (step === 'rows') rows.set(file, done)
          const stored = { rows: [...rows.values()].reduce((sum, count) => sum + count, 0) }
          progress(done, of, step === 'rows' ? `Rows of ${tame(file)}` : 'Counting', stored)
          if (step === 'rows') context.progress(tame(file), done, of, 'rows')
          else context.progress('Counting', done, of, 'steps')
        },
      }),
    ).catch((error: unknown) => {
      // A stopped command says no more than that it stopped; here it matters what was done and what to do.
      if (context.signal.aborted && error instanceof MercatError && error.code === 'cancelled') context.note(describeError(error))
      throw error
    })
    for (const file of result.files) context.print(report(file))
    context.print(`${number(result.campaigns)} campaign${result.campaigns === 1 ? '' : 's'} counted anew; ${result.seconds.toFixed(1)} s in all.`)
    const observed = result.files.flatMap(({ newCampaigns }) => newCampaigns)
    if (observed.length) {
      const some = tame(observed.slice(0, 5).join(', '))
      context.print(
        `${number(observed.length)} campaign${observed.length === 1 ? ' was' : 's were'} not known and stand${observed.length === 1 ? 's' : ''} under the id until imported as entities: ${some}${observed.length > 5 ? ' …' : ''}`,
      )
    }
    if (!result.rejected) return
    context.note(
      `${number(result.rejected)} ${result.rejected === 1 ? 'row was' : 'rows were'} rejected. Put right what is wrong in the source and import it again: rows that are in already change nothing.`,
    )
    return exitCodes.rejected
  },
})

function report(file: FileResult): string {
  const stored = Object.entries(file.accepted).map(([kind, count]) => `${number(count)} ${nounOf(kind, count)}`)
  const lines = [
    `${file.file}: ${number(file.read)} ${nounOf('rows', file.read)} read, ${stored.length ? stored.join(', ') : 'nothing'} stored, ${Math.round(file.read / file.seconds).toLocaleString('en')} rows/s`,
  ]
  const reasons = Object.entries(file.rejected).sort(([, a], [, b]) => b - a)
  for (const [reason, count] of reasons.slice(0, 10)) lines.push(`  rejected ${number(count)}: ${tame(reason)}`)
  if (reasons.length > 10) lines.push(`  and ${number(reasons.length - 10)} other reasons`)
  if (file.rejectedFile) lines.push(`  rejected rows: ${tame(file.rejectedFile)}`)
  return lines.join('\n')
}

/** Of `order_items`: order item, order items. */
function nounOf(kind: string, count: number): string {
  const many = kind.replaceAll('_', ' ')
  return count === 1 ? many.replace(/ies$/, 'y').replace(/s$/, '') : many
}
