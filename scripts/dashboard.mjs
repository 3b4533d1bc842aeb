/** Builds the dashboard, and the views for the chat beside it, into web/dist when their sources have changed: before a start, before the tests, and by hand (`npm run dashboard`). Plain JavaScript for whatever Node the machine has; the product's own Node builds. */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync } from 'node:zlib'
import { node, root } from './install.mjs'

const web = join(root, 'web')
const dist = join(web, 'dist')
const stamp = join(dist, '.built')
const lock = join(root, 'node_modules/.mercat-dashboard')
/** A builder that takes longer than this has died. */
const longestMs = 5 * 60_000

/** What the build is made from, as one hash: by content, since a checkout gives every file a new time. */
function sourceHash() {
  const hash = createHash('sha256')
  const files = [join(root, 'package-lock.json'), fileURLToPath(import.meta.url), ...filesOf(web)]
  for (const file of files)
    hash
      .update(`${relative(root, file)}\0`)
      .update(readFileSync(file))
      .update('\0')
  return hash.digest('hex')
}

function filesOf(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !/^dist(-|$)/.test(name) && !name.startsWith('.') && name !== 'node_modules')
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? filesOf(join(folder, entry.name)) : [join(folder, entry.name)]))
}

const isBuilt = (hash) => existsSync(stamp) && readFileSync(stamp, 'utf8') === hash

/** Resolves when web/dist is made from the sources as they are; a few milliseconds when nothing has changed. Throws with what the build said. */
export async function ensureDashboard(say = (line) => console.error(line)) {
  if (isBuilt(sourceHash())) return
  for (let waited = 0; !takeLock(); waited++) {
    if (waited === 0) say('Waiting for the dashboard, which another process builds …')
    await new Promise((done) => setTimeout(done, 200))
  }
  try {
    const hash = sourceHash()
    if (isBuilt(hash)) return
    say('Building the dashboard (once) …')
    await build(hash)
  } finally {
    rmSync(lock, { force: true })
  }
}

/** One builder at a time; a lock that its holder left behind is taken over. */
function takeLock() {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
  }
  try {
    if (isAlive(Number(readFileSync(lock, 'utf8'))) && Date.now() - statSync(lock).mtimeMs < longestMs) return false
    rmSync(lock, { force: true })
  } catch (error) {
    // Let go of in between.
    if (error.code !== 'ENOENT') throw error
  }
  return takeLock()
}

function isAlive(pid) {
  // Written in two steps: a lock without its number yet is a living one.
  if (!pid) return true
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** Into a folder of its own, which takes the place of the old one whole: a server that starts meanwhile sees the one or the other. */
async function build(hash) {
  const made = join(web, `dist-${process.pid}`)
  const before = join(web, `dist-${process.pid}-before`)
  try {
    await run([join(root, 'node_modules/vite/bin/vite.js'), 'build', web, '--outDir', made, '--emptyOutDir'])
    for (const file of filesOf(made)) {
      if (/\.(js|css|html|svg)$/.test(file)) writeFileSync(`${file}.br`, brotliCompressSync(readFileSync(file)))
    }
    // Clients are answered with the views as they are: nothing of them is packed.
    await run([join(web, 'views/build.ts'), join(made, 'views')])
    writeFileSync(join(made, '.built'), hash)
    if (existsSync(dist)) renameSync(dist, before)
    renameSync(made, dist)
  } finally {
    for (const folder of [made, before]) rmSync(folder, { recursive: true, force: true })
  }
}

function run(args) {
  return new Promise((done, fail) => {
    const child = spawn(node, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      // What a test runner sets would make it a build for development, and the next start would serve that.
      env: { ...process.env, NODE_ENV: 'production' },
    })
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += text))
    child.on('error', fail)
    child.on('exit', (code) => (code === 0 ? done() : fail(new Error(`The dashboard could not be built:\n${said.trim()}`))))
  })
}

/** Vitest calls it before the system tests. When the build fails there is no dashboard rather than an old one: its tests fail, the others run. */
export async function setup() {
  try {
    await ensureDashboard()
  } catch (error) {
    console.error(error.message)
    rmSync(dist, { recursive: true, force: true })
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await ensureDashboard()
  console.log(`The dashboard is in ${relative(process.cwd(), dist) || dist}`)
}
