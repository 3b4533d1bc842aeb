/** Bad input to every tool of the real catalog: an error that says what to send; never an empty report, never a fault. New tools are covered by being there. */
import { beforeAll, expect, test } from 'vitest'
import type { Client } from '@modelcontextprotocol/client'
import { tools } from '../../src/catalog/tools/index.gen.ts'
import { callBody, textOf } from '../app.ts'
import { codeOf } from '../call.ts'
import { sharedApp } from '../shared.ts'

const app = sharedApp()
let client: Client
beforeAll(async () => {
  client = await app.connect('owner', '/c/acme')
})

interface Property {
  type?: string | string[]
  enum?: unknown[]
  anyOf?: Property[]
  items?: Property
  minimum?: number
  maximum?: number
}

const long = 'y'.repeat(900_000)

/** Values that the schema of a field cannot mean. */
function wrongValues(name: string, property: Property): unknown[] {
  const types = [property.type, ...(property.anyOf ?? []).map(({ type }) => type)].flat().filter((type) => type !== undefined)
  const wrong: unknown[] = [{ nested: true }, [[['deep']]]]
  if (!types.includes('boolean')) wrong.push(true)
  if (!types.includes('null')) wrong.push(null)
  if (!types.includes('string')) wrong.push(types.includes('array') ? long : 'many')
  if (!types.includes('number') && !types.includes('integer')) wrong.push(7)
  else wrong.push(-1e9, 1e300, 1.5, '7 or so')
  if (types.includes('string')) wrong.push(long)
  if (types.includes('array'))
    wrong.push(
      [5],
      [null],
      [long],
      Array.from({ length: 20_000 }, () => 'x'),
    )
  if (property.enum ?? property.anyOf?.some((branch) => branch.enum)) wrong.push('nonsense', '')
  if (/date/i.test(name)) wrong.push('9999-01-01', '2026-02-30', '01.02.2026', '2026-1-1', '', 'yesterday', '2026-01-01T00:00:00Z')
  if (name === 'cursor') wrong.push('garbage', '00000000.1.1', '%.%.%')
  if (/^(goal|brands?|channels?|folders?|tags?|campaignIds?|flowIds|excludeFlowIds|metrics?|organizationId)$/.test(name))
    wrong.push(...(types.includes('array') ? [['No Such Thing'], ['Emial'], ["' OR 1=1 --"]] : ['No Such Thing', "' OR 1=1 --"]))
  return wrong
}

const expected = new Set(['invalid_arguments', 'unknown_value', 'invalid_cursor', 'not_found', 'campaign_not_found', 'organization_not_found'])

async function refused(name: string, args: unknown): Promise<void> {
  const shown = `${name} ${JSON.stringify(args)?.slice(0, 120)}`
  const answer = await client.callTool({ name, arguments: args as Record<string, unknown> })
  expect(answer.isError, `${shown} was answered`).toBe(true)
  const code = codeOf(answer)
  expect(expected.has(code ?? ''), `${shown}: ${code}: ${textOf(answer)}`).toBe(true)
  expect(answer.structuredContent).toBeUndefined()
  expect(textOf(answer).length, shown).toBeGreaterThan(15)
  expect(textOf(answer).length, shown).toBeLessThan(4000)
}

test.each(tools.map(({ tool }) => tool.name))('%s refuses every wrong argument, and says what to send', async (name) => {
  const { tools: listed } = await client.listTools()
  const schema = listed.find((tool) => tool.name === name)
  // Tools of toolsets that an account does not offer by default are refused for that reason alone.
  if (!schema) return
  const properties = (schema.inputSchema.properties ?? {}) as Record<string, Property>
  await refused(name, { noSuchField: 1 })
  await refused(name, { ...Object.fromEntries(Object.keys(properties).map((field) => [`${field}z`, 'x'])), [long]: 1 })
  for (const [field, property] of Object.entries(properties)) {
    for (const value of wrongValues(field, property)) await refused(name, { [field]: value })
  }
  if ('startDate' in properties && 'endDate' in properties) {
    await refused(name, { startDate: '2026-03-31', endDate: '2026-03-01' })
    await refused(name, { startDate: '1999-12-31', endDate: '2000-01-05' })
  }
})

test.each(tools.map(({ tool }) => tool.name))('%s of more than 1 MB is too large', async (name) => {
  const response = await app.post('/c/acme', callBody(name, { nameContains: 'x'.repeat(1_100_000) }), { authorization: `Bearer ${await app.token('owner', 'c/acme')}` })
  expect(response.status).toBe(413)
})
