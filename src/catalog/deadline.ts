/** How long a handler may take, and how a caller asks for less. Knows no tool. */
import { MercatError } from '../core/errors.ts'
import type { ToolDefinition } from './define.ts'

/** Arguments by which a caller asks for less: to be read, or only to be told. */
export const lessBy = {
  period: ['startDate', 'endDate'],
  filter: [
    'types',
    'campaignIds',
    'flowIds',
    'channels',
    'brands',
    'folders',
    'tags',
    'nameContains',
    'organizationId',
    'segment',
    'targetGroup',
    'tree',
    'source',
    'kind',
    'status',
    'country',
    'year',
  ],
  detail: ['mode', 'timeline'],
  length: ['metrics', 'limit'],
} as const

type Sized = Pick<ToolDefinition, 'input'>

function fieldsOf({ input }: Sized, ...by: (keyof typeof lessBy)[]): string[] {
  return by.flatMap((one) => lessBy[one]).filter((name) => Object.hasOwn(input.shape, name))
}

/** What to do when a call takes too long, by the arguments the tool has. */
export function narrowHint(tool: Sized): string {
  const [dates, others] = [fieldsOf(tool, 'period'), fieldsOf(tool, 'filter', 'detail')]
  const parts = [...(dates.length ? [`a shorter period (${dates.join(', ')})`] : []), ...(others.length ? [`fewer or simpler ${others.join(', ')}`] : [])]
  return parts.length ? `Narrow it: ${parts.join(', or ')}.` : 'Ask for less at once.'
}

/** What to do when an answer is too long, by the arguments the tool has. */
export function shortenHint(tool: Sized): string {
  const fields = fieldsOf(tool, 'period', 'detail', 'length')
  return fields.length ? `Ask for less: change ${fields.join(', ')}, or add a filter.` : 'Ask for less: a shorter period, fewer fields or a filter.'
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
