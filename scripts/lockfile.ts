/**
 * `npm run lockfile`: completes package-lock.json with the platform packages that npm left out because the registry it was run against does not carry them;
 * `npm ci` refuses a lockfile without them. With --check it only tells. Changes nothing else.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'

interface Package {
  version?: string
  dev?: boolean
  optionalDependencies?: Record<string, string>
}

const path = resolve(import.meta.dirname, '../package-lock.json')
const lock = JSON.parse(await readFile(path, 'utf8')) as { packages: Record<string, Package & Record<string, unknown>> }
const missing: string[] = []

for (const [parent, { dev, optionalDependencies = {} }] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    if (lock.packages[`node_modules/${name}`] || lock.packages[`${parent}/node_modules/${name}`]) continue
    const platform = /(android|darwin|freebsd|linux|win32)-(arm64|x64)(?:-(musl|gnu))?$/.exec(name)
    if (!platform || !/^\d+\.\d+\.\d+/.test(version)) continue
    missing.push(name)
    const [, os, cpu, libc] = platform
    lock.packages[`node_modules/${name}`] = {
      version,
      cpu: [cpu],
      ...(dev ? { dev } : {}),
      ...(libc ? { libc: [libc === 'gnu' ? 'glibc' : libc] } : {}),
      optional: true,
      os: [os],
    }
  }
}

if (missing.length && process.argv.includes('--check')) {
  console.error(`package-lock.json lacks ${missing.join(', ')}: run \`npm run lockfile\`, or \`npm ci\` will refuse it.`)
  process.exitCode = 1
} else if (missing.length) {
  lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)))
  await writeFile(path, `${JSON.stringify(lock, null, 2)}\n`)
  console.log(`Added ${missing.join(', ')}`)
}
