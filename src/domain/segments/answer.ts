/** The question and the answer of audience_size, and its text. Pure. */
import { z } from 'zod'
import { textUpTo } from '../../core/arguments.ts'
import { inline, percent, table } from '../../core/text.ts'

const text = textUpTo(200)

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

export function audienceSizeText({ audience, customers, reachable, predicates, notes, passport: { timeZone, asOf, dataAsOf } }: AudienceSize): string {
  return [
    `**${audience.name === null ? 'Audience' : inline(audience.name)}**: ${audience.shown} of ${customers.shown} customers${audience.share === null ? '' : ` (${percent(audience.share)})`}.`,
    inline(audience.explanation),
    ...audience.leftOut.map(inline),
    table(
      ['with consent', 'customers', 'share of the audience'],
      reachable.map(({ channel, shown, share }) => [channel, shown, percent(share)]),
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
