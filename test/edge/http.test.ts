/** The HTTP surface: what holds for every request, whatever it asks for. */
import { request } from 'node:http'
import { beforeAll, describe, expect, test } from 'vitest'
import { createMercat } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { createLog } from '../../src/core/log.ts'
import { callBody } from '../app.ts'
import { sharedApp } from '../shared.ts'
import { fixtureTools } from './fixtures.ts'

const app = sharedApp({ tools: fixtureTools })
let token: string
beforeAll(async () => {
  token = await app.token('analyst', 'c/acme')
})

/** Headers that fetch would not let through. */
function raw(path: string, headers: Record<string, string>, method = 'GET'): Promise<{ status: number; body: string; allow: string | undefined }> {
  return new Promise((resolve, reject) => {
    const req = request({ host: '127.0.0.1', port: app.port, path, method, headers }, (res) => {
      let body = ''
      res.on('data', (chunk) => {
        body += chunk
      })
      res.on('end', () => resolve({ status: res.statusCode ?? 0, body, allow: res.headers.allow }))
    })
    req.on('error', reject)
    req.end()
  })
}

describe('before a token is looked at', () => {
  test.each([
    ['a foreign origin', { origin: 'https://evil.example' }, 403],
    ['the null origin', { origin: 'null' }, 403],
    ['an origin that starts like ours', { origin: 'http://127.0.0.1.evil.example' }, 403],
    ['a loopback page, while we are on loopback', { origin: 'http://localhost:6274' }, 200],
  ])('%s', async (_, headers, status) => expect((await app.post('/c/acme', callBody('echo'), { authorization: `Bearer ${token}`, ...headers })).status).toBe(status))

  test('a page that may use the endpoint gets what its browser asks for; any other gets no word', async () => {
    const ask = (origin: string) =>
      fetch(app.at('/c/acme'), { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' } })
    const allowed = await ask('http://localhost:6274')
    expect(allowed.status).toBe(204)
    expect(allowed.headers.get('access-control-allow-origin')).toBe('http://localhost:6274')
    expect(allowed.headers.get('access-control-allow-headers')).toContain('authorization')
    expect(allowed.headers.get('access-control-allow-credentials')).toBeNull()
    const unsigned = await app.post('/c/acme', callBody('echo'), { origin: 'http://localhost:6274' })
    expect(unsigned.status).toBe(401)
    expect(unsigned.headers.get('access-control-expose-headers')).toContain('www-authenticate')
    const foreign = await ask('https://evil.example')
    expect(foreign.status).toBe(403)
    expect(foreign.headers.get('access-control-allow-origin')).toBeNull()
  })

  test('a foreign Host is misdirected, whatever the path', async () => {
    for (const path of ['/c/acme', '/manifest.json', '/authorize', '/.well-known/oauth-authorization-server'])
      expect(await raw(path, { host: 'evil.example' })).toMatchObject({ status: 421 })
    expect(await raw('/healthz', { host: '10.0.0.7:4210' })).toMatchObject({ status: 200 })
  })

  test('a token in the address is refused, even with a good one in the header', async () => {
    const response = await app.post(`/c/acme?access_token=${token}`, callBody('echo'), { authorization: `Bearer ${token}` })
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toContain('never in the address')
  })

  test.each(['Basic YTpi', 'Bearer', 'Bearer a b', `Bearer ${'x'.repeat(5000)}`, 'Bearer né'])('authorization %s', async (authorization) => {
    const { status } = await raw('/c/acme', { authorization: Buffer.from(authorization, 'utf8').toString('latin1') })
    expect(status).toBe(401)
  })
})

describe('the body', () => {
  const post = (body: string, headers: Record<string, string> = {}) => app.post('/c/acme', body, { authorization: `Bearer ${token}`, ...headers })
  test('over 1 MB: 413', async () => {
    const response = await post(JSON.stringify(callBody('echo', { text: 'x'.repeat(1_100_000) })))
    expect(response.status).toBe(413)
    expect(await response.json()).toMatchObject({ jsonrpc: '2.0', error: { message: expect.stringContaining('larger than') } })
  })
  test('over 1 MB without saying so: 413', async () => {
    const response = await fetch(app.at('/c/acme'), {
      method: 'POST',
      duplex: 'half',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: new ReadableStream({ pull: (controller) => controller.enqueue(Buffer.alloc(65_536, 32)) }),
    } as RequestInit).then(
      (answer) => answer.status,
      () => 413,
    )
    expect(response).toBe(413)
  })
  test('of another type: 415', async () => expect((await post('a=1', { 'content-type': 'application/x-www-form-urlencoded' })).status).toBe(415))
  test.each([
    '',
    'null',
    '{',
    'nonsense',
    '"text"',
    '[]',
    '{}',
    '{"jsonrpc":"1.0","id":1,"method":"tools/list"}',
    `${'['.repeat(100_000)}`,
    `${'['.repeat(50_000)}${']'.repeat(50_000)}`,
  ])('%.20s: 400 with an error', async (body) => {
    const response = await post(body)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ jsonrpc: '2.0', error: { code: expect.any(Number) } })
  })
  test('arguments nested beyond any use are an error like others', async () => {
    const deep = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`
    const response = await post(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{"text":${deep}}}}`)
    expect(response.status).toBe(200)
    expect(await response.text()).toContain('text is an object: send text')
    await app.audit.flush()
  })
})

describe('methods', () => {
  test.each(['GET', 'DELETE', 'PUT', 'PATCH', 'OPTIONS'])('%s is not for MCP', async (method) => {
    const refused = await raw('/c/acme', { authorization: `Bearer ${token}`, accept: 'text/event-stream' }, method)
    expect([refused.status, refused.allow]).toEqual([405, 'POST'])
    expect((await raw('/c/acme', { accept: 'text/event-stream' }, method)).status).toBe(401)
  })
})

describe('pages', () => {
  test.each(['/mcp', '/c/acme', '/c/no-such-account'])('a browser at %s gets the connect page, guarded', async (path) => {
    const response = await fetch(app.at(path), { headers: { accept: 'text/html,application/xhtml+xml' } })
    expect(response.status).toBe(200)
    expect(response.headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/)
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    const page = await response.text()
    for (const words of ['claude mcp add --transport http mercat', 'code --add-mcp', 'cursor://', 'vscode:mcp/install', 'ChatGPT', 'mcpServers']) expect(page).toContain(words)
    if (path.startsWith('/c/')) expect(page).toContain(app.at(path))
  })
  test('the manifest is public and holds every tool, whoever may use it', async () => {
    const manifest = (await (await fetch(app.at('/manifest.json'))).json()) as { tools: { name: string; scopes: string[] }[] }
    expect(manifest.tools).toHaveLength(fixtureTools.length)
    expect(manifest.tools.find(({ name }) => name === 'create_campaign_draft')).toMatchObject({
      effect: 'draft',
      toolset: 'builders',
      scopes: ['read:mcp', 'write:mcp', 'create:campaigns'],
      annotations: { readOnlyHint: false, destructiveHint: true, openWorldHint: false },
    })
  })
  test.each(['/nothing', '/c/', '/c/UPPER', '/c/a', '/c/acme/more', '/mcp/more', '/%2e%2e/etc/passwd', '//evil.example'])('%s is nothing', async (path) => {
    expect((await raw(path, { accept: 'text/html' })).status).toBe(404)
  })
  test('a trailing slash is forgiven', async () => expect((await app.post('/c/acme/', callBody('echo'), { authorization: `Bearer ${token}` })).status).toBe(200))
})

test('a taken port is one sentence', async () => {
  const config = readConfig({ MERCAT_DATA_DIR: `${app.folder}/other`, MERCAT_PORT: String(app.port) })
  await expect(createMercat(config, { log: createLog('silent', 'silent') })).rejects.toThrow(
    `127.0.0.1:${app.port} is taken by another program: stop it, or set MERCAT_PORT to a free port`,
  )
})
