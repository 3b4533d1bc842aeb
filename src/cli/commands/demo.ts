/** `mercat demo`: fills an account with invented data of any size, for trying out and for measuring. Never touches an account that holds real data. */
import { z } from 'zod'
import { createAccount, findAccount } from '../../domain/accounts/index.ts'
import { seedDemo } from '../../ingest/demo/index.ts'
import { defineCommand } from '../define.ts'

export default defineCommand({
  name: 'demo',
  summary: 'Make or extend an account with invented data',
  description: [
    'Makes the account if there is none of that name, and fills it with 18 months of campaigns, flows, messages, orders and visits that end yesterday.',
    'The same size gives the same data. On an account that has a demo, a larger size adds people, and every run adds the days since the last one.',
    'A run that was stopped goes on where it was. 100 million events take about fifteen minutes and 7 GB of disk.',
  ].join('\n'),
  examples: ['mercat demo', 'mercat demo --events 10000000 --account bench'],
  input: z.strictObject({
    events: z.coerce.number().int().min(1_000).max(1_000_000_000).default(2_000_000).meta({ description: 'About how many message events.', placeholder: 'number' }),
    account: z.string().default('demo').meta({ description: 'System name of the account.', placeholder: 'name' }),
  }),
  run: async ({ args, context }) => {
    const stores = await context.stores()
    const account =
      (await findAccount(stores.db, args.account)) ??
      (await createAccount(stores.db, { systemName: args.account, name: `Demo ${args.account}`, timeZone: 'Europe/Berlin', currency: 'EUR' }))
    const began = performance.now()
    const made = await seedDemo(stores, account.id, { events: args.events, now: context.now, signal: context.signal, onProgress: context.progress })
    const seconds = (performance.now() - began) / 1000
    context.print(
      made.events
        ? `Added ${made.events.toLocaleString('en')} message events to ${account.systemName} in ${seconds.toFixed(1)} s (${Math.round(made.events / seconds).toLocaleString('en')} events/s, facts included).`
        : `${account.systemName} is up to date: nothing to add.`,
    )
    context.print(`It holds ${made.people.toLocaleString('en')} people and the days ${made.period.start} to ${made.period.end}.`)
    if (!account.mcpEnabled) context.print(`Next: mercat account mcp ${account.systemName} on, then mercat member add, so that a person can connect to it.`)
  },
})
