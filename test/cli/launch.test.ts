/** `npm start` as npm runs it: the product hears each signal once and npm waits for its end; and what counts as installed. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startedFolder, temporaryFolder } from './process.ts'

const root = resolve(import.meta.dirname, '../..')

/** npm with the product under it, in a process group of its own, as a shell makes one for a command line. */
async function npmStart(folder: string): Promise<{ npm: ChildProcess; err: () => string; product: number }> {
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, MERCAT_DATA_DIR: folder, MERCAT_PORT: '0', MERCAT_DEMO: '0' }
  const npm = spawn('npm', ['start', '--silent'], { cwd: root, detached: true, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const closed = once(npm, 'close')
  onTestFinished(async () => {
    if (npm.exitCode === null) process.kill(-Number(npm.pid), 'SIGKILL')
    await closed
  })
  let out = ''
  let err = ''
  npm.stderr?.setEncoding('utf8').on('data', (chunk: string) => (err += chunk))
  npm.stdout?.setEncoding('utf8').on('data', (chunk: string) => (out += chunk))
  while (!out.includes('Stop with Ctrl-C.')) {
    const more = await Promise.race([once(npm.stdout as NodeJS.EventEmitter, 'data').then(() => true), closed.then(() => false)])
    if (!more) throw new Error(`npm start ended: ${out}${err}`)
  }
  return { npm, err: () => err, product: Number(await readFile(join(folder, 'lock.pid'), 'utf8')) }
}

test.each([
  { signal: 'SIGTERM', to: 'npm alone, as a service manager sends it' },
  { signal: 'SIGINT', to: 'the whole group, as a terminal sends Ctrl-C' },
] as const)('$signal to $to closes the product once, and npm waits for it', async ({ signal, to }) => {
  const { npm, err, product } = await npmStart(await startedFolder())
  process.kill(to.startsWith('npm') ? Number(npm.pid) : -Number(npm.pid), signal)
  const [code] = await once(npm, 'close')
  expect(err().match(/Stopping/g)).toHaveLength(1)
  expect(err()).toMatch(/Stopped\.\n$/)
  expect(code).toBe(0)
  expect(() => process.kill(product, 0)).toThrow('ESRCH')
})

test('installing happens when node_modules is absent or of another lockfile, building when the dashboard has changed, and a failed one is told', async () => {
  const folder = await temporaryFolder()
  await mkdir(join(folder, 'scripts'))
  await mkdir(join(folder, 'bin'))
  await mkdir(join(folder, 'node_modules/.bin'), { recursive: true })
  for (const file of ['scripts/install.mjs', 'scripts/dashboard.mjs', 'scripts/launch.mjs', 'package.json', 'package-lock.json']) await cp(join(root, file), join(folder, file))
  await writeFile(join(folder, 'bin/npm'), '#!/bin/sh\necho "npm $*" >&2\nexit $NPM_EXIT\n', { mode: 0o755 })
  await mkdir(join(folder, 'node_modules/vite/bin'), { recursive: true })
  await writeFile(
    join(folder, 'node_modules/vite/bin/vite.js'),
    "const { mkdirSync, writeFileSync } = require('node:fs')\nconst out = process.argv[process.argv.indexOf('--outDir') + 1]\nmkdirSync(out)\nwriteFileSync(out + '/index.html', '')\n",
  )
  await mkdir(join(folder, 'web/views'), { recursive: true })
  await writeFile(join(folder, 'web/index.html'), '')
  await writeFile(join(folder, 'web/views/build.ts'), '')
  await mkdir(join(folder, 'src'))
  await writeFile(join(folder, 'src/main.ts'), 'process.exitCode = 7\n')
  const launch = async (env: Record<string, string> = {}) => {
    const child = spawn(process.execPath, [join(folder, 'scripts/launch.mjs'), 'start'], { env: { PATH: `${join(folder, 'bin')}:${process.env.PATH}`, ...env } })
    let err = ''
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (err += chunk))
    const [code] = await once(child, 'close')
    return { code: code as number, err }
  }
  expect(await launch({ NPM_EXIT: '9' })).toMatchObject({ code: 9, err: expect.stringContaining('`npm ci` failed (exit code 9)') })
  await symlink(process.execPath, join(folder, 'node_modules/.bin/node'))
  expect(await launch()).toMatchObject({ code: 7, err: expect.stringMatching(/npm ci --no-audit.*Building the dashboard/s) })
  expect(await launch()).toEqual({ code: 7, err: '' })
  await writeFile(join(folder, 'web/index.html'), 'changed')
  expect(await launch()).toEqual({ code: 7, err: 'Building the dashboard (once) …\n' })
  // Apps are served without the dashboard: a build that fails is told, and the start goes on.
  await writeFile(join(folder, 'web/index.html'), 'changed again')
  await rm(join(folder, 'node_modules/vite'), { recursive: true })
  expect(await launch()).toMatchObject({ code: 7, err: expect.stringContaining('The dashboard could not be built') })
  await writeFile(join(folder, 'package-lock.json'), '{"packages":{}}')
  expect(await launch()).toMatchObject({ code: 7, err: expect.stringContaining('npm ci') })
})
