/** `npm test` on a fresh clone: installs what the tests need, then runs the gates and every test. Plain JavaScript for whatever Node the machine has. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { ensureInstalled, node, root } from './install.mjs'

await ensureInstalled()
const { status } = spawnSync(node, [join(root, 'scripts/test.ts')], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
process.exit(status ?? 1)
