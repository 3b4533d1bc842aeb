/** The process entry: gives the command line what only the composition root may build. Loaded late, so that help and commands that a running server carries out stay quick. */
import { runCli } from './cli/run.ts'
import { publicOrigin } from './config.ts'
import { MercatError } from './core/errors.ts'

process.exitCode = await runCli(process.argv.slice(2), {
  openStores: async (config, clock) => {
    const { openStores } = await import('./storage/open.ts')
    const { operational, analytics, close } = await openStores(config)
    return { db: operational.db, analytics, clock, close }
  },
  sourceHouse: async (config, { db, clock }) => {
    const { installationSecret, openSeals } = await import('./identity/index.ts')
    const { sources } = await import('./ingest/sources/index.gen.ts')
    return {
      seals: await openSeals(db, await installationSecret(config), clock),
      types: sources,
      origin: publicOrigin(config),
      // What waits in the inbox is found by whichever Mercat runs.
      wake: () => {},
      pull: async () => {
        throw new MercatError('unavailable', 'Only a running Mercat asks a platform, and this command runs by itself', {
          hint: 'mercat start starts one: it asks every 15 minutes, and at once by this command. Where one runs on the same stores elsewhere, use “Pull now” on the page of the source.',
        })
      },
    }
  },
  createMercat: async (config, options) => {
    const { createMercat } = await import('./app.ts')
    return await createMercat(config, options)
  },
})
