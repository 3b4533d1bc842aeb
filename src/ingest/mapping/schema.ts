/** The form of a mapping file: how records are made of foreign columns. One strict schema; docs/import.md explains it. */
import { z } from 'zod'
import { isTimeZone } from '../../core/period.ts'
import { kinds, storedKinds } from '../kinds/index.ts'

const column = z.string().min(1).max(300)
/** YAML reads 0 as a number and true as a boolean; a cell is always text. */
const scalar = z.union([z.string().max(2000), z.number(), z.boolean()]).transform(String)
const numeric = scalar.refine((value) => /^-?\d{1,20}(\.\d{1,6})?$/.test(value), 'must be a decimal number with at most 6 places')

export type Condition =
  | { column: string; is: string | string[] }
  | { column: string; isNot: string | string[] }
  | { column: string; startsWith: string }
  | { column: string; empty: boolean }
  | { column: string; above: string }
  | { column: string; below: string }
  | { all: Condition[] }
  | { any: Condition[] }
  | { not: Condition }

const values = z.union([scalar, z.array(scalar).min(1).max(1000)])
const conditionForms: z.ZodType<Condition>[] = [
  z.strictObject({ column, is: values }),
  z.strictObject({ column, isNot: values }),
  z.strictObject({ column, startsWith: scalar }),
  z.strictObject({ column, empty: z.boolean() }),
  z.strictObject({ column, above: numeric }),
  z.strictObject({ column, below: numeric }),
  z.strictObject({
    all: z
      .array(z.lazy(() => condition))
      .min(1)
      .max(50),
  }),
  z.strictObject({
    any: z
      .array(z.lazy(() => condition))
      .min(1)
      .max(50),
  }),
  z.strictObject({ not: z.lazy(() => condition) }),
]

export type Expression =
  | { constant: string }
  | { column: string; map?: Record<string, string> | undefined; otherwise?: string | undefined; format?: string | undefined }
  | { row: true }
  | { concat: Expression[] }
  | { multiply: Expression[] }
  | { when: Condition; value: Expression; otherwise?: Expression | undefined }

/** Only letters that mean something in a date, and what stands between them: the pattern reaches the engine's parser. */
const format = z
  .string()
  .min(1)
  .max(60)
  .regex(/^[yMdHhmsa :./,-]+$/, 'must be a pattern like dd.MM.yyyy HH:mm (letters y M d H h m s a)')
const expressionForms: z.ZodType<Expression>[] = [
  z.strictObject({ column, map: z.record(z.string(), scalar).optional(), otherwise: scalar.optional(), format: format.optional() }),
  z.strictObject({ row: z.literal(true) }),
  z.strictObject({
    concat: z
      .array(z.lazy(() => expression))
      .min(1)
      .max(20),
  }),
  z.strictObject({
    multiply: z
      .array(z.lazy(() => expression))
      .min(2)
      .max(5),
  }),
  z.strictObject({ when: z.lazy(() => condition), value: z.lazy(() => expression), otherwise: z.lazy(() => expression).optional() }),
]

/**
 * Picks the form by the members that are there, so that a mistake is told of the form that was meant and not of all forms at once.
 * @param forms by the member that tells a form
 */
function formed<Output>(forms: readonly [tell: string, form: z.ZodType<Output>][], what: string): z.ZodType<Output> {
  return z.unknown().transform((value, context): Output => {
    const members = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : []
    const form = forms.find(([tell]) => members.includes(tell))?.[1]
    if (!form) {
      context.addIssue({ code: 'custom', message: `must be ${what}` })
      return z.NEVER
    }
    const result = form.safeParse(value)
    if (result.success) return result.data
    for (const issue of result.error.issues) context.addIssue({ code: 'custom', path: issue.path, message: issue.message, input: value })
    return z.NEVER
  }) as z.ZodType<Output>
}

const tells = ['is', 'isNot', 'startsWith', 'empty', 'above', 'below', 'all', 'any', 'not']
export const condition: z.ZodType<Condition> = formed(
  tells.map((tell, index): [string, z.ZodType<Condition>] => [tell, conditionForms[index] as z.ZodType<Condition>]),
  'a condition: {column, is|isNot|startsWith|empty|above|below}, {all: […]}, {any: […]} or {not: …}',
)

const structured: z.ZodType<Expression> = formed(
  ['column', 'row', 'concat', 'multiply', 'when'].map((tell, index): [string, z.ZodType<Expression>] => [tell, expressionForms[index] as z.ZodType<Expression>]),
  'a constant, {column: …}, {row: true}, {concat: […]}, {multiply: […]} or {when: …, value: …}',
)
export const expression: z.ZodType<Expression> = z.unknown().transform((value, context): Expression => {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return { constant: String(value).slice(0, 2000) }
  const result = structured.safeParse(value)
  if (result.success) return result.data
  for (const issue of result.error.issues) context.addIssue({ code: 'custom', path: issue.path, message: issue.message, input: value })
  return z.NEVER
}) as z.ZodType<Expression>

const record = z
  .strictObject({
    kind: z.enum(storedKinds),
    when: condition.optional(),
    /** Orders only: the file has one row a line; the lines of an order_id become one order, their amounts added. */
    grouped: z.boolean().optional(),
    fields: z.record(z.string(), expression),
  })
  .superRefine(({ kind, grouped, fields }, context) => {
    const known = Object.keys(kinds[kind].fields)
    for (const name of Object.keys(fields)) {
      if (!known.includes(name)) context.addIssue({ code: 'custom', path: ['fields', name], message: `is not a field of ${kind}; allowed: ${known.join(', ')}` })
    }
    for (const [name, field] of Object.entries(kinds[kind].fields)) {
      if ('required' in field && field.required && !(name in fields)) context.addIssue({ code: 'custom', path: ['fields', name], message: `is required for ${kind}` })
    }
    if (grouped && kind !== 'orders') context.addIssue({ code: 'custom', path: ['grouped'], message: 'is for orders only' })
  })

export const mappingSchema = z
  .strictObject({
    /** What the file is, for people. */
    description: z.string().max(2000).optional(),
    /** IANA zone of times that name none. */
    timeZone: z.string().refine(isTimeZone, 'must be an IANA time zone, like Europe/Berlin').optional(),
    /** Entities to create before the rows, in the form of the canonical kind `entities` (NDJSON). */
    entities: z.array(z.record(z.string(), z.unknown())).max(1000).default([]),
    records: z.array(record).min(1).max(50),
  })
  .superRefine(({ timeZone, records }, context) => {
    if (timeZone === undefined && JSON.stringify(records).includes('"format":'))
      context.addIssue({ code: 'custom', path: ['timeZone'], message: 'is required with a format: the pattern names no zone' })
  })
export type Mapping = z.output<typeof mappingSchema>
export type RecordMapping = Mapping['records'][number]
