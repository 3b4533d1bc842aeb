/** What a PostgreSQL server does by itself and the embedded one does not: gives the room of deleted rows back and renews what the planner knows. Changes no row. */
import { sql } from 'kysely'
import type { ScheduledJob } from './jobs.ts'
import type { OperationalStore } from './store.ts'

/** Fewer changed rows are not worth the reading. */
const fewChanges = 500

/** Jobs of the store itself; a server needs none. */
export function upkeepJobs({ db, engine }: Pick<OperationalStore, 'db' | 'engine'>): ScheduledJob[] {
  if (engine !== 'pglite') return []
  return [
    {
      name: 'vacuum',
      title: 'Give the room of deleted rows back',
      type: 'upkeep',
      cron: '37 * * * *',
      run: async (signal) => {
        const { rows } = await sql<{ name: string }>`
          SELECT format('%I.%I', schemaname, relname) AS name FROM pg_stat_user_tables WHERE n_dead_tup + n_mod_since_analyze > ${fewChanges}`.execute(db)
        // One statement a table: calls go on between them.
        for (const { name } of rows) {
          signal.throwIfAborted()
          await sql`VACUUM (ANALYZE) ${sql.raw(name)}`.execute(db)
        }
      },
    },
  ]
}
