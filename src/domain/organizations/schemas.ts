/** The published schemas: of every type of entities and records, and of what the write tools take. The Zod types that validate, as JSON Schema 2020-12. Nothing of a tenant. */
import { z } from 'zod'
import { textUpTo } from '../../core/arguments.ts'
import { unknownValue, matching } from '../../core/match.ts'
import { campaignDraftInput, streamDraftInput, targetGroupDraftInput, triggerDraftInput } from '../builders/index.ts'
import { entityTypes, recordTypes } from '../entities/index.ts'
import { createCampaignInput } from './create-campaign.ts'
import { createOrganizationInput } from './create-organization.ts'
import { productSetupInput } from './product-setup.ts'

export interface SchemaHead {
  readonly name: string
  readonly title: string
  readonly description: string
  /** What it is the schema of. */
  readonly of: 'definition' | 'arguments'
}

interface Published extends SchemaHead {
  readonly schema: z.ZodObject
}

const takenBy = (name: string, title: string, schema: z.ZodObject): Published => ({ name, title, description: `What the tool ${name} takes.`, of: 'arguments', schema })

const writes: readonly Published[] = [
  takenBy('create_organization', 'Create organization', createOrganizationInput),
  takenBy('create_campaign', 'Create campaign', createCampaignInput),
  takenBy('campaign_product_setup', 'Campaign product setup', productSetupInput),
  takenBy('create_target_group_draft', 'Create target group draft', targetGroupDraftInput),
  takenBy('create_campaign_draft', 'Create campaign draft', campaignDraftInput),
  takenBy('create_trigger_draft', 'Create trigger draft', triggerDraftInput),
  takenBy('create_stream_draft', 'Create stream draft', streamDraftInput),
]

const published: readonly Published[] = [
  ...[...entityTypes, ...recordTypes].map(({ type, title, description, definition }): Published => ({ name: type, title, description, of: 'definition', schema: definition })),
  ...writes,
].sort((a, b) => (a.name < b.name ? -1 : 1))

export function schemaNames(): SchemaHead[] {
  return published.map(({ schema: _, ...head }) => head)
}

/** JSON Schema 2020-12; undefined for a name that is none. */
export function schemaOf(name: string): Record<string, unknown> | undefined {
  const found = published.find((one) => one.name === name)
  return found && (z.toJSONSchema(found.schema, { target: 'draft-2020-12', io: 'input', unrepresentable: 'any' }) as Record<string, unknown>)
}

export const listSchemasInput = z.strictObject({})
export const listSchemasOutput = z.object({ schemas: z.array(z.object({ name: z.string(), title: z.string(), description: z.string(), of: z.string() })) })

export const getSchemaInput = z.strictObject({ schemaName: textUpTo(100).describe('As list_schemas names it') })
export const getSchemaOutput = z.object({ name: z.string(), title: z.string(), description: z.string(), of: z.string(), schema: z.record(z.string(), z.unknown()) })
export type SchemaAnswer = z.output<typeof getSchemaOutput>

/** Throws `unknown_value`. */
export function getSchema({ schemaName }: z.output<typeof getSchemaInput>): SchemaAnswer {
  const choices = published.map((one) => ({ id: one.name, name: one.name, key: one.title, one }))
  const [found] = matching(schemaName.trim(), choices)
  const schema = found && schemaOf(found.id)
  if (!found || !schema) throw unknownValue(schemaName.trim(), choices, 'schemaName', { one: 'schema', many: 'schemas' })
  const { name, title, description, of } = found.one
  return { name, title, description, of, schema }
}

export function schemasText({ schemas }: z.output<typeof listSchemasOutput>): string {
  return [
    `${schemas.length} schemas (JSON Schema 2020-12); get_schema gives one, and the resource mercat://schemas/{name} the same.`,
    ...schemas.map(({ name, description, of }) => `- ${name} (${of}): ${description}`),
  ].join('\n')
}

export function schemaText({ name, title, description, of, schema }: SchemaAnswer): string {
  return [`${title} (${name}), JSON Schema 2020-12 of its ${of}: ${description}`, JSON.stringify(schema)].join('\n')
}
