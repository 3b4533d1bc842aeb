/** A Mercat process with the fixture catalog, for tests that need several on one PostgreSQL. Settings come by environment; ends on SIGTERM. */
import { createMercat } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { createLog } from '../../src/core/log.ts'
import { fixtureTools } from '../edge/fixtures.ts'

const mercat = await createMercat(readConfig(), { log: createLog('warn'), tools: fixtureTools })
process.once('SIGTERM', () => void mercat.close())
console.log(`listening on ${mercat.port}`)
