/** The form of a mapping file: how records are made of foreign columns. One strict schema; docs/import.md explains it. */
import { z } from 'zod'
import { isTimeZone } from '../../core/period.ts'
import { kinds, storedKinds } from '../kinds/index.ts'

/** Strict, and says what is allowed. */
const strict = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? `does not know ${(issue.keys ?? []).join(', ')}; allowed: ${Object.keys(shape).join(', ')}` : undefined),
  })

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
  strict({ column, is: values }),
  strict({ column, isNot: values }),
  strict({ column, startsWith: scalar }),
  strict({ column, empty: z.boolean() }),
  strict({ column, above: numeric }),
  strict({ column, below: numeric }),
  strict({
    all: z
      .array(z.lazy(() => condition))
      .min(1)
      .max(50),
  }),
  strict({
    any: z
      .array(z.lazy(() => condition))
      .min(1)
      .max(50),
  }),
  strict({ not: z.lazy(() => condition) }),
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
  strict({ column, map: z.record(z.string(), scalar).optional(), otherwise: scalar.optional(), format: format.optional() }),
  strict({ row: z.literal(true) }),
  strict({
    concat: z
      .array(z.lazy(() => expression))
      .min(1)
      .max(20),
  }),
  strict({
    multiply: z
      .array(z.lazy(() => expression))
      .min(2)
      .max(5),
  }),
  strict({ when: z.lazy(() => condition), value: z.lazy(() => expression), otherwise: z.lazy(() => expression).optional() }),
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

const record = strict({
  kind: z.enum(storedKinds),
  when: condition.optional(),
  /** Orders only: the file has one row a line; the lines of an order_id become one order, their amounts added. */
  grouped: z.boolean().optional(),
  fields: z.record(z.string(), expression),
})

export const mappingSchema = strict({
  /** What the file is, for people. */
  description: z.string().max(2000).optional(),
  /** IANA zone of times that name none. */
  timeZone: z.string().refine(isTimeZone, 'must be an IANA time zone, like Europe/Berlin').optional(),
  /** Entities to create before the rows, in the form of the canonical kind `entities` (NDJSON). */
  entities: z.array(z.record(z.string(), z.unknown())).max(1000).default([]),
  records: z.array(record).min(1).max(50),
})
export type Mapping = z.output<typeof mappingSchema>
export type RecordMapping = Mapping['records'][number]

const object = (value: unknown): Record<string, unknown> => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {})

/** What the schema cannot say, found even where it finds faults too: fields against their kind, patterns without a zone. */
export function mappingProblems(value: unknown): string[] {
  const { records, timeZone } = object(value)
  const problems = timeZone === undefined && JSON.stringify(records ?? null).includes('"format":') ? ['timeZone: is required with a format: the pattern names no zone'] : []
  for (const [index, given] of (Array.isArray(records) ? records : []).entries()) {
    const { kind, grouped, fields } = object(given)
    const known = storedKinds.find((name) => name === kind)
    if (!known) continue
    const allowed = Object.entries<{ required?: boolean }>(kinds[known].fields)
    const names = Object.keys(object(fields))
    for (const name of names)
      if (!allowed.some(([field]) => field === name))
        problems.push(`records[${index}].fields.${name}: is not a field of ${known}; allowed: ${allowed.map(([field]) => field).join(', ')}`)
    for (const [field, { required }] of allowed) if (required && !names.includes(field)) problems.push(`records[${index}].fields.${field}: is required for ${known}`)
    if (grouped && known !== 'orders') problems.push(`records[${index}].grouped: is for orders only`)
  }
  return problems
}
