/** The answers of list_jobs and job_status: schemas, shaping and text. Pure. */
import { z } from 'zod'
import { describeError, MercatError } from '../../core/errors.ts'
import { clip, inline, table } from '../../core/text.ts'
import { type Job, type JobPage, type JobResult, jobStates, type JobsService, jobTypes, partialNotes } from './job.ts'
import { cursorAfter } from './jobs-service.ts'

/** Seconds until asking for an open job again is worth it. */
export const jobPollSeconds = 5

export const jobsInput = z.strictObject({
  state: z.enum(jobStates).optional(),
  type: z.enum(jobTypes).optional(),
  limit: z
    .number()
    .int()
    .refine((limit) => limit >= 1 && limit <= 100, '1 to 100')
    .optional(),
  cursor: z.string().optional(),
})

const listed = z.object({
  id: z.string(),
  type: z.enum(jobTypes),
  title: z.string(),
  /** Of this account, or the installation's own. */
  of: z.enum(['account', 'installation']),
  state: z.enum(jobStates),
  progress: z.string().nullable(),
  createdAt: z.string(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  error: z.string().nullable(),
})

export const jobsOutput = z.object({
  jobs: z.array(listed),
  coverage: z.object({ shown: z.number().int(), of: z.number().int() }),
  filters: z.object({ state: z.enum(jobStates).nullable(), type: z.enum(jobTypes).nullable() }),
  nextCursor: z.string().nullable(),
})
export type JobsAnswer = z.output<typeof jobsOutput>

export function errorText({ error }: Pick<Job, 'error'>): string | null {
  return error && describeError(new MercatError(error.code, error.message, error.details))
}

/** "3 of 7, Counting": how far it is, or was when it ended; null: nothing to tell. */
export function progressText({ done, of, message }: Pick<Job, 'done' | 'of' | 'message'>): string | null {
  const steps = of === null ? done > 0 && String(done) : `${done} of ${of}`
  return [steps, message !== null && inline(clip(message, 200))].filter(Boolean).join(', ') || null
}

const isOpen = ({ state }: Job) => state === 'queued' || state === 'running'

/** What every view of a job begins with. */
export function jobFields(job: Job) {
  const { id, type, title, accountId, state, createdAt, startedAt, finishedAt } = job
  return { id, type, title, of: accountId === null ? ('installation' as const) : ('account' as const), state, createdAt, startedAt, finishedAt, error: errorText(job) }
}

export function jobsAnswer({ state, type }: z.output<typeof jobsInput>, { jobs, of, nextCursor }: JobPage): JobsAnswer {
  return {
    jobs: jobs.map((job) => ({ ...jobFields(job), progress: isOpen(job) ? progressText(job) : null })),
    coverage: { shown: jobs.length, of },
    filters: { state: state ?? null, type: type ?? null },
    nextCursor,
  }
}

export function jobsText({ jobs, coverage, nextCursor }: JobsAnswer): string {
  if (jobs.length === 0) return 'No jobs. Ended ones are kept for 24 hours.'
  const rows = jobs.map((job) => [
    job.id,
    job.type,
    inline(clip(job.title, 80)),
    job.of,
    job.state,
    job.progress ?? '',
    job.startedAt ?? '',
    job.finishedAt ?? '',
    inline(clip(job.error ?? '', 200)),
  ])
  const more = nextCursor === null ? '' : ` Next page: cursor ${nextCursor}`
  return `${table(['id', 'type', 'title', 'of', 'state', 'progress', 'started', 'finished', 'error'], rows)}\n\n${coverage.shown} of ${coverage.of}, newest first, times in UTC.${more}`
}

export const jobInput = z.strictObject({ id: z.string().refine((id) => id.length >= 1 && id.length <= 64, '1 to 64 characters') })

export const jobOutput = z.object({
  job: z.object({
    id: z.string(),
    type: z.enum(jobTypes),
    title: z.string(),
    of: z.enum(['account', 'installation']),
    state: z.enum(jobStates),
    done: z.number().int(),
    total: z.number().int().nullable(),
    message: z.string().nullable(),
    /** Figures that are right before the end. */
    partial: z.record(z.string(), z.unknown()).nullable(),
    partialNote: z.string().nullable(),
    createdAt: z.string(),
    startedAt: z.string().nullable(),
    finishedAt: z.string().nullable(),
    expiresAt: z.string().nullable(),
    /** null: it has ended. */
    pollAfterSeconds: z.number().int().nullable(),
    error: z.string().nullable(),
    tool: z.string().nullable(),
  }),
  /** The answer of `job.tool`, as its own output schema has it. */
  result: z.record(z.string(), z.unknown()).nullable(),
})
export type JobAnswer = z.output<typeof jobOutput>

/** Everything of one job. Throws what `get` and `result` throw. */
export async function readJobAnswer(jobs: JobsService, id: string): Promise<JobAnswer> {
  const job = await jobs.get(id)
  const open = isOpen(job)
  const result: JobResult | undefined = job.state === 'completed' ? await jobs.result(id) : undefined
  const { type, done, message, partial, expiresAt, tool } = job
  return {
    job: {
      ...jobFields(job),
      done,
      total: job.of,
      message,
      partial,
      partialNote: open ? partialNotes[type] : null,
      expiresAt,
      pollAfterSeconds: open ? jobPollSeconds : null,
      tool,
    },
    result: result?.structured ?? null,
  }
}

/** @param textOf the text of a tool's structured answer */
export function jobText({ job, result }: JobAnswer, textOf: (tool: string, structured: Record<string, unknown>) => string): string {
  const progress = progressText({ ...job, of: job.total })
  const lines = [
    `Job ${job.id} (${job.type}${job.of === 'installation' ? ' of the installation' : ''}): ${inline(clip(job.title, 120))}`,
    `State: ${job.state}${progress === null ? '' : `, ${progress}`}`,
    `Created ${job.createdAt}${job.startedAt === null ? '' : `, started ${job.startedAt}`}${job.finishedAt === null ? '' : `, ended ${job.finishedAt}`}${job.expiresAt === null ? '' : `, kept until ${job.expiresAt}`}`,
  ]
  if (job.partial)
    lines.push(
      `So far: ${Object.entries(job.partial)
        .map(([name, value]) => `${inline(name)} ${inline(String(value))}`)
        .join(', ')}`,
    )
  if (job.partialNote !== null) lines.push(job.partialNote)
  if (job.error !== null) lines.push(`Error: ${inline(clip(job.error, 1000))}`)
  if (job.pollAfterSeconds !== null) lines.push(`Ask again in ${job.pollAfterSeconds} s.`)
  if (result && job.tool !== null) lines.push('', textOf(job.tool, result))
  else if (job.state === 'completed' && job.type === 'report') lines.push('Its answer is for the person who asked.')
  return lines.join('\n')
}

/** The page with only its first rows. */
export function cutJobs(answer: JobsAnswer, count: number): JobsAnswer {
  const jobs = answer.jobs.slice(0, count)
  const last = jobs.at(-1)
  const { state, type } = answer.filters
  return {
    ...answer,
    jobs,
    coverage: { ...answer.coverage, shown: jobs.length },
    nextCursor: last ? cursorAfter({ state: state ?? undefined, type: type ?? undefined }, last) : null,
  }
}
