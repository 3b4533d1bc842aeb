/** One connection for several accounts: every tool takes the account, every answer names it, and nothing crosses over. Also the prefix and the rate limit, which need a Mercat of their own settings. */
import { beforeAll, describe, expect, test } from 'vitest'
import type { Client } from '@modelcontextprotocol/client'
import { callBody, messageOf, textOf } from '../app.ts'
import { sharedApp } from '../shared.ts'
import { fixtureTools } from './fixtures.ts'

const app = sharedApp({ tools: fixtureTools, env: { MERCAT_TOOL_PREFIX: 'shop_', MERCAT_RATE_USER: '40' } })
let client: Client
beforeAll(async () => {
  client = await app.connect('both', '/mcp', { accounts: ['acme', 'globex'] })
})

test('every tool takes a required account', async () => {
  const { tools } = await client.listTools()
  expect(tools.length).toBeGreaterThan(3)
  for (const tool of tools) {
    expect(tool.name).toMatch(/^shop_/)
    expect(tool.inputSchema.properties?.account).toMatchObject({ enum: ['acme', 'globex'] })
    expect(tool.inputSchema.required).toContain('account')
    expect(tool.outputSchema?.required).toContain('account')
  }
})

test('every answer names its account', async () => {
  const answer = await client.callTool({ name: 'shop_echo', arguments: { account: 'globex', text: 'hi' } })
  expect(answer.structuredContent).toEqual({ account: 'globex', said: 'hi' })
  expect(textOf(answer)).toMatch(/Account: GLOBEX \(globex\)/)
})

test.each<[Record<string, unknown>, RegExp]>([
  [{}, /account is missing: this connection reaches several accounts\. Allowed: acme, globex/],
  [{ account: 'globbex' }, /no such account on this connection\. Nearest: globex/],
  [{ account: 'initech' }, /no such account on this connection/],
  [{ account: ['acme'] }, /no such account/],
])('account %j is refused', async (args, message) => {
  const answer = await client.callTool({ name: 'shop_echo', arguments: args })
  expect(answer.isError).toBe(true)
  expect(textOf(answer)).toMatch(message)
})

test('a call is kept under its account', async () => {
  await client.callTool({ name: 'shop_echo', arguments: { account: 'globex', text: 'for the log' } })
  await app.audit.flush()
  const kept = await app.stores.db.selectFrom('audit').select(['account_id', 'tool']).where('account_id', '=', app.accounts.globex.id).where('effect', '=', 'read').execute()
  expect(kept.length).toBeGreaterThan(0)
  expect(new Set(kept.map(({ tool }) => tool))).toEqual(new Set(['echo']))
})

test('the name without the prefix is another name', async () => {
  await expect(client.callTool({ name: 'echo', arguments: { account: 'acme' } })).rejects.toThrow(/Unknown tool: echo\. Nearest: shop_echo/)
})

describe('rate limit', () => {
  test('over it, an error says when to try again; other people go on', async () => {
    const token = await app.token('analyst', 'c/acme')
    const call = async (bearer: string) => (await messageOf(await app.post('/c/acme', callBody('shop_echo'), { authorization: `Bearer ${bearer}` }))).result!
    const answers = await Promise.all(Array.from({ length: 45 }, () => call(token)))
    const refused = answers.filter(({ isError }) => isError)
    expect(refused).toHaveLength(5)
    expect(textOf(refused[0]!)).toMatch(/More than 40 calls a minute by one person\. Try again in \d+ s\./)
    expect((await call(await app.token('owner', 'c/acme'))).isError).toBeUndefined()
  })
})
