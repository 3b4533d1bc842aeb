/** Mercat with a rate limit, for two people. Prints its port, its path and a token of each. Argument: calls a minute of one person. */
import { startApp } from '../../test/app.ts'

const app = await startApp({ env: { MERCAT_RATE_USER: process.argv[2] ?? '' } })
console.log(`listening ${app.port} /c/acme ${await app.token('marketer', 'c/acme')} ${await app.token('analyst', 'c/acme')}`)
process.on('SIGTERM', () => void app.close().then(() => process.exit(0)))
