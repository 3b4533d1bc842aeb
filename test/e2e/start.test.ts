/** What Mercat is for: a fresh folder, the one command, and an assistant gets a report: discovery, registration, PKCE, sign-in, consent, tools/list, campaign_report; in both eras. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Client, StreamableHTTPClientTransport, UnauthorizedError } from '@modelcontextprotocol/client'
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport as OldTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sharedChromium, signIn } from '../browser/chromium.ts'
import { visitPages } from '../browser/visits.ts'
import { startOfficial } from './official.ts'

const openProfile = sharedChromium()

let server: Awaited<ReturnType<typeof startOfficial>>
beforeAll(async () => {
  server = await startOfficial()
}, 900_000)
afterAll(async () => {
  await server?.stop()
  await server?.remove()
})

async function figures(call: (name: string, args: Record<string, unknown>) => Promise<{ isError?: unknown; structuredContent?: unknown; content?: unknown }>): Promise<void> {
  const report = await call('campaign_report', {})
  expect(report.isError, JSON.stringify(report.content)).toBeFalsy()
  expect(report.structuredContent).toMatchObject({ summary: expect.anything(), rows: expect.any(Array), passport: expect.anything() })
  expect((report.structuredContent as { rows: unknown[] }).rows.length).toBeGreaterThan(5)
  const wrong = await call('campaign_report', { channels: ['Emial'] })
  expect(wrong.isError).toBe(true)
  expect(JSON.stringify(wrong.content)).toContain('Email')
}

test('a 2026-07-28 client gets a report', async () => {
  const provider = server.person('analyst')
  const url = new URL(`${server.origin}/c/demo`)
  const options = { versionNegotiation: { mode: { pin: '2026-07-28' } } }
  const first = new StreamableHTTPClientTransport(url, { authProvider: provider })
  await expect(new Client({ name: 'new', version: '1' }, options).connect(first)).rejects.toThrow(UnauthorizedError)
  await first.finishAuth(provider.callback.searchParams)
  const client = new Client({ name: 'new', version: '1' }, options)
  await client.connect(new StreamableHTTPClientTransport(url, { authProvider: provider }))
  expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['account_overview', 'campaign_report', 'flow_report', 'metric_definitions', 'list_organization_campaigns']),
  )
  await figures((name, args) => client.callTool({ name, arguments: args }))
  await client.close()
})

test('a client of the old SDK, speaking 2025-06-18, gets the same', async () => {
  const provider = server.person('marketer')
  const url = new URL(`${server.origin}/c/demo`)
  const first = new OldTransport(url, { authProvider: provider as never })
  await expect(new OldClient({ name: 'old', version: '1' }).connect(first as never)).rejects.toThrow('Unauthorized')
  await first.finishAuth(provider.callback.searchParams.get('code') ?? '')
  const client = new OldClient({ name: 'old', version: '1' })
  const transport = new OldTransport(url, { authProvider: provider as never })
  // Its own newest is 2025-11-25; the version that most hosts still ask for is sent in its stead.
  const send = transport.send.bind(transport)
  transport.send = async (message, options) => {
    const asked = message as { method?: string; params?: { protocolVersion?: string } }
    if (asked.method === 'initialize' && asked.params) asked.params.protocolVersion = '2025-06-18'
    await send(message as never, options)
  }
  await client.connect(transport as never)
  expect(transport.protocolVersion).toBe('2025-06-18')
  expect((await client.listTools()).tools.length).toBeGreaterThanOrEqual(4)
  await figures(async (name, args) => (await client.callTool({ name, arguments: args })) as { isError?: unknown; structuredContent?: unknown; content?: unknown })
  await client.close()
})

test('the passwords are kept where only the operator can read them', async () => {
  expect(await readFile(join(server.folder, 'first-passwords.txt'), 'utf8')).toContain('owner@example.com')
  expect(server.printed()).toContain(`claude mcp add --transport http mercat ${server.origin}/c/demo`)
})

test('each page of the dashboard is there, with all that is in sight, on the whole demo', async () => {
  const { page, close } = await openProfile()
  await signIn(page, server.origin, server.credentials('owner'), '/a/demo/connect')
  // Three drafts wait from the first day on, one with the target group that was made for it.
  await page.getByRole('link', { name: /^Drafts.*4 waiting/ }).waitFor()
  const visits = await visitPages(page, server.origin, 'demo')
  expect(visits.length).toBeGreaterThan(20)
  // How soon is measured on a machine that does nothing else: `npm run bench -- start`.
  for (const { path, milliseconds } of visits) console.log(`${path}: ${Math.round(milliseconds)} ms`)
  await close()
})

test('it starts again in the same folder, and Ctrl-C ends it', async () => {
  expect(await server.stop()).toBe(0)
  await server.again()
  expect((await fetch(`${server.origin}/c/demo`, { method: 'POST' })).status).toBe(401)
  expect(await server.stop()).toBe(0)
})
