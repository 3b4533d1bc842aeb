/** Runs the command line of @modelcontextprotocol/conformance as a child and reads the checks it wrote. Judges nothing. */
import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const cli = resolve(import.meta.dirname, '../../node_modules/@modelcontextprotocol/conformance/dist/index.js')

export interface Check {
  readonly scenario: string
  readonly id: string
  readonly status: 'SUCCESS' | 'FAILURE' | 'WARNING' | 'SKIPPED' | 'INFO'
  readonly description: string
  readonly errorMessage?: string
}

export interface Run {
  readonly checks: readonly Check[]
  /** What it printed. */
  readonly printed: string
}

/** @param onPrinted called with all that it printed until then @param withinMs then it is stopped, and the run fails */
export async function runSuite(args: readonly string[], { onPrinted, withinMs = 240_000 }: { onPrinted?: (printed: string) => void; withinMs?: number } = {}): Promise<Run> {
  const folder = await mkdtemp(join(tmpdir(), 'mercat-conformance-'))
  try {
    const printed = await new Promise<string>((ended, failed) => {
      let said = ''
      const child = spawn(process.execPath, [cli, ...args, '--output-dir', folder], {
        env: { PATH: process.env.PATH, HOME: folder, NO_COLOR: '1' },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      const tooLong = setTimeout(() => child.kill('SIGKILL'), withinMs)
      const listen = (chunk: Buffer) => {
        said += chunk.toString()
        onPrinted?.(said)
      }
      child.stdout.on('data', listen)
      child.stderr.on('data', listen)
      child.once('error', failed)
      child.once('close', (code, signal) => {
        clearTimeout(tooLong)
        if (signal) failed(new Error(`The suite was ended by ${signal}: ${said.slice(-2000)}`))
        // 1 says that checks failed, which the caller judges check by check.
        else if (code === 0 || code === 1) ended(said)
        else failed(new Error(`The suite ended with ${code}: ${said.slice(-2000)}`))
      })
    })
    return { checks: await readChecks(folder), printed }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function readChecks(folder: string): Promise<Check[]> {
  const checks: Check[] = []
  for (const name of (await readdir(folder)).sort()) {
    // server-<scenario>-2026-11-20T22-00-37-055Z, and authorization-server-… for the other suite.
    const scenario = name.replace(/^(authorization-server|server)-/, '').replace(/-\d{4}-\d\d-\d\dT[\d-]+Z$/, '')
    for (const check of JSON.parse(await readFile(join(folder, name, 'checks.json'), 'utf8')) as Omit<Check, 'scenario'>[]) checks.push({ ...check, scenario })
  }
  return checks
}
