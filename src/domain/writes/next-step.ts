/** What to do next, as every answer about a client's set-up says it. Pure. */
import { z } from 'zod'

export const nextStepSchema = z.object({
  /** Who takes it: an assistant, by a tool, or a person, in the dashboard. */
  by: z.enum(['tool', 'person']),
  what: z.string(),
  tool: z.string().optional(),
  /** What to send, as far as it is known. */
  arguments: z.record(z.string(), z.unknown()).optional(),
  link: z.string().optional(),
})
export type NextStep = z.output<typeof nextStepSchema>

export function nextStepText(step: NextStep | null): string {
  if (!step) return 'Next: nothing; everything is set up.'
  const given = step.arguments === undefined ? '' : ` with ${JSON.stringify(step.arguments)}`
  const call = step.tool === undefined ? '' : ` Call ${step.tool}${given}.`
  return `Next: ${step.what}${call}${step.link === undefined ? '' : ` ${step.link}`}`
}
