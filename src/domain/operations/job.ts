/** What a job is, as every layer sees it. Types only; how jobs are kept is jobs-repository.ts. */
import type { Principal, Scope, Toolset } from '../../core/access.ts'
import type { ErrorCode, ErrorDetails } from '../../core/errors.ts'
import type { Coverage } from '../../core/page.ts'

/** The types of jobs, each with what of an open one can be told before its end, or why nothing can. */
export const partialNotes = {
  report: 'A report has no figures before its end: sums over a part of the rows would be wrong ones.',
  import: 'Rows stored so far; reports count them when the import has ended.',
  recount: 'Campaigns counted so far; reports show the figures of before until the recount has ended.',
  purge: 'Nothing to tell before the end.',
  upkeep: 'Nothing to tell before the end.',
} as const
export type JobType = keyof typeof partialNotes
export const jobTypes = Object.keys(partialNotes) as JobType[]

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
  /** The tool whose answer it makes; null: none. */
  readonly tool: string | null
  readonly userId: string | null
  readonly state: JobState
  readonly done: number
  readonly of: number | null
  readonly message: string | null
  readonly partial: Record<string, unknown> | null
  /** Of somebody else's job only what its code means: the words may name what one may not see. */
  readonly error: { readonly code: ErrorCode; readonly message: string; readonly details: ErrorDetails } | null
  readonly createdAt: string
  readonly startedAt: string | null
  readonly updatedAt: string
  readonly finishedAt: string | null
  /** Until when the job and its result can be asked for; null: not settled yet. */
  readonly expiresAt: string | null
}

export interface JobQuestion {
  readonly state?: JobState | undefined
  readonly type?: JobType | undefined
  readonly cursor?: string | undefined
  /** 1 to 100. Default 20. */
  readonly limit?: number | undefined
}

export interface JobPage {
  readonly jobs: readonly Job[]
  readonly coverage: Coverage
  readonly nextCursor: string | null
}

/** Jobs of the principal's account. Bound to a principal like every service. */
export interface JobsService {
  /** One's own job, or, with `read:health`, any of the account and of the installation. Throws `not_found`, the same for unknown and foreign ones. */
  readonly get: (id: string) => Promise<Job>
  /**
   * The answer of a completed report; undefined before, and for other types. Own jobs only: somebody else's figures may be more than one may see.
   * Throws `missing_scopes` or `not_allowed` when the person may by now see less than the answer shows.
   */
  readonly result: (id: string) => Promise<JobResult | undefined>
  /** Jobs of the account and of the installation, newest first. Throws `missing_scopes` without `read:health`, and `invalid_cursor`. */
  readonly list: (question: JobQuestion) => Promise<JobPage>
  /** Ends a job: one's own, or, with `manage:account`, any of the account. What already ended stays as it is. Resolves to the job as it is now; the work in the store stops soon after. */
  readonly cancel: (id: string) => Promise<Job>
}

/** A call that is to run as a job. */
export interface DeferredCall {
  /** Without the deployment's prefix. */
  readonly tool: string
  readonly toolset: Toolset
  readonly title: string
  /** All scopes of the operation. */
  readonly needs: readonly Scope[]
  /** As they came, without `account`. */
  readonly arguments: unknown
  /** The connection reaches several accounts: the answer names its own. */
  readonly several: boolean
}

/** Keeps a call as a job and resolves to it at once; asked the same again while it is open, to the same job. Throws `rate_limited` when a person has too many open, `unavailable` when jobs cannot be kept. */
export type PutOff = (principal: Principal, call: DeferredCall) => Promise<Job>

export interface Performed extends JobResult {
  readonly json: string
  readonly rows: number | null
  readonly tokens: number
}

/** The worker's side of a call that was put off: runs the tool for the principal as it is now. Throws MercatError and nothing else. */
export type Perform = (
  call: Pick<DeferredCall, 'tool' | 'arguments' | 'several'> & {
    readonly principal: Principal
    readonly signal: AbortSignal
    readonly progress: (done: number, of?: number, message?: string) => void
  },
) => Promise<Performed>
