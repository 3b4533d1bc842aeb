/** What a job is, as every layer sees it. Types only; how jobs are kept is jobs-repository.ts. */
import type { ErrorCode, ErrorDetails } from '../../core/errors.ts'

export const jobTypes = ['report', 'import', 'recount', 'purge', 'upkeep'] as const
export type JobType = (typeof jobTypes)[number]

export const jobStates = ['queued', 'running', 'completed', 'failed', 'cancelled'] as const
export type JobState = (typeof jobStates)[number]

/** The answer of a tool that ran as a job: both forms say the same. */
export interface JobResult {
  readonly structured: Record<string, unknown>
  readonly text: string
}

/** A job as its owner, or a person with `read:health`, may see it. Times are ISO 8601, UTC. */
export interface Job {
  /** `job_…`; also the task id of the MCP tasks extension. */
  readonly id: string
  /** null: of the installation, not of one account. */
  readonly accountId: string | null
  readonly type: JobType
  readonly title: string
  readonly userId: string | null
  readonly state: JobState
  readonly done: number
  readonly of: number | null
  readonly message: string | null
  readonly partial: Record<string, unknown> | null
  readonly error: { readonly code: ErrorCode; readonly message: string; readonly details: ErrorDetails } | null
  readonly createdAt: string
  readonly startedAt: string | null
  readonly updatedAt: string
  readonly finishedAt: string | null
  /** Until when the job and its result can be asked for; null: not settled yet. */
  readonly expiresAt: string | null
}

/** Jobs of the principal's account. Bound to a principal like every service. */
export interface JobsService {
  /** One's own job, or, with `read:health`, any of the account. Throws `not_found`, the same for unknown and foreign ones. */
  readonly get: (id: string) => Promise<Job>
  /** The answer of a completed report; undefined before, and for other types. Own jobs only: somebody else's figures may be more than one may see. */
  readonly result: (id: string) => Promise<JobResult | undefined>
  /** Asks a job to stop: one's own, or, with `manage:account`, any of the account. What already ended stays as it is. Resolves to the job as it is now; the work in the store stops soon after. */
  readonly cancel: (id: string) => Promise<Job>
}
