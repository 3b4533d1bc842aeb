/** What a proposal answers, and its text. Pure. */
import { z } from 'zod'
import { label } from '../../core/match.ts'
import { inline, percent } from '../../core/text.ts'
import { nextStepSchema, nextStepText } from '../writes/index.ts'

const counted = { count: z.int().nullable(), shown: z.string(), share: z.number().nullable() }
const made = z.object({ type: z.string(), id: z.string().optional(), key: z.string(), name: z.string(), status: z.string() })
export type Made = z.output<typeof made>

const audience = z.object({ ...counted, reachable: z.array(z.object({ channel: z.string(), ...counted })), explanation: z.string() })
/** How many people a draft is for; null: hidden, and `shown` says why. */
export type DraftAudience = z.output<typeof audience>

const warning = z.object({ code: z.string(), text: z.string() })
/** What a person should look at before deciding; the text says what to do. */
export type Warning = z.output<typeof warning>

const phrase = z.object({ text: z.string(), means: z.string() })
export type UnderstoodPhrase = z.output<typeof phrase>

export const draftOutput = z.object({
  validateOnly: z.boolean(),
  repeated: z.boolean().describe('true: an earlier call with this idempotencyKey made it'),
  draft: made,
  created: z.array(made),
  words: z.array(z.string()),
  understood: z.array(phrase),
  definition: z.record(z.string(), z.unknown()),
  audience: audience.nullable(),
  warnings: z.array(warning),
  link: z.string().nullable(),
  nextStep: nextStepSchema,
})
export type DraftAnswer = z.output<typeof draftOutput>

export function draftText({ validateOnly, repeated, created, words, understood, definition, audience: people, warnings, nextStep }: DraftAnswer): string {
  const row = ({ type, id, key, name, status }: Made) =>
    `- ${type.replaceAll('_', ' ')} ${id === undefined ? '' : `${id} `}**${inline(label(name))}** (key ${inline(key)}, ${status})`
  return [
    validateOnly ? 'Would make:' : repeated ? 'Was made before by this call:' : 'Made:',
    ...created.map(row),
    'In words:',
    ...words.map((line) => `- ${inline(line)}`),
    ...(understood.length ? [`Understood: ${understood.map(({ text, means }) => `${inline(JSON.stringify(text))} as ${inline(means)}`).join('; ')}`] : []),
    `Definition: ${inline(JSON.stringify(definition))}`,
    ...(people ? audienceLines(people) : []),
    ...warnings.map(({ code, text }) => `- Mind (${code}): ${inline(text)}`),
    nextStepText(nextStep),
  ].join('\n')
}

function audienceLines({ count, shown, share, reachable, explanation }: DraftAudience): string[] {
  const of = (part: number | null) => (part === null ? '' : ` (${percent(part)})`)
  return [
    `Audience: ${shown} customers${of(share)}. ${inline(explanation)}`,
    ...(count !== null && reachable.length ? [`With consent: ${reachable.map((one) => `${one.channel} ${one.shown}${of(one.share)}`).join(', ')}`] : []),
  ]
}
