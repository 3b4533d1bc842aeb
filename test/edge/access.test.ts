/** Who is let in, and how a refusal looks: scopes, roles, accounts, narrowing, several accounts on /mcp. */
import { describe, expect, test } from 'vitest'
import { setMcp, removeMember } from '../../src/domain/accounts/index.ts'
import { callBody, messageOf, textOf } from '../app.ts'
import { sharedApp } from '../shared.ts'
import { StuckError } from '../clients/oauth.ts'
import { fixtureTools } from './fixtures.ts'

const app = sharedApp({ tools: fixtureTools })

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const listBody = { jsonrpc: '2.0', id: 1, method: 'tools/list' }
const names = async (response: Response) => (await messageOf(response)).result?.tools?.map(({ name }) => name)

/** Everything a client could see of an answer, but for the date. */
async function seen(response: Response): Promise<string> {
  const headers = [...response.headers].filter(([name]) => name !== 'date')
  // Cursor's link holds the address in base64.
  return JSON.stringify([response.status, headers, (await response.text()).replace(/config=[^"]+/, '')])
}

test('no token: 401 that says where to get one', async () => {
  const response = await app.post('/c/acme', listBody)
  expect(response.status).toBe(401)
  const challenge = response.headers.get('www-authenticate') ?? ''
  expect(challenge).toMatch(/^Bearer resource_metadata="[^"]+", scope="read:mcp [^"]+"$/)
  const metadata = await fetch(/resource_metadata="([^"]+)"/.exec(challenge)![1]!)
  expect(await metadata.json()).toMatchObject({ resource: app.at('/c/acme'), authorization_servers: [app.origin] })
})

test('a token of another account and an unknown account get the same answer, byte for byte', async () => {
  const token = await app.token('stranger', 'c/globex')
  const foreign = await seen(await app.post('/c/acme', listBody, bearer(token)))
  const unknown = await seen(await app.post('/c/acne', listBody, bearer(token)))
  expect(foreign).toContain('401')
  expect(foreign.replaceAll('acme', 'acne')).toBe(unknown)
  expect((await seen(await app.post('/c/acme', listBody))).replaceAll('acme', 'acne')).toBe(await seen(await app.post('/c/acne', listBody)))
  expect((await seen(await fetch(app.at('/c/acme'), { headers: { accept: 'text/html' } }))).replaceAll('acme', 'acne')).toBe(
    await seen(await fetch(app.at('/c/acne'), { headers: { accept: 'text/html' } })),
  )
})

test('an account with MCP off says so to its people', async () => {
  // A token from before it was switched off: the switch acts on the next call.
  await setMcp(app.stores.db, app.accounts.initech.id, true)
  const token = await app.token('owner', 'c/initech')
  expect((await app.post('/c/initech', listBody, bearer(token))).status).toBe(200)
  await setMcp(app.stores.db, app.accounts.initech.id, false)
  const response = await app.post('/c/initech', callBody('echo'), bearer(token))
  expect(response.status).toBe(403)
  expect(JSON.stringify(await response.json())).toContain('MCP is not enabled for this account')
})

test('a person without MCP access cannot get anything through it', async () => {
  const refused = await app.token('reader', 'c/acme').then(
    async (token) => {
      expect(await names(await app.post('/c/acme', listBody, bearer(token)))).toEqual([])
      return textOf((await messageOf(await app.post('/c/acme', callBody('echo'), bearer(token)))).result!)
    },
    (error: unknown) => {
      if (!(error instanceof StuckError)) throw error
      return error.page.text
    },
  )
  expect(refused).toMatch(/Missing required scopes: read:mcp|not (have|use)|MCP access/i)
})

test('a person removed from the account is out on the next call', async () => {
  const token = await app.token('both', 'c/globex')
  expect((await app.post('/c/globex', listBody, bearer(token))).status).toBe(200)
  await removeMember(app.stores.db, app.accounts.globex.id, app.people.both.id)
  expect((await app.post('/c/globex', listBody, bearer(token))).status).toBe(401)
})

describe('scopes', () => {
  test('one the person could grant: 403 that asks for all of the operation', async () => {
    const token = await app.token('marketer', 'c/acme')
    const response = await app.post('/c/acme', callBody('create_campaign_draft', { name: 'x' }), bearer(token))
    expect(response.status).toBe(403)
    expect(response.headers.get('www-authenticate')).toMatch(/error="insufficient_scope".*scope="read:mcp write:mcp create:campaigns"/)
    const granted = await app.token('marketer', 'c/acme', 'read:mcp write:mcp create:campaigns')
    expect((await messageOf(await app.post('/c/acme', callBody('create_campaign_draft', { name: 'x' }), bearer(granted)))).result?.isError).toBeUndefined()
  })
  test('one the person lacks: a tool error that names it', async () => {
    const response = await app.post('/c/acme', callBody('create_campaign_draft', { name: 'x' }), bearer(await app.token('analyst', 'c/acme')))
    expect(response.status).toBe(200)
    expect(textOf((await messageOf(response)).result!)).toMatch(/^Missing required scopes: write:mcp, create:campaigns\. An owner/)
  })
  test('only what they allow is listed', async () => {
    expect(await names(await app.post('/c/acme', listBody, bearer(await app.token('analyst', 'c/acme'))))).not.toContain('create_campaign_draft')
    expect(await names(await app.post('/c/acme', listBody, bearer(await app.token('marketer', 'c/acme', 'read:mcp write:mcp create:campaigns'))))).toEqual([
      'create_campaign_draft',
      'long_text',
    ])
  })
})

describe('narrowing', () => {
  const all = 'read:mcp write:mcp create:campaigns read:reports'
  test.each([
    ['?toolsets=builders', ['create_campaign_draft']],
    ['?toolsets=reports,builders&read_only=1', ['echo', 'fail', 'list_rows', 'long_text', 'quote', 'slow']],
    ['?toolsets=organizations', []],
    ['?read_only=0', ['create_campaign_draft', 'echo', 'fail', 'list_rows', 'long_text', 'quote', 'slow']],
  ])('%s', async (query, expected) => expect(await names(await app.post(`/c/acme${query}`, listBody, bearer(await app.token('marketer', 'c/acme', all))))).toEqual(expected))

  test('read_only refuses what creates', async () => {
    const response = await app.post('/c/acme?read_only=1', callBody('create_campaign_draft', { name: 'x' }), bearer(await app.token('marketer', 'c/acme', all)))
    expect(textOf((await messageOf(response)).result!)).toMatch(/this connection is read-only.*Connect without read_only=1/)
  })

  test.each([
    ['?toolsets=report', /Unknown toolset: report\. Nearest: reports\./],
    ['?toolsets=', /Unknown toolset: an empty name/],
    ['?read_only=yes', /read_only must be 1 or 0/],
    ['?toolset=reports', /toolset is not a parameter of this address\. Nearest: toolsets/],
    ['?toolsets=reports&toolsets=builders', /toolsets is given twice/],
  ])('%s is refused', async (query, message) => {
    const response = await app.post(`/c/acme${query}`, listBody, bearer(await app.token('analyst', 'c/acme')))
    expect(response.status).toBe(400)
    expect(((await response.json()) as { error_description: string }).error_description).toMatch(message)
  })
})

describe('/mcp', () => {
  test('with one account nothing changes', async () => {
    const client = await app.connect('analyst', '/mcp', { accounts: ['acme'] })
    expect((await client.listTools()).tools[0]?.inputSchema.properties).not.toHaveProperty('account')
    expect((await client.callTool({ name: 'echo', arguments: {} })).structuredContent).toEqual({ said: 'nothing' })
  })
})
