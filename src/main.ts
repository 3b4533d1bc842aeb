/** The process entry: gives the command line what only the composition root may build. Loaded late, so that help and commands that a running server carries out stay quick. */
import { runCli } from './cli/run.ts'

process.exitCode = await runCli(process.argv.slice(2), {
  openStores: async (config, clock) => {
    const { openStores } = await import('./storage/open.ts')
    const { operational, analytics, close } = await openStores(config)
    return { db: operational.db, analytics, clock, close }
  },
  createMercat: async (config, options) => {
    const { createMercat } = await import('./app.ts')
    return await createMercat(config, options)
  },
})
