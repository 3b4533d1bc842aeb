/** Calls that would read too much to wait for: put off as a job, and answered at once with its handle. Runs nothing itself. */
import { z } from 'zod'
import type { Principal } from '../core/access.ts'
import { inline } from '../core/text.ts'
import { type Job, jobPollSeconds, jobStates, type PutOff } from '../domain/operations/index.ts'
import { type Answer, renderAnswer } from './answer.ts'
import { narrowHint } from './deadline.ts'
import type { ToolContext } from './define.ts'
import type { CatalogTool } from './offer.ts'

export interface Deferral {
  /** Rows from which on a call becomes a job. */
  readonly longCost: number
  readonly putOff: PutOff
}

/** What a call that was put off answers instead of its own answer. */
export const jobHandle = z.object({ id: z.string(), state: z.enum(jobStates), pollAfterSeconds: z.number().int() })

/** The job that the call became; undefined: it is to be answered now. */
export async function deferred(
  deferral: Deferral | undefined,
  { tool, toolset, scopesFor }: CatalogTool,
  { input, rest, principal, several, ctx }: { input: Record<string, unknown>; rest: unknown; principal: Principal; several: boolean; ctx: ToolContext },
): Promise<Job | undefined> {
  if (!deferral || !tool.cost || (await tool.cost({ input, ctx })) <= deferral.longCost) return undefined
  return await deferral.putOff(principal, { tool: tool.name, toolset, title: tool.title, needs: scopesFor(rest), arguments: rest ?? {}, several })
}

/** The answer in both forms. @param jobStatus the name under which job_status is listed */
export async function handleAnswer({ tool }: CatalogTool, { id, state }: Job, jobStatus: string, account: { systemName: string; name: string } | undefined): Promise<Answer> {
  const handle: z.output<typeof jobHandle> = { id, state, pollAfterSeconds: jobPollSeconds }
  const text = `${inline(tool.title)}: this reads so much that it runs as job ${id} (${state}). Call ${jobStatus} with {"id":"${id}"} in ${jobPollSeconds} s; when it is completed, the answer is in it. Asking the same again gives the same job. To have an answer at once: ${narrowHint(tool)}`
  return await renderAnswer({ job: handle }, text, account)
}
