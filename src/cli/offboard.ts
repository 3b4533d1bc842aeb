/** `mercat account offboard`: deletes everything of an account in both stores, after asking for its name, and prints what there was and that nothing is left. */
import { z } from 'zod'
import { MercatError } from '../core/errors.ts'
import { table } from './table.ts'
import { getAccount } from '../domain/accounts/index.ts'
import { offboard } from '../domain/operations/index.ts'
import { defineCommand } from './define.ts'

export const offboardAccount = defineCommand({
  name: 'offboard',
  summary: 'Delete everything of an account, for good',
  description:
    'Turns MCP off, ends every app and person that has access only here, waits for imports of the account that run, and deletes its data in both stores: events, orders, customers, figures, campaigns, the audit log. Backups are yours to delete. It can be stopped and run again. It asks for the system name first.',
  examples: ['mercat account offboard acme', 'mercat account offboard acme --yes-delete acme'],
  arguments: ['account'],
  input: z.strictObject({
    account: z.string().meta({ description: 'System name of the account.', placeholder: 'name' }),
    yesDelete: z.string().optional().meta({ description: 'The system name again, instead of being asked for it.', placeholder: 'name' }),
  }),
  run: async ({ args, context }) => {
    const stores = await context.stores()
    const account = await getAccount(stores.db, args.account)
    const typed = args.yesDelete ?? (await context.ask(`Everything of ${account.systemName} (${account.name}) will be deleted for good. Type its system name to go on`))
    if (typed.trim() !== account.systemName)
      throw new MercatError('invalid_arguments', 'That is not the system name of the account: nothing was deleted', { argument: 'yesDelete' })
    const rows = await offboard(stores, account, {
      signal: context.signal,
      onProgress: (step, done, of) => (done === undefined ? context.note(step) : context.progress(step, done, of)),
    })
    context.print(
      table(
        ['store', 'what', 'rows before', 'rows now'],
        rows.map(({ store, what, before, after }) => [store, what, String(before), String(after)]),
      ),
    )
    context.print(`The account ${account.systemName} is gone. Copies in backups and exported files are yours to delete.`)
  },
})
