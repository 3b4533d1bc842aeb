/** The gates: format, lint and walls, types, sizes, generated files, lockfile. `npm run check` runs them and the unit tests; `npm test` runs them before every test. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..')
const bin = (name: string) => join(root, 'node_modules/.bin', name)

/** Line limits that Biome, which reads only code and JSON, cannot hold. */
const limits: [RegExp, number][] = [
  [/^README\.md$/, 150],
  [/^docs\/generated\/|\.golden\./, Number.POSITIVE_INFINITY],
  [/\.(md|sql|mjs|ya?ml)$/, 300],
]

const gates: [string, () => string | undefined][] = [
  ['Format, lint and import walls', () => command(bin('biome'), ['check', '--error-on-warnings'])],
  ['Types', () => command(bin('tsc'), ['-p', '.'])],
  ['Types of the dashboard', () => command(bin('tsc'), ['-p', 'web'])],
  ['File sizes', tooLong],
  ['Generated files', () => command(process.execPath, ['scripts/generate.ts', '--check'])],
  ['Lockfile', () => command(process.execPath, ['scripts/lockfile.ts', '--check'])],
]

export interface GateResult {
  readonly passed: number
  readonly failed: string[]
}

/** Runs every gate, even after one has failed, and prints one line each. */
export function runGates(): GateResult {
  const failed: string[] = []
  for (const [name, gate] of gates) {
    const startedAt = performance.now()
    const problem = gate()
    console.log(`${problem === undefined ? '✓' : '✗'} ${name} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`)
    if (problem === undefined) continue
    failed.push(name)
    console.log(problem)
  }
  return { passed: gates.length - failed.length, failed }
}

/** What a command says when it fails; undefined when it succeeds. */
function command(file: string, args: string[]): string | undefined {
  const { status, stdout, stderr, error } = spawnSync(file, args, { cwd: root, encoding: 'utf8', maxBuffer: 64 << 20 })
  return status === 0 ? undefined : `${error?.message ?? ''}${stdout}${stderr}`.trim()
}

function tooLong(): string | undefined {
  const { stdout } = spawnSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' })
  const problems = stdout.split('\0').flatMap((path) => {
    const limit = limits.find(([pattern]) => pattern.test(path))?.[1]
    const lines = limit === undefined || limit === Number.POSITIVE_INFINITY ? 0 : readFileSync(join(root, path), 'utf8').split('\n').length - 1
    return limit !== undefined && lines > limit ? [`${path} has ${lines} lines, at most ${limit} are allowed`] : []
  })
  return problems.length ? problems.join('\n') : undefined
}

if (import.meta.main) process.exitCode = runGates().failed.length ? 1 : 0
