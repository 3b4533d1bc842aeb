/** The canonical kinds as JSON Schema (2020-12): what a row is to whoever sends it as JSON. Describes and checks nothing: the SQL of the fields decides what is taken. */
import { channelNames } from '../../domain/entities/index.ts'
import { zonedPattern } from '../sql/time.ts'
import { bounceTypes, type Field, type FieldType, messageEvents, orderStatuses } from './define.ts'
import { type Kind, kindNames, kinds } from './index.ts'

type JsonSchema = Readonly<Record<string, unknown>>

/** A kind as plain data. */
export interface KindDescription {
  readonly name: Kind
  /** What its rows are, in a few words. */
  readonly summary: string
  /** Of one row. */
  readonly schema: JsonSchema
}

/** Entities are read by the domain, which is stricter about times and takes lists as lists. */
type Form = FieldType | 'moment' | 'tags'
const formsOfEntities: Readonly<Record<string, Form>> = { created_at: 'moment', starts_at: 'moment', ends_at: 'moment', tags: 'tags' }

const printable = '^[^\\u0000-\\u001f\\u007f]*$'
const choice = (values: readonly unknown[], type: string | readonly string[] = 'string') => ({ type, enum: values })

/** What each form is in JSON. Names have the spelling that is stored; any case of them is taken. */
const forms: Readonly<Record<Form, JsonSchema>> = {
  id: { type: ['string', 'number'], maxLength: 500 },
  key: { type: ['string', 'number'], maxLength: 200, pattern: printable },
  text: { type: ['string', 'number'], maxLength: 500, pattern: printable },
  url: { type: 'string', maxLength: 4000, pattern: printable },
  error: { type: ['string', 'number'] },
  channel: choice(channelNames),
  event: choice(messageEvents),
  order_status: choice(orderStatuses),
  bounce_type: choice(bounceTypes),
  flag: choice([true, false, 1, 0, 'true', 'false', '1', '0', 'yes', 'no'], ['boolean', 'integer', 'string']),
  // Epoch seconds from 1990 on, or milliseconds.
  instant: { type: ['string', 'number'], pattern: zonedPattern, minimum: 631_152_000, maximum: 99_999_999_999_999 },
  moment: { type: 'string', pattern: '^\\d{4}-[01]\\d-[0-3]\\d([T ]([01]\\d|2[0-3]):[0-5]\\d(:[0-5]\\d([.]\\d{1,9})?)?(Z|[+-][01]\\d:[0-5]\\d))?$' },
  date: { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\d$' },
  decimal: { type: ['string', 'number'], pattern: '^-?\\d{1,20}([.]\\d{1,6})?$' },
  currency: { type: 'string', pattern: '^[A-Za-z]{3}$' },
  country: { type: 'string', pattern: '^[A-Za-z]{2}$' },
  language: { type: 'string', pattern: '^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$' },
  channels: { type: ['array', 'string'], items: choice(channelNames) },
  tags: { type: ['array', 'string'], items: { type: 'string', minLength: 1, maxLength: 100 }, maxItems: 100 },
  choices: {
    type: 'object',
    maxProperties: 20,
    propertyNames: { minLength: 1, maxLength: 100, pattern: '^[^@\\u0000-\\u001f\\u007f]*$' },
    additionalProperties: choice([true, false, 'true', 'false'], ['boolean', 'string']),
  },
  json: { type: 'object' },
}

/** Every kind, as rows of it are sent. */
export function describeKinds(): KindDescription[] {
  return kindNames.map((name) => {
    const fields = Object.entries<Field>(kinds[name].fields)
    return {
      name,
      summary: kinds[name].summary,
      schema: {
        type: 'object',
        description: `A row of the kind ${name}: ${kinds[name].summary}; what is not known is left out or null.`,
        properties: Object.fromEntries(fields.map(([field, definition]) => [field, fieldSchema(definition, (name === 'entities' && formsOfEntities[field]) || definition.type)])),
        required: fields.filter(([, { required }]) => required).map(([field]) => field),
        additionalProperties: false,
      },
    }
  })
}

function fieldSchema({ required, description }: Field, form: Form): JsonSchema {
  const { type, ...schema } = forms[form] as { type: string | readonly string[]; enum?: readonly unknown[]; pattern?: string }
  const types = [type].flat()
  if (required) return { type, ...schema, ...(types.includes('string') && !schema.enum ? { minLength: 1 } : {}), description }
  return { type: [...types, 'null'], ...schema, ...(schema.enum ? { enum: [...schema.enum, null] } : {}), description }
}
