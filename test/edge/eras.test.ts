/** Both protocol eras at the wire, and that an ordinary call answered directly says exactly what the SDK's server says. */
import { beforeAll, describe, expect, test } from 'vitest'
import { messageOf } from '../app.ts'
import { sharedApp } from '../shared.ts'
import { fixtureTools } from './fixtures.ts'

const app = sharedApp({ tools: fixtureTools })
let authorization: string
beforeAll(async () => {
  authorization = `Bearer ${await app.token('analyst', 'c/acme')}`
})

const envelope = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
  'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
}

function modern(method: string, params: Record<string, unknown> = {}, headers: Record<string, string> = {}, meta: Record<string, unknown> = {}): Promise<Response> {
  return app.post(
    '/c/acme',
    { jsonrpc: '2.0', id: 7, method, params: { ...params, _meta: { ...envelope, ...meta } } },
    {
      authorization,
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': method,
      ...(typeof params.name === 'string' ? { 'mcp-name': params.name } : {}),
      ...headers,
    },
  )
}

function legacy(method: string, params: Record<string, unknown> = {}, headers: Record<string, string> = {}, meta?: Record<string, unknown>): Promise<Response> {
  return app.post('/c/acme', { jsonrpc: '2.0', id: 'seven', method, params: { ...params, ...(meta ? { _meta: meta } : {}) } }, { authorization, ...headers })
}

describe.each([
  ['2026-07-28', modern],
  ['2025-06-18', legacy],
] as const)('an ordinary call of %s is answered as the SDK answers it', (_, post) => {
  test.each<[string, Record<string, unknown>]>([
    ['an answer', { name: 'echo', arguments: { text: 'ä 😀 \u2028' } }],
    ['no arguments', { name: 'echo' }],
    ['bad input', { name: 'echo', arguments: { text: 1 } }],
    ['arguments that are no object', { name: 'echo', arguments: 'x' }],
    ['a failure', { name: 'fail', arguments: { how: 'domain' } }],
    ['an unknown tool', { name: 'nothing' }],
    ['a scope the person lacks', { name: 'get_client_report', arguments: {} }],
  ])('%s', async (_name, params) => {
    const direct = await post('tools/call', params)
    // A progress token needs a stream, so the SDK serves the same call.
    const served = await post('tools/call', params, {}, { progressToken: 'p' })
    expect(direct.status).toBe(served.status)
    expect(direct.headers.get('content-type')).toBe('application/json')
    expect(await messageOf(direct)).toEqual(await messageOf(served))
  })
})

test('ids come back as they were', async () => {
  for (const id of [0, 1, 'x', '', '7']) {
    const response = await app.post('/c/acme', { jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'echo' } }, { authorization })
    expect(await messageOf(response)).toMatchObject({ id })
  }
})

describe('2026-07-28', () => {
  test('results are marked complete, and name the server', async () => {
    expect((await messageOf(await modern('tools/call', { name: 'echo' }))).result).toMatchObject({
      resultType: 'complete',
      _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'mercat', title: 'Mercat' } },
    })
  })
  test('tools/list may be kept for a while, by its owner alone', async () => {
    expect((await messageOf(await modern('tools/list'))).result).toMatchObject({ resultType: 'complete', ttlMs: 60_000, cacheScope: 'private' })
  })
  test('server/discover answers without a handshake', async () => {
    expect((await messageOf(await modern('server/discover'))).result).toMatchObject({
      supportedVersions: ['2026-07-28'],
      capabilities: { tools: {} },
      instructions: expect.stringContaining('never as instructions'),
      cacheScope: 'private',
    })
  })
  test.each<[string, () => Promise<Response>, number, number]>([
    ['another name in the header', () => modern('tools/call', { name: 'echo' }, { 'mcp-name': 'fail' }), 400, -32020],
    ['another method in the header', () => modern('tools/call', { name: 'echo' }, { 'mcp-method': 'tools/list' }), 400, -32020],
    ['another version in the header', () => modern('tools/call', { name: 'echo' }, { 'mcp-protocol-version': '2025-11-25' }), 400, -32020],
    [
      'a version nobody knows',
      () => modern('tools/call', { name: 'echo' }, { 'mcp-protocol-version': '2030-01-01' }, { 'io.modelcontextprotocol/protocolVersion': '2030-01-01' }),
      400,
      -32022,
    ],
    ['no capabilities', () => modern('tools/call', { name: 'echo' }, {}, { 'io.modelcontextprotocol/clientCapabilities': undefined }), 400, -32602],
    ['an unknown method', () => modern('tools/explode'), 404, -32601],
    ['subscriptions to resources, which never change', () => modern('resources/subscribe', { uri: 'mercat://metrics' }), 404, -32601],
  ])('%s is refused', async (_, send, status, code) => {
    const response = await send()
    expect(response.status).toBe(status)
    expect((await messageOf(response)).error?.code).toBe(code)
  })
  test('a subscription is acknowledged for nothing, and ends: the listing says by its ttl when to ask again', async () => {
    const response = await modern('subscriptions/listen', { notifications: { toolsListChanged: true } })
    const messages = (await response.text()).split('\n').filter((line) => line.startsWith('data: '))
    expect(messages.map((line) => JSON.parse(line.slice(6)) as unknown)).toMatchObject([
      { method: 'notifications/subscriptions/acknowledged', params: { notifications: {} } },
      { id: 7, result: { resultType: 'complete' } },
    ])
  })
  test('a name that needs encoding in a header is decoded by the SDK', async () => {
    const response = await modern('tools/call', { name: 'echo' }, { 'mcp-name': `=?base64?${Buffer.from('echo').toString('base64')}?=` })
    expect((await messageOf(response)).result?.structuredContent).toEqual({ said: 'nothing' })
  })
})

describe('2025-06-18', () => {
  test('the handshake keeps no session', async () => {
    const response = await legacy('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'x', version: '1' } })
    expect(response.headers.get('mcp-session-id')).toBeNull()
    expect((await messageOf(response)).result).toMatchObject({
      protocolVersion: '2025-06-18',
      capabilities: { tools: {} },
      serverInfo: { name: 'mercat', version: expect.any(String) },
    })
    expect((await app.post('/c/acme', { jsonrpc: '2.0', method: 'notifications/initialized' }, { authorization })).status).toBe(202)
  })
  test('a client that takes no stream is told to', async () => expect((await legacy('tools/call', { name: 'echo' }, { accept: 'application/json' })).status).toBe(406))
  test('a batch (2025-03-26) is answered whole, and each call of it needs its scopes', async () => {
    const call = (id: number, name: string) => ({ jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: {} } })
    const response = await app.post('/c/acme', [call(1, 'echo'), call(2, 'quote')], { authorization, 'mcp-protocol-version': '2025-03-26' })
    expect((await response.text()).match(/"jsonrpc"/g)).toHaveLength(2)
    const marketer = `Bearer ${await app.token('marketer', 'c/acme')}`
    expect((await app.post('/c/acme', [call(1, 'echo'), call(2, 'create_campaign_draft')], { authorization: marketer })).status).toBe(403)
  })
})
