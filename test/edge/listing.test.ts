/** What tools/list costs and says: the snapshot of the real catalog, its token count, its schemas. */
import { beforeAll, expect, test } from 'vitest'
import type { Client } from '@modelcontextprotocol/client'
import { lessBy } from '../../src/catalog/deadline.ts'
import { listTool } from '../../src/catalog/listing.ts'
import { describeCatalog } from '../../src/catalog/manifest.ts'
import { countTokens } from '../../src/catalog/tokens.ts'
import { noNarrowing, offersOf } from '../../src/catalog/offer.ts'
import { tools } from '../../src/catalog/tools/index.gen.ts'
import { viewNames } from '../../src/catalog/views.ts'
import { type Account, type Principal, tokenScopes } from '../../src/core/access.ts'
import { sharedApp } from '../shared.ts'

const app = sharedApp()
let client: Client
beforeAll(async () => {
  client = await app.connect('owner', '/c/acme')
})

/** What somebody with all that a token can carry is offered. */
function offeredWith(given: Partial<Account>) {
  const principal: Principal = {
    userId: 'usr_x',
    account: { ...app.accounts.acme, ...given },
    clientId: 'app',
    scopes: new Set(tokenScopes),
    grantable: new Set(tokenScopes),
    operator: false,
    organizations: null,
    brands: null,
  }
  return offersOf(app.pipeline.catalog, [principal], noNarrowing).map((offer) => listTool(offer, false, new Set(viewNames)))
}

test('the listing is what it was; an app that asked for no scope sees of it what only reads', async () => {
  const all = offeredWith({})
  await expect(`${JSON.stringify(all, null, 2)}\n`).toMatchFileSnapshot('listing.snapshot.txt')
  expect((await client.listTools()).tools).toEqual(all.filter(({ annotations }) => annotations.readOnlyHint))
})

test('the listing of the default toolsets is at most 25 tools and fits into 8,000 tokens', async () => {
  const listed = offeredWith({})
  const tokens = await countTokens(JSON.stringify(listed))
  const sizes = await Promise.all(listed.map(async (tool) => `${tool.name} ${await countTokens(JSON.stringify(tool))}`))
  console.log(`tools/list: ${listed.length} tools, ${tokens} tokens: ${sizes.join(', ')}`)
  expect(listed.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['create_target_group_draft', 'create_campaign_draft', 'create_trigger_draft', 'create_stream_draft', 'user', 'job_status']),
  )
  expect(listed.length).toBeLessThanOrEqual(25)
  expect(tokens).toBeLessThanOrEqual(8000)
})

test('so does that of an account with several organizations, the tools that write included', async () => {
  const listed = offeredWith({ toolsets: ['organizations', 'knowledge', 'reports'] })
  const tokens = await countTokens(JSON.stringify(listed))
  console.log(`tools/list of organizations, knowledge and reports: ${listed.length} tools, ${tokens} tokens`)
  expect(listed.map(({ name }) => name)).toEqual(expect.arrayContaining(['create_organization', 'user', 'job_status', 'campaign_report', 'search_docs']))
  expect(tokens).toBeLessThanOrEqual(9000)
})

test('the order is the same each time, and by name', async () => {
  const names = (await client.listTools()).tools.map(({ name }) => name)
  expect(names).toEqual([...names].sort())
  expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(names)
})

test('what an error tells callers to change is an argument of some tool', () => {
  const known = new Set(tools.flatMap(({ tool }) => Object.keys(tool.input.shape)))
  expect(Object.values(lessBy).flatMap((names) => names.filter((name) => !known.has(name)))).toEqual([])
})

test('every tool has a title, a described input, an output and all hints', () => {
  for (const tool of describeCatalog(tools)) {
    expect(tool.name).toMatch(/^[a-z][a-z0-9_]{2,63}$/)
    expect(tool.title.length).toBeGreaterThan(2)
    expect(tool.description.length).toBeGreaterThan(20)
    expect(tool.inputSchema).toMatchObject({ type: 'object', additionalProperties: false })
    expect(tool.outputSchema).toMatchObject({ type: 'object' })
    // Clients strip arguments of root unions; external references cannot be followed.
    expect(Object.keys(tool.inputSchema)).not.toEqual(expect.arrayContaining(['anyOf', 'oneOf', 'allOf']))
    expect(JSON.stringify([tool.inputSchema, tool.outputSchema])).not.toMatch(/"\$ref":"(?!#)/)
    // Hosts whose schemas know one type each drop a list of them.
    expect(JSON.stringify([tool.inputSchema, tool.outputSchema])).not.toContain('"type":[')
    expect(tool.annotations).toEqual({
      readOnlyHint: tool.effect === 'read',
      destructiveHint: tool.effect !== 'read',
      idempotentHint: tool.effect === 'read',
      openWorldHint: false,
    })
  }
})
