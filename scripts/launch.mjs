/** `npm start` and bin/mercat.mjs: installs what is missing, then runs the product on its own Node 24 with these arguments, as if it were this process. */
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureDashboard } from './dashboard.mjs'
import { ensureInstalled, node, root } from './install.mjs'

/** Runs `mercat …args` and ends this process the way it ends. */
export async function launch(args) {
  await ensureInstalled()
  if (args[0] === 'start') await dashboard()
  // The embedded analytics engine can hold three of the four threads that files and password hashes wait for, too.
  // What Node has compiled is kept for the next command: two fifths of what the shortest ones take is compiling. Where the folder cannot be written, Node goes without.
  const env = { UV_THREADPOOL_SIZE: '8', NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/mercat'), ...process.env }
  const child = spawn(node, [join(root, 'src/main.ts'), ...args], { stdio: 'inherit', env })
  // A terminal sends Ctrl-C to the whole group, a service manager only to this process: passing every signal on covers both; the product takes a repetition at the same moment for one.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => {
    console.error(`${node}: ${error.message}`)
    process.exit(1)
  })
  child.on('exit', (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : (code ?? 1)))
}

/** Mercat serves apps without its dashboard too: a build that fails is told, and does not stop the start. */
async function dashboard() {
  try {
    await ensureDashboard()
  } catch (error) {
    console.error(error.message)
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await launch(process.argv.slice(2))
