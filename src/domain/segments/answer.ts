/** The question and the answer of audience_size, and its text. Pure. */
import { z } from 'zod'
import { inline, table } from '../../core/text.ts'

const text = z.string().refine((value) => value.length <= 200, 'Send at most 200 characters')

export const audienceSizeInput = z.strictObject({
  segment: text.optional().describe('Name or id. Send one of segment, targetGroup, tree'),
  targetGroup: text.optional(),
  tree: z
    .looseObject({})
    .optional()
    .describe('{all|any|none: [...]} of {attribute, op, value}, {did|didNot: event, where: [{field, op, value}], within: {days}, atLeast}; see docs: segments'),
})
export type AudienceSizeInput = z.output<typeof audienceSizeInput>

/** A count of people; null: hidden, and why. */
const counted = { count: z.number().int().nullable(), shown: z.string() }

export const audienceSizeOutput = z.object({
  audience: z.object({
    name: z.string().nullable(),
    type: z.string(),
    ...counted,
    share: z.number().nullable(),
    explanation: z.string(),
    /** The rule as it was understood. */
    definition: z.record(z.string(), z.unknown()),
    /** Why customers for whom the rule holds are not in it. */
    leftOut: z.array(z.string()),
  }),
  customers: z.object(counted),
  reachable: z.array(z.object({ channel: z.string(), ...counted, share: z.number().nullable() })),
  predicates: z.array(z.object({ path: z.string(), text: z.string(), ...counted })),
  notes: z.array(z.string()),
  passport: z.object({ timeZone: z.string(), asOf: z.string(), dataAsOf: z.string().nullable() }),
})
export type AudienceSize = z.output<typeof audienceSizeOutput>

const percent = (share: number | null) => (share === null ? '' : ` (${(share * 100).toFixed(1)} %)`)

export function audienceSizeText({ audience, customers, reachable, predicates, notes, passport: { timeZone, asOf, dataAsOf } }: AudienceSize): string {
  return [
    `**${audience.name === null ? 'Audience' : inline(audience.name)}**: ${audience.shown} of ${customers.shown} customers${percent(audience.share)}.`,
    inline(audience.explanation),
    ...audience.leftOut.map(inline),
    table(
      ['with consent', 'customers', 'share of the audience'],
      reachable.map(({ channel, shown, share }) => [channel, shown, share === null ? '–' : `${(share * 100).toFixed(1)} %`]),
    ),
    ...(predicates.length > 1
      ? [
          table(
            ['predicate', 'by itself', 'customers'],
            predicates.map((part) => [inline(part.path), inline(part.text), part.shown]),
          ),
        ]
      : []),
    ...notes,
    `As of ${asOf} (${timeZone}); events and orders up to ${dataAsOf ?? 'none'}.`,
  ].join('\n\n')
}
