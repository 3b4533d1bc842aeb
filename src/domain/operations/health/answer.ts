/** The forms of what is asked and answered about health, and how an answer is cut to its first rows. Pure. */
import { z } from 'zod'
import { cursor, limitUpTo, listUpTo, textUpTo } from '../../../core/arguments.ts'
import { coverageSchema, pageAt, rowsBefore } from '../../../core/page.ts'

const instant = z.string().meta({ description: 'ISO 8601, UTC' })
const text = textUpTo(200)

export const statusInput = z.strictObject({})

const storeSchema = z.object({
  store: z.enum(['operational', 'analytics']),
  reachable: z.boolean(),
  engine: z.string(),
  version: z.string().nullable(),
  schemaVersion: z.number().int().nullable(),
  latencyMs: z.number().nullable().describe('Of a tiny query'),
  sizeBytes: z.number().nullable().describe('For platform operators only: it holds every account'),
})

export const statusOutput = z.object({
  state: z.enum(['ok', 'degraded', 'down']),
  reasons: z.array(z.object({ what: z.string(), message: z.string(), action: z.string() })).describe('Why it is not ok, and what to do'),
  mercat: z.object({ version: z.string(), startedAt: instant, uptimeSeconds: z.number().int() }),
  stores: z.array(storeSchema),
  jobs: z
    .object({
      working: z.boolean().nullable().describe('null: not known yet'),
      queued: z.number().int(),
      running: z.number().int(),
      failedLastDay: z.number().int(),
      oldestQueuedAt: instant.nullable(),
    })
    .nullable(),
  sources: z.array(z.object({ source: z.string(), state: z.string(), lastLoadAt: instant, ageSeconds: z.number().int() })).nullable(),
  streams: z
    .object({
      on: z.number().int(),
      behind: z.number().int(),
      refusing: z.number().int(),
      waiting: z.number().int().describe('Items acknowledged and not loaded'),
      oldestWaitingAt: instant.nullable(),
      setAside: z.number().int(),
    })
    .nullable(),
  facts: z.object({ dataAsOf: instant.nullable(), recounting: z.boolean(), loadsNotCounted: z.number().int() }).nullable(),
  webhooks: z
    .object({
      pending: z.number().int().describe('Outgoing, of all endpoints'),
      oldestPendingAt: instant.nullable(),
      failedLastDay: z.number().int(),
      lastDeliveredAt: instant.nullable(),
      endpoints: z.array(
        z.object({
          host: z.string(),
          state: z.enum(['on', 'off', 'gone']),
          pending: z.number().int(),
          failedLastDay: z.number().int(),
          lastDeliveredAt: instant.nullable(),
          lastError: z.string().nullable(),
        }),
      ),
    })
    .nullable(),
  mcp: z.object({ enabled: z.boolean(), callsLastHour: z.number().int().nullable(), errorsLastHour: z.number().int().nullable(), faultsLastHour: z.number().int().nullable() }),
  checkedAt: instant,
})
export type Status = z.output<typeof statusOutput>

export const pipelinesInput = z.strictObject({
  source: text.optional().describe('As platform_status names it'),
  limit: limitUpTo(100),
  cursor,
})
export type PipelinesInput = z.output<typeof pipelinesInput>

const loadSchema = z.object({
  id: z.number().int(),
  label: z.string().nullable().describe('null: not for members restricted to organizations or brands'),
  state: z.enum(['running', 'loaded', 'done', 'failed']),
  accepted: z.number().int(),
  rejected: z.number().int(),
  error: z.string().nullable(),
  startedAt: instant,
  finishedAt: instant.nullable(),
})

const streamSchema = z.object({
  type: z.string(),
  title: z.string(),
  state: z.enum(['off', 'unfinished', 'silent', 'refusing', 'behind', 'ok']),
  lastReceivedAt: instant.nullable(),
  waiting: z.object({ requests: z.number().int(), items: z.number().int(), oldestAt: instant.nullable(), lagSeconds: z.number().int() }),
  setAside: z.number().int(),
  lastRefusal: z.string().nullable(),
  lastRefusedAt: instant.nullable(),
})

const pipelineSchema = z.object({
  source: z.string(),
  stream: streamSchema.nullable().describe('null: not a source that delivers by itself. Of one that does, loads are requests, and rejects what is set aside now'),
  lastLoad: loadSchema.nullable(),
  running: z.array(loadSchema).describe('accepted: rows so far'),
  loads: z.number().int(),
  failed: z.number().int(),
  accepted: z.number().int(),
  rejected: z.number().int(),
  rejects: z.array(z.object({ reason: z.string(), rows: z.number().int() })).nullable(),
  lastEventAt: instant.nullable(),
  lagSeconds: z.number().int().nullable(),
  days: z.array(z.object({ day: z.string(), loads: z.number().int(), accepted: z.number().int(), rejected: z.number().int() })),
})
export type Pipeline = z.output<typeof pipelineSchema>

export const pipelinesOutput = z.object({
  pipelines: z.array(pipelineSchema),
  period: z.object({ startDate: z.string(), endDate: z.string(), timeZone: z.string() }),
  dataAsOf: instant.nullable(),
  filters: z.object({ source: z.string().nullable() }),
  analytics: z.enum(['ok', 'unavailable']).describe('unavailable: reasons, last events and lag are not known now'),
  coverage: coverageSchema,
  nextCursor: z.string().nullable(),
})
export type Pipelines = z.output<typeof pipelinesOutput>

export const errorKinds = ['message', 'load', 'job'] as const

export const errorsInput = z
  .strictObject({
    startDate: text.optional().describe('yyyy-MM-dd; default: 7 days up to endDate'),
    endDate: text.optional(),
    campaignIds: listUpTo(100).optional().describe('Ids, keys or exact names'),
    channels: listUpTo(100).optional(),
    kind: z.enum(errorKinds).optional(),
    limit: limitUpTo(100),
    cursor,
  })
  .refine(({ kind, campaignIds, channels }) => !(kind && kind !== 'message' && (campaignIds ?? channels)?.length), {
    path: ['kind'],
    message: 'only errors of messages have campaigns and channels',
  })
export type ErrorsInput = z.output<typeof errorsInput>

const errorSchema = z.object({
  kind: z.enum(errorKinds),
  campaign: z.object({ id: z.string().nullable(), name: z.string() }).nullable(),
  channel: z.string().nullable(),
  event: z.string().describe('bounced hard, bounced soft, bounced, failed'),
  error: z.string(),
  source: z.string().nullable().describe('Of a failed load; the type of a failed job'),
  count: z.number().int().nullable().describe('Messages, loads or jobs; null: fewer than the privacy floor'),
  shareOfSends: z.number().nullable(),
  sends: z.number().int().nullable(),
  firstAt: instant,
  lastAt: instant,
})
export type ExecutionError = z.output<typeof errorSchema>

export const errorsOutput = z.object({
  errors: z.array(errorSchema),
  passport: z.object({
    startDate: z.string(),
    endDate: z.string(),
    timeZone: z.string(),
    filters: z.object({ campaignIds: z.array(z.string()).nullable(), channels: z.array(z.string()).nullable(), kind: z.enum(errorKinds).nullable() }),
    privacyFloor: z.number().int(),
    definition: z.string(),
    dataAsOf: instant.nullable(),
    asOf: z.string().describe('The state that all pages of the list show'),
  }),
  coverage: coverageSchema,
  nextCursor: z.string().nullable(),
})
export type ExecutionErrors = z.output<typeof errorsOutput>

/** What a cursor belongs to: stated by the answer itself, so that an answer alone can be cut. */
export const pipelinesQuestion = ({ filters, period }: Pick<Pipelines, 'filters' | 'period'>) => ['pipelines', filters.source, period.endDate]
export const errorsQuestion = ({ filters, startDate, endDate }: Pick<ExecutionErrors['passport'], 'filters' | 'startDate' | 'endDate'>) => [
  'errors',
  filters.campaignIds,
  filters.channels,
  filters.kind,
  startDate,
  endDate,
]

/** The same answer with its first pipelines only, its cursor set right. */
export function cutPipelines(answer: Pipelines, count: number): Pipelines {
  return { ...answer, pipelines: answer.pipelines.slice(0, count), ...pageAt(rowsBefore(answer.coverage), count, answer.coverage.of, pipelinesQuestion(answer)) }
}

/** The same answer with its first errors only, its cursor set right. */
export function cutErrors(answer: ExecutionErrors, count: number): ExecutionErrors {
  const { coverage, passport } = answer
  return { ...answer, errors: answer.errors.slice(0, count), ...pageAt(rowsBefore(coverage), count, coverage.of, errorsQuestion(passport), passport.asOf) }
}
