/** The question and the answer of audience_size, and its text. Pure. */
import { z } from 'zod'
import { inline, table } from '../../core/text.ts'

const text = z.string().refine((value) => value.length <= 200, 'Send at most 200 characters')

export const audienceSizeInput = z.strictObject({
  segment: text.optional().describe('Name or id. Send exactly one of segment, targetGroup, tree'),
  targetGroup: text.optional(),
  tree: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('{all|any|none: [...]} of {attribute, op, value} and {did|didNot: event, where: [{field, op, value}], within: {days}, atLeast}; docs: segments'),
})
export type AudienceSizeInput = z.output<typeof audienceSizeInput>

/** A count of people; null: hidden, and why. */
const counted = { count: z.number().int().nullable(), shown: z.string() }

export const audienceSizeOutput = z.object({
  audience: z.object({ name: z.string().nullable(), type: z.string(), ...counted, share: z.number().nullable() }),
  customers: z.object(counted),
  reachable: z.array(z.object({ channel: z.string(), ...counted, share: z.number().nullable() })),
  explanation: z.string(),
  predicates: z.array(z.object({ path: z.string(), text: z.string(), ...counted })),
  tree: z.record(z.string(), z.unknown()),
  leftOut: z.array(z.string()),
  notes: z.array(z.string()),
  timeZone: z.string(),
  asOf: z.string(),
  dataAsOf: z.string().nullable(),
})
export type AudienceSize = z.output<typeof audienceSizeOutput>

const percent = (share: number | null) => (share === null ? '' : ` (${(share * 100).toFixed(1)} %)`)

export function audienceSizeText({ audience, customers, reachable, explanation, predicates, leftOut, notes, timeZone, asOf, dataAsOf }: AudienceSize): string {
  return [
    `**${audience.name === null ? 'Audience' : inline(audience.name)}**: ${audience.shown} of ${customers.shown} customers${percent(audience.share)}.`,
    inline(explanation),
    ...leftOut.map(inline),
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
