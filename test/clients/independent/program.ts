/** A client that is a program of its own: where it keeps its things, which browser it opens (none: a test walks the address it prints), and nothing of the machine's own settings. */
import { spawn } from 'node:child_process'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import type { TestApp } from '../../app.ts'
import { Browser } from '../browser.ts'
import { type Person, walk } from '../oauth.ts'

const modules = resolve(import.meta.dirname, '../../../node_modules')

/** The path of a file of an installed package. */
export function installed(path: string): string {
  return join(modules, path)
}

export interface Home {
  readonly folder: string
  readonly env: Record<string, string>
  readonly remove: () => Promise<void>
}

/** An empty home; whatever opens a browser there opens one that does nothing. */
export async function makeHome(): Promise<Home> {
  const folder = await mkdtemp(join(tmpdir(), 'mercat-client-'))
  const bin = join(folder, 'bin')
  await mkdir(bin)
  for (const name of ['browser', 'xdg-open', 'open']) {
    await writeFile(join(bin, name), '#!/bin/sh\nexit 0\n')
    await chmod(join(bin, name), 0o755)
  }
  const env = { PATH: [bin, dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter), HOME: folder, BROWSER: join(bin, 'browser'), NO_COLOR: '1' }
  return { folder, env, remove: () => rm(folder, { recursive: true, force: true }) }
}

/** For a program's stderr: when it prints the address to sign in at, the person walks it, and the program gets its callback. Rejects when the person got stuck. */
export function signInWhenAsked(app: TestApp, person: Person): { readonly hear: (chunk: Buffer) => void; readonly signedIn: Promise<void>; readonly asked: () => boolean } {
  const { promise, resolve: done, reject } = Promise.withResolvers<void>()
  promise.catch(() => {})
  let heard = ''
  let asked = false
  return {
    signedIn: promise,
    asked: () => asked,
    hear: (chunk) => {
      heard += chunk.toString()
      const [url] = /http:\/\/\S+\/authorize\?\S+(?=\s)/.exec(heard) ?? []
      if (!url || asked) return
      asked = true
      walk(new Browser(app.origin), url, person)
        .then((callback) => fetch(callback))
        .then((response) => (response.ok ? done() : reject(new Error(`The program refused its callback: ${response.status}`))), reject)
    },
  }
}

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs a Node program to its end, or stops it. */
export async function run(
  home: Home,
  args: readonly string[],
  { env = {}, onStderr, withinMs = 120_000 }: { env?: Record<string, string>; onStderr?: (chunk: Buffer) => void; withinMs?: number } = {},
): Promise<Ended> {
  return await new Promise((ended, failed) => {
    const child = spawn(process.execPath, args, { env: { ...home.env, ...env }, cwd: home.folder, stdio: ['ignore', 'pipe', 'pipe'] })
    const tooLong = setTimeout(() => child.kill('SIGKILL'), withinMs)
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString()
    })
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString()
      onStderr?.(chunk)
    })
    child.once('error', failed)
    child.once('close', (code) => {
      clearTimeout(tooLong)
      ended({ code, stdout, stderr })
    })
  })
}
