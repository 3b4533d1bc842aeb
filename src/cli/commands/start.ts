/** `mercat start`: runs the product until it is told to stop. Builds nothing itself: the composition root does, and demo data is ingestion's. */
import { once } from 'node:events'
import { z } from 'zod'
import packageJson from '../../../package.json' with { type: 'json' }
import type { Account } from '../../core/access.ts'
import { createLog } from '../../core/log.ts'
import { findAccount, listAccounts } from '../../domain/accounts/index.ts'
import { hasDemo, seedDemo } from '../../ingest/demo/index.ts'
import { type CommandContext, defineCommand } from '../define.ts'
import { proposeFirstDrafts } from '../first-drafts.ts'
import { demoAccount, type FirstPeople, makeFirstPeople } from '../first-start.ts'
import type { Running } from '../host.ts'

export default defineCommand({
  name: 'start',
  summary: 'Start Mercat and serve until Ctrl-C',
  description:
    'Starts the server with the stores that the configuration names (by default both in ./data).\nThe first start makes a demo account with people and data; MERCAT_DEMO=0 leaves that out.',
  examples: ['mercat start', 'MERCAT_PORT=8080 MERCAT_DATA_DIR=/srv/mercat mercat start'],
  input: z.strictObject({}),
  here: true,
  run: async ({ context }) => {
    const { config, host, signal } = context
    const log = createLog(config.MERCAT_LOG_LEVEL)
    const running = await host.createMercat(config, { log, onProgress: context.note })
    const background = new AbortController()
    let work: Promise<void> = Promise.resolve()
    try {
      const first = config.MERCAT_DEMO && !signal.aborted ? await makeFirstPeople(running.stores, config.MERCAT_DATA_DIR) : undefined
      if (first) await fillDemo(running, first.account, context)
      if (!signal.aborted) {
        context.print(welcome(running.origin, await listAccounts(running.stores.db), first))
        if (!first && config.MERCAT_DEMO) {
          // The demo's days end today; catching up is no reason to wait with the rest.
          work = continueDemo(running, context.now, AbortSignal.any([signal, background.signal])).catch((error: unknown) =>
            log.error({ err: error }, 'demo data could not be topped up'),
          )
        }
        await stopped(signal)
      }
    } finally {
      background.abort()
      await work
      await running.close()
    }
    context.note('Stopped.')
  },
})

async function fillDemo({ stores, services }: Running, account: Account, context: CommandContext): Promise<void> {
  context.note('First start: making the demo account and 18 months of its data, once.')
  await seedDemo(stores, account.id, { now: context.now, signal: context.signal, onProgress: context.progress })
  await proposeFirstDrafts(stores, services, account)
}

async function continueDemo({ stores }: Running, now: Date, signal: AbortSignal): Promise<void> {
  const account = await findAccount(stores.db, demoAccount)
  if (account && (await hasDemo(stores.db, account.id))) await seedDemo(stores, account.id, { now, signal })
}

/** What to do next, with everything ready to copy. */
function welcome(origin: string, accounts: readonly Account[], first: FirstPeople | undefined): string {
  const open = accounts.filter((account) => account.mcpEnabled)
  const lines = [`Mercat ${packageJson.version} is ready on ${origin}`, '']
  const [account] = open
  if (account) {
    lines.push(
      `  Connector    ${origin}/c/${account.systemName}${open.length > 1 ? `   (and ${open.length - 1} more: mercat account list)` : ''}`,
      `  Claude Code  claude mcp add --transport http mercat ${origin}/c/${account.systemName}`,
    )
  }
  lines.push(`  Dashboard    ${origin}/`, '')
  if (first) lines.push(`People of the account "${first.account.systemName}" (shown once, kept in ${first.file}):`, ...first.lines.map((line) => `  ${line}`), '')
  if (accounts.length === 0) lines.push('There is no account yet: mercat account create <name>, then mercat user create <email>.', '')
  else if (open.length === 0) lines.push('MCP is off for every account: mercat account mcp <name> on.', '')
  lines.push('Stop with Ctrl-C.')
  return lines.join('\n')
}

async function stopped(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort')
}
