/** Tasks of the extension io.modelcontextprotocol/tasks (2026-07-28): a person's own long reports, as clients that declare the extension poll them. Runs and keeps nothing itself; knows no SDK. */
import { isObject } from '../core/json.ts'
import type { Principal } from '../core/access.ts'
import { MercatError, toMercatError } from '../core/errors.ts'
import type { Logger } from '../core/log.ts'
import type { CallBudget } from '../domain/audit/index.ts'
import type { BindServices } from '../domain/index.ts'
import type { Job, JobsService } from '../domain/operations/index.ts'
import { answerResult, errorResult } from './results.ts'

export const tasksExtension = 'io.modelcontextprotocol/tasks'
/** What a method of tasks answers to a client that did not declare the extension (-32021, `data`). */
export const tasksRequired = { requiredCapabilities: { extensions: { [tasksExtension]: {} } } }

export type TaskMethod = 'tasks/get' | 'tasks/update' | 'tasks/cancel'
export const taskMethods: readonly TaskMethod[] = ['tasks/get', 'tasks/update', 'tasks/cancel']

/** The extension's `Task`. */
export interface Task {
  readonly taskId: string
  readonly status: 'working' | 'completed' | 'failed' | 'cancelled'
  readonly statusMessage?: string
  readonly createdAt: string
  readonly lastUpdatedAt: string
  /** Milliseconds from its creation; null while it is not settled, as nothing ends its life until then. */
  readonly ttlMs: number | null
  readonly pollIntervalMs: number
}

/** What `tasks/get` answers: the original result, or the error of the protocol, once it ended. */
export type DetailedTask = Task & { readonly result?: Record<string, unknown>; readonly error?: { readonly code: number; readonly message: string } }

export interface Tasks {
  /**
   * Answers one request. `tasks/update` and `tasks/cancel` answer nothing: the state shows in the next `tasks/get`.
   * Throws MercatError only: `not_found` for unknown and foreign tasks alike, `rate_limited`.
   */
  readonly answer: (method: TaskMethod, taskId: string, principals: readonly Principal[]) => Promise<DetailedTask | Record<string, never>>
}

/** Between two looks of a client. A job that is not ready within a second takes several, as a rule. */
const pollIntervalMs = 2000
/** JSON-RPC 2.0, section 5.1. */
const internalError = -32603

export function createTasks({ services, budget, log }: { readonly services: BindServices; readonly budget: CallBudget; readonly log: Logger }): Tasks {
  const answer: Tasks['answer'] = async (method, taskId, principals) => {
    const [first] = principals
    // Looks cost like calls: who asks faster than anyone needs to know is told when to ask again.
    if (first) await budget.spend(first)
    const { job, jobs } = await ownJob(taskId, principals, services)
    if (method === 'tasks/get') return await detailed(job, jobs)
    if (method === 'tasks/cancel') await jobs.cancel(job.id)
    // No tool of Mercat asks back from within a task: whatever is answered here is "not currently outstanding", and ignored as the extension says.
    return {}
  }
  return {
    answer: async (method, taskId, principals) => {
      try {
        return await answer(method, taskId, principals)
      } catch (error) {
        throw toMercatError(error, log, { method })
      }
    },
  }
}

export function taskOf(job: Job): Task {
  return {
    taskId: job.id,
    status: statusOf(job),
    ...(job.message === null ? {} : { statusMessage: job.message }),
    createdAt: job.createdAt,
    lastUpdatedAt: job.updatedAt,
    ttlMs: job.expiresAt === null ? null : Math.max(1, Date.parse(job.expiresAt) - Date.parse(job.createdAt)),
    pollIntervalMs,
  }
}

/** Whether the capabilities that came with a request declare the extension. It counts for that request alone. */
export function declaresTasks(capabilities: unknown): boolean {
  const extensions = isObject(capabilities) ? capabilities.extensions : undefined
  return isObject(extensions) && isObject(extensions[tasksExtension])
}

/** A tool that ran and refused has completed; only a fault of ours is a failed task ("Task Execution Errors"). */
function statusOf({ state, error }: Job): Task['status'] {
  if (state === 'failed') return error === null || error.code === 'internal' ? 'failed' : 'completed'
  return state === 'completed' || state === 'cancelled' ? state : 'working'
}

async function detailed(job: Job, jobs: JobsService): Promise<DetailedTask> {
  const task = taskOf(job)
  if (job.state === 'completed') return { ...task, result: await resultOf(job, jobs) }
  if (job.state !== 'failed') return task
  const error = new MercatError(job.error?.code ?? 'internal', job.error?.message ?? 'Something went wrong inside Mercat', job.error?.details)
  return task.status === 'failed' ? { ...task, error: { code: internalError, message: error.message } } : { ...task, result: errorResult(error) }
}

/** The original answer, or why the person may no longer see it: as a call would be refused, in words the model reads. */
async function resultOf(job: Job, jobs: JobsService): Promise<Record<string, unknown>> {
  try {
    const result = await jobs.result(job.id)
    if (result) return answerResult(result)
  } catch (error) {
    if (error instanceof MercatError && error.status === 403) return errorResult(error)
    throw error
  }
  throw unknownTask()
}

/** The job, asked for as each of the connection's accounts; a job that somebody else asked for is no task of this person, whatever they may see of it elsewhere. */
async function ownJob(taskId: string, principals: readonly Principal[], services: BindServices): Promise<{ job: Job; jobs: JobsService }> {
  for (const principal of principals) {
    const { jobs } = services(principal)
    const job = await jobs.get(taskId).catch((error: unknown) => {
      if (error instanceof MercatError && error.code === 'not_found') return undefined
      throw error
    })
    if (job?.type === 'report' && job.userId === principal.userId) return { job, jobs }
  }
  throw unknownTask()
}

function unknownTask(): MercatError {
  return new MercatError('not_found', 'There is no such task, or it has expired')
}
