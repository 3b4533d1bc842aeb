/** `mercat account`: makes accounts (MCP off), switches MCP, shows and changes settings. */
import { z } from 'zod'
import { MercatError } from '../../core/errors.ts'
import { table } from '../table.ts'
import { type AccountSettings, createAccount, getAccount, listAccounts, readSettings } from '../../domain/accounts/index.ts'
import { type Changes, commandLine, createSettings } from '../../domain/administration/index.ts'
import { recordEvent } from '../../domain/audit/index.ts'
import { recount } from '../../domain/facts/index.ts'
import { type CommandContext, defineCommand, defineGroup } from '../define.ts'
import { offboardAccount } from '../offboard.ts'

const account = z.string().meta({ description: 'System name of the account.', placeholder: 'name' })

const create = defineCommand({
  name: 'create',
  summary: 'Make an account, with MCP off',
  description: 'The system name is what URLs carry (/c/<name>) and never changes. Time zone and currency decide what a day and an amount mean in every report.',
  examples: ['mercat account create acme --name "Acme Stores" --time-zone Europe/Berlin --currency EUR'],
  arguments: ['account'],
  input: z.strictObject({
    account,
    name: z.string().meta({ description: 'Name that people read.', placeholder: 'text' }),
    timeZone: z.string().default('UTC').meta({ description: 'IANA time zone of its days.', placeholder: 'zone' }),
    currency: z.string().default('EUR').meta({ description: 'ISO 4217 code of its amounts.', placeholder: 'code' }),
  }),
  run: async ({ args, context }) => {
    const { db, clock } = await context.stores()
    const made = await db.transaction().execute(async (transaction) => {
      const account = await createAccount(transaction, { systemName: args.account, name: args.name, timeZone: args.timeZone, currency: args.currency })
      await recordEvent(transaction, clock, { accountId: account.id, event: 'account.created', userId: null, clientId: 'cli' })
      return account
    })
    context.print(`Made the account ${made.systemName} (${made.id}). MCP is off.`)
    context.print(`Next: mercat member add ${made.systemName} <e-mail> --role owner, then mercat account mcp ${made.systemName} on.`)
  },
})

const list = defineCommand({
  name: 'list',
  summary: 'List all accounts',
  input: z.strictObject({}),
  run: async ({ context }) => {
    const { db } = await context.stores()
    const accounts = await listAccounts(db)
    if (accounts.length === 0) context.print('There is no account yet. mercat account create makes one.')
    else
      context.print(
        table(
          ['account', 'name', 'time zone', 'currency', 'MCP'],
          accounts.map((one) => [one.systemName, one.name, one.timeZone, one.currency, one.mcpEnabled ? 'on' : 'off']),
        ),
      )
  },
})

const show = defineCommand({
  name: 'show',
  summary: 'Show an account and its settings',
  arguments: ['account'],
  input: z.strictObject({ account }),
  run: async ({ args, context }) => {
    const { db } = await context.stores()
    const found = await getAccount(db, args.account)
    context.print(JSON.stringify({ ...found, settings: await readSettings(db, found.id) }, null, 2))
  },
})

const mcp = defineCommand({
  name: 'mcp',
  summary: 'Turn MCP on or off for an account',
  description: 'Off acts on the next call of every connected app. Their grants stay: turning MCP on again lets them go on.',
  examples: ['mercat account mcp acme on'],
  arguments: ['account', 'state'],
  input: z.strictObject({ account, state: z.enum(['on', 'off']).meta({ description: 'on or off.' }) }),
  run: async ({ args, context }) => {
    const stores = await context.stores()
    const found = await getAccount(stores.db, args.account)
    await createSettings(stores, nothing)(commandLine(found)).setMcp(args.state === 'on')
    context.print(`MCP is ${args.state} for ${found.systemName}.`)
  },
})

const settings = defineCommand({
  name: 'settings',
  summary: 'Show or change the settings of an account',
  description:
    'Without --set it prints them, defaults included. --set takes JSON with the settings to replace; the others stay. A change of goals or attribution counts all figures anew; until that is done, reports follow the settings of before and say so.',
  examples: [
    'mercat account settings acme',
    'mercat account settings acme --set \'{"privacyFloor": 20}\'',
    'mercat account settings acme --set \'{"customerAttributes": [{"name": "loyalty_tier", "type": "text", "title": "Loyalty tier"}]}\'',
  ],
  arguments: ['account'],
  input: z.strictObject({ account, set: z.string().max(100_000).optional().meta({ description: 'Settings to replace, as a JSON object.', placeholder: 'json' }) }),
  run: async ({ args, context }) => {
    const stores = await context.stores()
    const found = await getAccount(stores.db, args.account)
    if (args.set === undefined) return context.print(JSON.stringify(await readSettings(stores.db, found.id), null, 2))
    await apply(context, args.account, { settings: parseObject(args.set) })
    context.print(JSON.stringify(await readSettings(stores.db, found.id), null, 2))
  },
})

const change = defineCommand({
  name: 'change',
  summary: 'Change the name, time zone or currency of an account',
  description:
    'Another time zone moves the days of all figures, which are counted anew; until that is done, reports follow the zone of before. The currency can change only while there are no orders.',
  examples: ['mercat account change acme --time-zone Europe/Vienna'],
  arguments: ['account'],
  input: z.strictObject({
    account,
    name: z.string().optional().meta({ description: 'Name that people read.', placeholder: 'text' }),
    timeZone: z.string().optional().meta({ description: 'IANA time zone of its days.', placeholder: 'zone' }),
    currency: z.string().optional().meta({ description: 'ISO 4217 code of its amounts.', placeholder: 'code' }),
  }),
  run: async ({ args: { account: systemName, ...changes }, context }) => {
    if (Object.keys(changes).length === 0) throw new MercatError('invalid_arguments', 'Nothing to change was given', { hint: 'Give --name, --time-zone or --currency.' })
    await apply(context, systemName, changes)
    context.print(`Changed ${systemName}.`)
  },
})

const nothing = async () => {}

/** Changes an account and counts its figures anew where they follow the change, before it returns. */
async function apply(context: CommandContext, systemName: string, changes: Changes): Promise<void> {
  const stores = await context.stores()
  const found = await getAccount(stores.db, systemName)
  const recountNow = async (accountId: string) => {
    const onProgress = (done: number, of: number) => context.progress('Counting figures anew', done, of, 'steps')
    if (await recount(stores, accountId, 'Settings changed', { signal: context.signal, onProgress })) context.note('Figures are counted anew.')
  }
  await createSettings(stores, recountNow)(commandLine(found)).change(changes)
}

function parseObject(text: string): Partial<AccountSettings> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  } catch {
    // Said below, in the same words as for JSON that is no object.
  }
  throw new MercatError('invalid_arguments', '--set must be a JSON object, like {"privacyFloor": 20}', { argument: 'set' })
}

export default defineGroup({
  name: 'account',
  summary: 'Accounts: make, list, show, switch MCP, change, delete',
  commands: [create, list, show, mcp, settings, change, offboardAccount],
})
