/** The answers of list_jobs and job_status: schemas, shaping and text. Pure. */
import { z } from 'zod'
import { cursor, limitUpTo, textUpTo } from '../../core/arguments.ts'
import { describeError, MercatError } from '../../core/errors.ts'
import { coverageOf, coverageSchema, pageLine, rowsBefore } from '../../core/page.ts'
import { clip, inline, table } from '../../core/text.ts'
import { type Job, type JobPage, type JobResult, jobStates, type JobsService, jobTypes, partialNotes } from './job.ts'
import { cursorAfter } from './jobs-service.ts'

/** Seconds until asking for an open job again is worth it. */
export const jobPollSeconds = 5

export const jobsInput = z.strictObject({
  state: z.enum(jobStates).optional(),
  type: z.enum(jobTypes).optional(),
  limit: limitUpTo(100),
  cursor,
})

const listed = z.object({
  id: z.string(),
  type: z.enum(jobTypes),
  title: z.string(),
  /** This account, or the installation. */
  owner: z.enum(['account', 'installation']),
  state: z.enum(jobStates),
  done: z.number().int(),
  total: z.number().int().nullable(),
  message: z.string().nullable(),
  createdAt: z.string(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  error: z.string().nullable(),
})

export const jobsOutput = z.object({
  jobs: z.array(listed),
  coverage: coverageSchema,
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

const isOpen = ({ state }: Pick<Job, 'state'>) => state === 'queued' || state === 'running'

/** What every view of a job begins with. */
export function jobFields(job: Job) {
  const { id, type, title, accountId, state, done, of: total, message, createdAt, startedAt, finishedAt } = job
  const owner = accountId === null ? ('installation' as const) : ('account' as const)
  return { id, type, title, owner, state, done, total, message, createdAt, startedAt, finishedAt, error: errorText(job) }
}

export function jobsAnswer({ state, type }: z.output<typeof jobsInput>, { jobs, coverage, nextCursor }: JobPage): JobsAnswer {
  return {
    jobs: jobs.map(jobFields),
    coverage,
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
    job.owner,
    job.state,
    (isOpen(job) && progressText({ ...job, of: job.total })) || '',
    job.startedAt ?? '',
    job.finishedAt ?? '',
    inline(clip(job.error ?? '', 200)),
  ])
  return `${table(['id', 'type', 'title', 'owner', 'state', 'progress', 'started', 'finished', 'error'], rows)}\n\nNewest first, times in UTC; ${pageLine(coverage, nextCursor)}`
}

export const jobInput = z.strictObject({ id: textUpTo(64) })

export const jobOutput = z.object({
  job: listed.extend({
    /** Figures that are right before the end. */
    partial: z.record(z.string(), z.unknown()).nullable(),
    partialNote: z.string().nullable(),
    expiresAt: z.string().nullable(),
    /** null: it has ended. */
    pollAfterSeconds: z.number().int().nullable(),
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
  const { type, partial, expiresAt, tool } = job
  return {
    job: {
      ...jobFields(job),
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
    `Job ${job.id} (${job.type}${job.owner === 'installation' ? ' of the installation' : ''}): ${inline(clip(job.title, 120))}`,
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
  const coverage = coverageOf(rowsBefore(answer.coverage), jobs.length, answer.coverage.of)
  return { ...answer, jobs, coverage, nextCursor: last ? cursorAfter({ state: state ?? undefined, type: type ?? undefined }, last, coverage) : null }
}
