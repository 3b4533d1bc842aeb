/** How long a handler may take, and what a caller can do when that is not enough. Knows no tool. */
import { MercatError } from '../core/errors.ts'
import type { ToolDefinition } from './define.ts'

/** Arguments that decide how much a call reads. */
const narrowing = ['startDate', 'endDate', 'campaigns', 'flows', 'channels', 'brands', 'folders', 'tags', 'organizationId', 'segment', 'timeline', 'mode']

/** What to do when a call takes too long, by the arguments the tool has. */
export function narrowHint(tool: Pick<ToolDefinition, 'input'>): string {
  const fields = narrowing.filter((name) => Object.hasOwn(tool.input.shape, name))
  if (fields.length === 0) return 'Ask for less at once.'
  const [dates, others] = [fields.filter((name) => name.endsWith('Date')), fields.filter((name) => !name.endsWith('Date'))]
  const parts = [...(dates.length ? [`a shorter period (${dates.join(', ')})`] : []), ...(others.length ? [`fewer or simpler ${others.join(', ')}`] : [])]
  return `Narrow it: ${parts.join(', or ')}.`
}

/** Runs the handler until it ends, the caller leaves, or the deadline passes, whichever is first; a handler that ignores its signal is left behind. */
export async function runWithin<T>(deadlineMs: number, caller: AbortSignal | undefined, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  let stop: ((reason: MercatError) => void) | undefined
  const stopped = new Promise<never>((_, reject) => {
    stop = (reason) => {
      reject(reason)
      controller.abort(reason)
    }
  })
  // The race may be over when this rejects; nobody is left to hear it then.
  stopped.catch(() => {})
  const leave = () => stop?.(new MercatError('cancelled', 'The call was cancelled'))
  const timer = setTimeout(() => stop?.(new MercatError('deadline_exceeded', `The call took longer than ${Math.round(deadlineMs / 1000)} s`)), deadlineMs)
  if (caller?.aborted) leave()
  caller?.addEventListener('abort', leave, { once: true })
  try {
    return await Promise.race([run(controller.signal), stopped])
  } finally {
    clearTimeout(timer)
    caller?.removeEventListener('abort', leave)
  }
}

/** A time that ran out, with what this tool's caller can change; any other error as it is. */
export function withNarrowing(thrown: unknown, tool: Pick<ToolDefinition, 'input'> | undefined): unknown {
  if (!tool || !(thrown instanceof MercatError) || thrown.code !== 'deadline_exceeded') return thrown
  return new MercatError('deadline_exceeded', thrown.message, { ...thrown.details, hint: narrowHint(tool) }, { cause: thrown })
}
