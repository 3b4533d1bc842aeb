/** A server whose dashboard was not built, or was built by something else. */
import { once } from 'node:events'
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createWeb } from './web.ts'

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mercat-web-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

test('not built: a page that says how, guarded, and no assets', async () => {
  const web = createWeb(join(temporaryFolder(), 'nothing'))
  const server = createServer((req, res) => void web.serve(req, res, req.url ?? '/')).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const page = await fetch(`${origin}/a/acme/connect`)
  expect(page.status).toBe(503)
  expect(await page.text()).toContain('npm run dashboard')
  expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/)
  expect((await fetch(`${origin}/assets/index.js`)).status).toBe(404)
})

test('a page without a place for the nonce is refused at the start: its styles would not work', () => {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'assets'))
  writeFileSync(join(folder, 'index.html'), '<!doctype html>')
  expect(() => createWeb(folder)).toThrow('build the dashboard again')
})
