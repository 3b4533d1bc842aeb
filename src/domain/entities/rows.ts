/** The form of an entity as it comes from outside: one strict schema, checked before anything is stored. */
import { z } from 'zod'
import { unstorable } from '../../core/text.ts'
import { channelNamed } from '../channels.ts'
import { entityStatuses, type EntityTypeDefinition } from './define.ts'
import { recordTypes } from './records/index.gen.ts'
import { entityTypes } from './types/index.gen.ts'

export type EntityType = (typeof entityTypes)[number]['type']
export type RecordName = (typeof recordTypes)[number]['type']
export const entityTypeNames: EntityType[] = entityTypes.map(({ type }) => type)
const storedTypes = entityTypes.flatMap((type) => ('inSettings' in type ? [] : [type.type]))
const byName = new Map(entityTypes.map((type) => [type.type, type as unknown as EntityTypeDefinition]))

// Control characters would travel into terminals and answers, and PostgreSQL takes no NUL; a lone surrogate is no text.
const clean = /^[^\p{Cc}\p{Cs}]*$/u
const key = z.string().trim().min(1).max(200).regex(clean, 'must not hold control characters')
const text = z.string().trim().min(1).max(500).regex(clean, 'must not hold control characters')
const instant = z.union([z.iso.datetime({ offset: true }), z.iso.date()], 'must be ISO 8601 with a zone, like 2026-03-31T09:00:00Z, or a date')

/** References are the platform's own ids. A field that is left out keeps what is stored. */
export const entityRowSchema = z.strictObject({
  type: z.enum([...storedTypes, ...recordTypes.map(({ type }) => type)], {
    error: ({ input }) =>
      typeof input === 'string' && (entityTypeNames as string[]).includes(input)
        ? `a ${input} is a setting of the account, not a row: an owner sets it in the settings`
        : undefined,
  }),
  key,
  name: text.optional(),
  status: z.enum(entityStatuses).optional(),
  channel: z
    .string()
    .transform((name, context) => {
      const channel = channelNamed(name)
      if (!channel) context.addIssue({ code: 'custom', message: `unknown channel ${JSON.stringify(name.slice(0, 40))}` })
      return channel ?? z.NEVER
    })
    .optional(),
  organization: key.optional(),
  brand: key.optional(),
  folder: key.optional(),
  flow: key.optional(),
  tags: z.array(text.max(100)).max(100).optional(),
  /** When the platform made it; default: when Mercat first heard of it. */
  createdAt: instant.optional(),
  startsAt: instant.optional(),
  endsAt: instant.optional(),
  // Unlike a name, it may hold lines of text.
  definition: z
    .record(z.string(), z.unknown())
    .refine((given) => !unstorable.test(JSON.stringify(given)), 'must hold neither NUL nor half of a surrogate pair')
    .optional(),
})
export type EntityRow = z.input<typeof entityRowSchema>
export type ParsedRow = z.output<typeof entityRowSchema>

/** Whether rows of this type have a table of their own (records/). */
export const isRecord = (type: string): boolean => recordTypes.some((record) => record.type === type)

/** The type's own file. */
export function entityType(type: EntityType): EntityTypeDefinition {
  const found = byName.get(type)
  if (!found) throw new Error(`No entity type ${type}`)
  return found
}

/** What is wrong with a value, as one sentence: `countries.0: must be …`. */
export function wordsOf(error: z.ZodError): string {
  return error.issues.map((issue) => (issue.path.length ? `${issue.path.join('.')}: ${said(issue)}` : said(issue))).join('; ')
}

/** Zod's own words for a value that is none of a list are for programmers: quotes and bars. */
const said = (issue: z.core.$ZodIssue): string =>
  issue.code === 'invalid_value' && issue.message.startsWith('Invalid option') ? `must be one of ${issue.values.join(', ')}` : issue.message
