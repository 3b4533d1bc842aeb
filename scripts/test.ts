/** Gates, then the unit and the system tests; tells what ran. The very last line is `N passed, N failed[, N skipped]`, with every gate counted as one test. Skips nothing in silence. */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { runGates } from './gates.ts'

interface Report {
  success: boolean
  testResults: { name: string; status: string; message: string; assertionResults: { fullName: string; status: string; duration?: number | null }[] }[]
}

const root = resolve(import.meta.dirname, '..')
/** A stop for tests that hang. All tests together are to take less than 25 minutes on two cores; a busy machine may take longer. */
const limitMinutes = 60

const gates = runGates()
const problems = [...gates.failed.map((name) => `gate: ${name}`), ...ensureChromium()]
const report = await runTests()
let passed = gates.passed
const skipped: string[] = []

for (const file of report?.testResults ?? []) {
  const name = relative(root, file.name)
  const count = (status: string) => file.assertionResults.filter((test) => test.status === status).length
  passed += count('passed')
  const failed = file.assertionResults.filter((test) => test.status === 'failed')
  problems.push(...failed.map((test) => `${name}: ${test.fullName}`))
  if (file.status === 'failed' && failed.length === 0) problems.push(`${name}: the file itself failed`)
  skipped.push(...file.assertionResults.filter((test) => !['passed', 'failed'].includes(test.status)).map((test) => `${name}: ${test.fullName}`))
}
if (report === undefined) problems.push('vitest: gave no report')
else if (!report.success && problems.length === 0) problems.push('vitest: an error outside the tests, see above')

console.log(`\nRan ${gates.passed + gates.failed.length} gates and ${report?.testResults.length ?? 0} test files:`)
for (const file of [...(report?.testResults ?? [])].sort((a, b) => (a.name < b.name ? -1 : 1))) {
  console.log(`  ${file.status === 'passed' ? '✓' : '✗'} ${relative(root, file.name)} (${file.assertionResults.length})`)
}
if (skipped.length) console.log(`\nSkipped:\n${skipped.map((name) => `  ${name}`).join('\n')}`)
if (problems.length) console.log(`\nFailed:\n${problems.map((name) => `  ${name}`).join('\n')}`)
process.exitCode = problems.length ? 1 : 0
console.log(`\n${passed} passed, ${problems.length} failed${skipped.length ? `, ${skipped.length} skipped` : ''}`)

/** Both vitest projects; undefined when it wrote no report. */
async function runTests(): Promise<Report | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'mercat-report-'))
  const file = join(folder, 'report.json')
  try {
    const child = spawn(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, CI: 'true' },
    })
    const timer = setTimeout(() => {
      console.log(`The tests take longer than ${limitMinutes} minutes: stopped.`)
      child.kill('SIGTERM')
    }, limitMinutes * 60_000)
    await new Promise((done) => child.once('exit', done))
    clearTimeout(timer)
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Report) : undefined
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Browser tests drive Debian's Chromium. What is wrong, when it cannot be had. */
function ensureChromium(): string[] {
  const needed = globSync('{src,test}/**/*.test.ts', { cwd: root }).some((path) => readFileSync(join(root, path), 'utf8').includes('playwright'))
  if (!needed || ['chromium', 'chromium-browser', 'google-chrome'].some((name) => run('which', [name]))) return []
  const message = 'Chromium is missing: install it (Debian: apt-get install chromium), the browser tests need it'
  if (process.getuid?.() !== 0) return [message]
  console.log('Installing Chromium for the browser tests …')
  return run('apt-get', ['update', '-q']) && run('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'chromium'], 'inherit') ? [] : [message]
}

function run(file: string, args: string[], stdio: 'ignore' | 'inherit' = 'ignore'): boolean {
  return spawnSync(file, args, { stdio, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }).status === 0
}
