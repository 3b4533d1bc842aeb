/** Installs the dependencies when they are missing or older than the lockfile. Plain JavaScript for whatever Node the machine has (20 or newer), no dependencies. */
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { join, resolve } from 'node:path'

export const root = resolve(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..')

/** The Node the product runs on: the package `node` of the lockfile, whatever the machine has. */
export const node = join(root, 'node_modules/.bin/node')

const stamp = join(root, 'node_modules/.mercat-lock')
const lockHash = () =>
  createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')

/** Whether node_modules is what the lockfile says: by content, since a checkout gives every file a new time. */
function isInstalled() {
  if (!existsSync(node)) return false
  if (existsSync(stamp)) return readFileSync(stamp, 'utf8') === lockHash()
  // Installed by hand (npm ci, npm install): npm keeps its own lockfile, which is at least as new as the one it installed.
  const own = join(root, 'node_modules/.package-lock.json')
  return existsSync(own) && sameVersions(own)
}

/** Every package that npm says it installed has the lockfile's version, and none the lockfile needs here is missing. */
function sameVersions(own) {
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
  const present = JSON.parse(readFileSync(own, 'utf8')).packages
  return Object.entries(wanted).every(([path, { version, optional }]) => path === '' || (present[path] ? present[path].version === version : optional === true))
}

/** Resolves when the dependencies are there; exits with npm's code when they cannot be installed. */
export async function ensureInstalled() {
  if (isInstalled()) return
  const major = Number(process.versions.node.split('.')[0])
  if (major < 20) {
    console.error(`Mercat needs Node 20 or newer to install itself (found ${process.versions.node}). Get one from https://nodejs.org.`)
    process.exit(1)
  }
  console.error('Installing dependencies (once, about 1 GB with the analytics engine) …')
  const startedAt = Date.now()
  const seconds = () => Math.round((Date.now() - startedAt) / 1000)
  // On a terminal npm draws its own progress; elsewhere a line now and then shows that it lives.
  const beat = process.stderr.isTTY ? undefined : setInterval(() => console.error(`  … ${seconds()} s`), 10_000)
  // Warnings about the machine's Node are not shown: nothing but this installation runs on it.
  const code = await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'])
  clearInterval(beat)
  if (code !== 0 || !existsSync(node)) {
    console.error(`\`npm ci\` failed (exit code ${code}). Its messages are above; a proxy, a full disk or no network are the usual causes. Then run the command again.`)
    process.exit(code || 1)
  }
  writeFileSync(stamp, lockHash())
  console.error(`Installed in ${seconds()} s.`)
}

function run(command, args) {
  return new Promise((done) => {
    // npm_* of an npm that started this script would steer the inner one (its prefix, its omit list).
    const env = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^npm_(config_(prefix|global|omit|include|production|local_prefix)|package_|lifecycle_|command)/.test(name)),
    )
    const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', process.stderr, process.stderr] })
    child.on('error', (error) => {
      console.error(`${command}: ${error.message}`)
      done(1)
    })
    child.on('exit', (code, signal) => done(signal ? 1 : code))
  })
}
