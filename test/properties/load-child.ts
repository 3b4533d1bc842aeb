/** A process of its own for loads.test.ts: begins a load on a PostgreSQL server, says so, and lives until it is killed. */
import { startLoad } from '../../src/domain/facts/index.ts'
import { openOperational } from '../../src/storage/operational/open.ts'

const [url = '', accountId = ''] = process.argv.slice(2)
const operational = await openOperational({ engine: 'postgres', url })
const { id } = await startLoad(operational.db, { accountId, source: 'import', label: 'of a process of its own' })
process.stdout.write(`${id}\n`)
// Open connections do not keep the process: idle ones of a pool may.
setInterval(() => {}, 60_000)
