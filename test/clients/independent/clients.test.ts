/** Clients that others wrote, as they come, against a whole Mercat with data: each finds the sign-in by itself, completes it with a person at the pages, and gets a report. */
import { auth, createMCPClient, type OAuthClientProvider, UnauthorizedError as AiUnauthorizedError } from '@ai-sdk/mcp'
import { Client, StreamableHTTPClientTransport, UnauthorizedError } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport as OldTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { setMcp } from '../../../src/domain/accounts/index.ts'
import { seedDemo } from '../../../src/ingest/demo/index.ts'
import { sharedApp } from '../../shared.ts'
import { PersonProvider } from '../oauth.ts'
import { type Home, installed, makeHome, run, signInWhenAsked } from './program.ts'

const app = sharedApp()
let address: string
beforeAll(async () => {
  await seedDemo(app.stores, app.accounts.acme.id, { events: 10_000, now: new Date() })
  address = app.at('/c/acme')
})

/** As ten minutes do: every access token is gone, and nothing remembers it. Clients have to refresh, without their person. */
async function expireAccessTokens(): Promise<void> {
  await app.stores.db.deleteFrom('oauth_records').where('model', '=', 'AccessToken').execute()
  await setMcp(app.stores.db, app.accounts.acme.id, true)
  expect(await app.stores.db.selectFrom('oauth_records').select('model').where('model', '=', 'RefreshToken').execute()).not.toEqual([])
}

interface Answer {
  isError?: unknown
  structuredContent?: unknown
  content?: unknown
}

function expectReport(answer: Answer): void {
  expect(answer.isError, JSON.stringify(answer.content)).toBeFalsy()
  const report = answer.structuredContent as { rows: unknown[]; passport: unknown }
  expect(report.rows.length).toBeGreaterThan(3)
  expect(report.passport).toBeTruthy()
  expect(JSON.stringify(answer.content)).toContain('Mercat')
}

test('@modelcontextprotocol/client finds out by itself that the server is modern', async () => {
  const provider = new PersonProvider(app.origin, app.people.analyst)
  const options = { versionNegotiation: { mode: 'auto' as const } }
  const first = new StreamableHTTPClientTransport(new URL(address), { authProvider: provider })
  await expect(new Client({ name: 'auto', version: '1' }, options).connect(first)).rejects.toThrow(UnauthorizedError)
  await first.finishAuth(provider.callback.searchParams)
  const client = new Client({ name: 'auto', version: '1' }, options)
  await client.connect(new StreamableHTTPClientTransport(new URL(address), { authProvider: provider }))
  expect(client.getNegotiatedProtocolVersion()).toBe('2026-07-28')
  expectReport(await client.callTool({ name: 'campaign_report', arguments: {} }))
  const { callback } = provider
  await expireAccessTokens()
  expectReport(await client.callTool({ name: 'campaign_report', arguments: {} }))
  expect(provider.callback).toBe(callback)
  await client.close()
})

test('@modelcontextprotocol/sdk 1.32 speaks its own newest revision, 2025-11-25', async () => {
  const provider = new PersonProvider(app.origin, app.people.analyst)
  const first = new OldTransport(new URL(address), { authProvider: provider as never })
  await expect(new OldClient({ name: 'old', version: '1' }).connect(first as never)).rejects.toThrow('Unauthorized')
  await first.finishAuth(provider.callback.searchParams.get('code') ?? '')
  const client = new OldClient({ name: 'old', version: '1' })
  const transport = new OldTransport(new URL(address), { authProvider: provider as never })
  await client.connect(transport as never)
  expect(transport.protocolVersion).toBe('2025-11-25')
  expectReport((await client.callTool({ name: 'campaign_report', arguments: {} })) as Answer)
  const { callback } = provider
  await expireAccessTokens()
  expectReport((await client.callTool({ name: 'campaign_report', arguments: {} })) as Answer)
  expect(provider.callback).toBe(callback)
  await client.close()
})

test.each([
  ['2026-07-28', true],
  ['2025-11-25', false],
] as const)('@ai-sdk/mcp, an implementation of its own with an OAuth of its own: %s', async (version, protocolVersionDiscovery) => {
  const provider = new PersonProvider(app.origin, app.people.analyst)
  const authProvider = provider as unknown as OAuthClientProvider
  const open = () => createMCPClient({ transport: { type: 'http', url: address, authProvider }, protocolVersionDiscovery })
  await expect(open()).rejects.toThrow(AiUnauthorizedError)
  const { searchParams } = provider.callback
  await auth(authProvider, { serverUrl: address, authorizationCode: searchParams.get('code') ?? '', callbackIssuer: searchParams.get('iss') ?? '' })
  const client = await open()
  expect(client.initializeResult.protocolVersion).toBe(version)
  const tools = await client.tools()
  const { execute } = tools.campaign_report ?? {}
  const report = async () => (await execute?.({}, { toolCallId: '1', messages: [] } as never)) as Answer
  expectReport(await report())
  const { callback } = provider
  await expireAccessTokens()
  expectReport(await report())
  expect(provider.callback).toBe(callback)
  await client.close()
})

describe('mcp-remote, between a desktop host and the server', () => {
  let home: Home
  beforeAll(async () => {
    home = await makeHome()
  })
  const opened: Client[] = []
  afterAll(async () => {
    await Promise.all(opened.map((client) => client.close()))
    await home?.remove()
  })

  async function open(more: readonly string[] = []) {
    const args = [installed('mcp-remote/dist/proxy.js'), address, '--transport', 'http-only', ...more]
    const transport = new StdioClientTransport({ command: process.execPath, args, env: { ...home.env, MCP_REMOTE_CONFIG_DIR: home.folder }, stderr: 'pipe' })
    const person = signInWhenAsked(app, app.people.analyst)
    transport.stderr?.on('data', person.hear)
    const client = new Client({ name: 'desktop-host', version: '1' })
    opened.push(client)
    await Promise.race([client.connect(transport), person.signedIn.then(() => new Promise<never>(() => {}))])
    return { client, asked: person.asked() }
  }

  test('signs in through the browser that it opens, and brings a report', async () => {
    const { client, asked } = await open()
    expect(asked).toBe(true)
    expectReport(await client.callTool({ name: 'campaign_report', arguments: {} }))
    await expireAccessTokens()
    expectReport(await client.callTool({ name: 'campaign_report', arguments: {} }))
    await client.close()
  })

  test('goes on with its stored tokens, and speaks 2026-07-28 where the host does not', async () => {
    const { client, asked } = await open(['--protocol', 'auto'])
    expect(asked).toBe(false)
    expectReport(await client.callTool({ name: 'campaign_report', arguments: {} }))
    await client.close()
  })
})

describe('the Inspector’s command line', () => {
  let home: Home
  beforeAll(async () => {
    home = await makeHome()
  })
  afterAll(() => home?.remove())

  const inspect = (more: readonly string[], onStderr?: (chunk: Buffer) => void) =>
    run(home, [installed('@modelcontextprotocol/inspector/clients/cli/build/index.js'), '--server-url', address, '--transport', 'http', '--format', 'json', ...more], {
      env: { MCP_STORAGE_DIR: `${home.folder}/storage`, MCP_INSPECTOR_SECRET_STORE: 'file', MCP_AUTO_OPEN_ENABLED: 'true' },
      ...(onStderr === undefined ? {} : { onStderr }),
    })

  test('signs in, and lists the tools', async () => {
    const person = signInWhenAsked(app, app.people.analyst)
    const { code, stdout, stderr } = await inspect(['--method', 'tools/list', '--strict', '--callback-url', 'http://127.0.0.1:0/oauth/callback'], person.hear)
    expect(code, stderr).toBe(0)
    // The Inspector looks for what other hosts could not read in a schema.
    expect(stderr).not.toMatch(/Warning: tool|Error: tool/)
    expect((JSON.parse(stdout) as { result: { tools: { name: string }[] } }).result.tools.map(({ name }) => name)).toContain('campaign_report')
  })

  test.each(['legacy', 'modern'])('calls a tool with its stored sign-in, also when the token has expired, %s', async (era) => {
    await expireAccessTokens()
    const { code, stdout, stderr } = await inspect(['--stored-auth-only', '--protocol-era', era, '--method', 'tools/call', '--tool-name', 'campaign_report'])
    expect(code, stderr).toBe(0)
    expectReport((JSON.parse(stdout) as { result: Answer }).result)
  })
})
