/** Mercat's own documentation answers "how does X work" for every tool, entity type, metric, scope, role and setting: the questions are made from the registries, so that what is new is asked too. */
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { tools } from '../../src/catalog/tools/index.gen.ts'
import { configSchema } from '../../src/config.ts'
import { roleTable, scopes } from '../../src/core/access.ts'
import { accountSettingsSchema } from '../../src/domain/accounts/index.ts'
import { entityTypes } from '../../src/domain/entities/index.ts'
import { createKnowledge, type KnowledgeService } from '../../src/domain/knowledge/index.ts'
import { metrics } from '../../src/domain/reports/metrics/index.gen.ts'
import { makeAccount, openTestOperational, principalOf } from '../stores.ts'

interface Field {
  readonly title?: string
  readonly properties?: Readonly<Record<string, Field>>
}
const fieldsOf = (schema: z.ZodType) => (z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Field).properties ?? {}

/** Each thing by its name and, where it has one, its title; and how the heading of its section begins or ends. */
interface Thing {
  readonly names: readonly string[]
  readonly page: string
  readonly heading: (heading: string) => boolean
}
const titled = (page: string, name: string, title: string): Thing => ({ names: [name, title], page, heading: (heading) => heading === `${title} (${name})` })
function settings(given: Readonly<Record<string, Field>>, above = ''): Thing[] {
  return Object.entries(given).flatMap(([name, { title = '', properties = {} }]) => [titled('settings', above + name, title), ...settings(properties, `${above}${name}.`)])
}

const kinds: Record<string, Thing[]> = {
  tools: tools.map(({ tool }) => titled('tools', tool.name, tool.title)),
  'entity types': entityTypes.map(({ type, title }) => titled('entities', type, title)),
  metrics: metrics.map(({ id, title }) => titled('metrics', id, title)),
  scopes: scopes.map((scope) => ({ names: [scope], page: 'scopes', heading: (heading) => heading.startsWith(`${scope}: `) })),
  roles: Object.entries(roleTable).map(([role, { title }]) => ({ names: [role, `the role ${title}`], page: 'roles', heading: (heading) => heading === `Role ${title} (${role})` })),
  'settings of the installation': Object.keys(fieldsOf(configSchema)).map((name) => ({ names: [name], page: 'configuration', heading: (heading) => heading === name })),
  'settings of an account': settings(fieldsOf(accountSettingsSchema)),
}

/** The generated page, or the one written beside it with the same headings. */
const isOf = (page: string, link: string) => link.startsWith(`docs/generated/${page}.md#`) || link.startsWith(`docs/${page}.md#`)

/** Of an account without documents of its own. */
async function openKnowledge(): Promise<KnowledgeService> {
  const stores = await openTestOperational()
  onTestFinished(stores.close)
  return createKnowledge(stores)(principalOf(await makeAccount(stores.db)))
}

const ranks: number[] = []
afterAll(() => {
  const first = ranks.filter((rank) => rank === 0).length
  console.log(`"how does X work": ${ranks.length} questions, ${((100 * first) / ranks.length).toFixed(1)} % answered by the first passage`)
})

describe('how does X work', () => {
  test.each(Object.keys(kinds))('is answered in the first three passages for all %s', async (kind) => {
    const knowledge = await openKnowledge()
    const things = kinds[kind] ?? []
    expect(things.length).toBeGreaterThan(3)
    const missed: string[] = []
    for (const { names, page, heading } of things) {
      for (const name of names) {
        const { passages } = await knowledge.search({ query: `how does ${name} work`, limit: 3 })
        const rank = passages.findIndex(({ link, section }) => isOf(page, link) && heading(section.split(' › ').at(-1) ?? ''))
        ranks.push(rank)
        if (rank < 0) missed.push(`${name}: ${passages.map(({ section }) => section).join(' | ')}`)
      }
    }
    expect(missed).toEqual([])
  })
})
