/**
 * The one pipeline: every tool call of every door (MCP, the dashboard, the CLI, tests) runs here and nowhere else.
 * rate budget → find → scopes ∩ member ∩ account → toolset and read-only gate → strict parse → run with deadline → check output → cap → scrub and fence → audit → map errors.
 */
import type { Principal, Scope } from '../core/access.ts'
import type { Clock } from '../core/clock.ts'
import { MercatError, toMercatError } from '../core/errors.ts'
import type { Logger } from '../core/log.ts'
import { clip, inline, nearest } from '../core/text.ts'
import { inTurnOf } from '../core/turn.ts'
import type { AuditedCall, AuditLog, CallBudget } from '../domain/audit/index.ts'
import type { BindServices } from '../domain/index.ts'
import type { Job, Perform } from '../domain/operations/index.ts'
import { type Answer, fitAnswer, type TokenBudget, tokenBudget } from './answer.ts'
import { parseArguments } from './arguments.ts'
import { runWithin, withNarrowing } from './deadline.ts'
import { type Deferral, deferred, handleAnswer } from './deferred.ts'
import type { TextOf, ToolContext } from './define.ts'
import { type Catalog, type CatalogTool, hiddenBy, noNarrowing, type Narrowing, offersOf } from './offer.ts'

export interface CallRequest {
  /** As the caller wrote it. */
  readonly name: string
  /** As they came: unknown until parsed. */
  readonly arguments: unknown
  /** At least one; with several, the argument `account` says which. */
  readonly principals: readonly Principal[]
  readonly narrowing: Narrowing
  /** Aborts when the caller leaves. */
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ToolContext['progress'] | undefined
}

export type CallOutcome =
  | {
      readonly ok: true
      /** The name of the account it is about. */
      readonly account: string
      readonly structured: Record<string, unknown>
      readonly json: string
      readonly text: string
      /** It became this job; the answer is the job's handle. */
      readonly job?: Job
    }
  | { readonly ok: false; readonly error: MercatError }

export interface PipelineOptions {
  readonly catalog: Catalog
  readonly bind: BindServices
  /** Throws `rate_limited`. */
  readonly budget: CallBudget
  /** Reads are kept in batches; a draft or write is kept before its answer leaves. */
  readonly audit: Pick<AuditLog, 'record' | 'recordNow'>
  readonly maxTokens: number
  readonly log: Logger
  readonly clock: Clock
  /** Default: 5 minutes. */
  readonly deadlineMs?: number
  /** Calls that read much become jobs. Default: none does. */
  readonly deferral?: Deferral
  /** Services for calls that run as jobs. Default: `bind`. */
  readonly bindJobs?: BindServices
}

export interface Pipeline {
  readonly catalog: Catalog
  /** Never throws: what went wrong is in the outcome. */
  readonly call: (request: CallRequest) => Promise<CallOutcome>
  /** Runs a call that became a job: within an hour, by the services for jobs, unaudited (the job's end is), and never put off again. */
  readonly perform: Perform
  /** All scopes of the operation, when the token lacks some that the person could grant: the door asks for them (RFC 6750 insufficient_scope) and does not call. Such a refusal is kept like any other. */
  readonly scopesToAskFor: (request: Pick<CallRequest, 'name' | 'arguments' | 'principals'>) => readonly Scope[] | undefined
}

const fiveMinutes = 300_000
const hour = 3_600_000
/** All jobs together are one among those who wait for the store. */
const jobsTurn = 'jobs'
/** What job_status says around a kept answer. */
const aroundAnswer = 600

export function createPipeline(options: PipelineOptions): Pipeline {
  const { catalog, bind, budget, audit, log, clock } = options
  const tokens = tokenBudget(options.maxTokens)
  const deadlineMs = options.deadlineMs ?? fiveMinutes
  const bound = new WeakMap<Principal, ReturnType<BindServices>>()

  /** Services of a principal are made once: identity hands out the same principal while its check is cached. */
  function servicesOf(principal: Principal): ReturnType<BindServices> {
    const ready = bound.get(principal)
    if (ready) return ready
    const services = bind(principal)
    bound.set(principal, services)
    return services
  }

  const textOf: TextOf = (name, structured) => {
    const tool = catalog.find(catalog.prefix + name)?.tool
    const output = tool?.output.safeParse(structured)
    // An answer that an earlier version made may be of another form.
    return tool && output?.success ? tool.render(output.data, textOf) : inline(JSON.stringify(structured))
  }

  /** Access, arguments, and what a handler gets: the same for a call and for a job. */
  function prepare(name: string, entry: CatalogTool | undefined, { principal, rest }: Chosen, request: Pick<CallRequest, 'principals' | 'narrowing'>) {
    if (!entry) throw unknownTool(name, request, catalog)
    authorize(entry, principal, request.narrowing, entry.scopesFor(rest))
    return { entry, input: parseArguments(entry.tool.input, rest) }
  }

  async function fitted({ tool }: CatalogTool, raw: Record<string, unknown>, { principal, rest, several }: Chosen, within: TokenBudget): Promise<Answer> {
    const output = tool.output.safeParse(raw)
    if (!output.success) throw new Error(`${tool.name} answered what its output schema does not allow: ${clip(output.error.message, 2000)}`)
    return await fitAnswer(tool, output.data, rest, within, several ? principal.account : undefined, textOf)
  }

  async function answer(request: CallRequest, found: CatalogTool | undefined, chosen: Chosen): Promise<Answer & { readonly job?: Job }> {
    const { principal, rest, several } = chosen
    const { entry, input } = prepare(request.name, found, chosen, request)
    return await runWithin(deadlineMs, request.signal, async (signal) => {
      const ctx = { ...servicesOf(principal), principal, signal, progress: request.onProgress ?? silent }
      const job = await deferred(options.deferral, entry, { input, rest, principal, several, ctx })
      if (job) return { ...(await handleAnswer(entry, job, `${catalog.prefix}job_status`, several ? principal.account : undefined)), job }
      return await fitted(entry, await entry.tool.run({ input, ctx }), chosen, tokens)
    })
  }

  const perform: Perform = async ({ tool, arguments: rest, several, principal, signal, progress }) => {
    const found = catalog.find(catalog.prefix + tool)
    try {
      const chosen = { principal, rest, several }
      const { entry, input } = prepare(tool, found, chosen, { principals: [principal], narrowing: noNarrowing })
      const ctx = { ...(options.bindJobs ?? bind)(principal), principal, progress }
      const raw = await runWithin(hour, signal, (stop) => inTurnOf(jobsTurn, () => entry.tool.run({ input, ctx: { ...ctx, signal: stop } })))
      return await fitted(entry, raw, chosen, tokenBudget(options.maxTokens - aroundAnswer))
    } catch (thrown) {
      throw toMercatError(withNarrowing(thrown, found?.tool), log, { tool })
    }
  }

  async function call(request: CallRequest): Promise<CallOutcome> {
    const began = performance.now()
    const entry = catalog.find(request.name)
    let chosen: Chosen | undefined
    let done: Awaited<ReturnType<typeof answer>> | undefined
    let error: MercatError | undefined
    try {
      // Before anything that costs: a flood over the limit must stay cheap for everybody else. Calls that say no account of theirs count for the first.
      const caller = principalOf(request) ?? request.principals[0]
      if (caller) await budget.spend(caller)
      const own = choose(request)
      chosen = own
      done = await inTurnOf(own.principal.userId, () => answer(request, entry, own))
    } catch (thrown) {
      const left = request.signal?.aborted && !(thrown instanceof MercatError)
      error = left ? new MercatError('cancelled', 'The call was cancelled') : toMercatError(withNarrowing(thrown, entry?.tool), log, { tool: clip(request.name, 64) })
    }
    // A call that became a job is kept when the job ends.
    if (!done?.job) await keep(request, entry, chosen, began, error?.code ?? 'ok', done)
    return done && chosen
      ? { ok: true, account: chosen.principal.account.name, structured: done.structured, json: done.json, text: done.text, ...(done.job ? { job: done.job } : {}) }
      : { ok: false, error: error ?? new MercatError('internal', 'The call ended without an answer') }
  }

  /** Whatever happened, it is kept: under the chosen account, or the first when the caller named none of theirs. */
  async function keep(request: CallRequest, entry: CatalogTool | undefined, chosen: Chosen | undefined, began: number, outcome: string, done: Answer | undefined): Promise<void> {
    const principal = chosen?.principal ?? request.principals[0]
    if (!principal) return
    const ms = Math.round(performance.now() - began)
    const record = { ...recordOf(request, entry, principal, outcome), ms, rows: done?.rows ?? null, tokens: done?.tokens ?? null, result: done?.json ?? null }
    if (record.effect === 'read' || outcome === 'missing_scopes') audit.record(record)
    else await audit.recordNow(record).catch((failure: unknown) => log.error({ err: failure, tool: record.tool }, 'an audit record could not be written'))
  }

  function recordOf(request: Pick<CallRequest, 'name' | 'arguments'>, entry: CatalogTool | undefined, principal: Principal, outcome: string): AuditedCall {
    return {
      accountId: principal.account.id,
      at: clock(),
      userId: principal.userId,
      clientId: principal.clientId,
      tool: entry?.tool.name ?? inline(clip(request.name, 64)),
      effect: entry?.tool.effect ?? 'read',
      outcome,
      ms: 0,
      rows: null,
      tokens: null,
      // A flood of refusals must not fill the log with what was never looked at.
      input: outcome === 'rate_limited' ? undefined : request.arguments,
      result: null,
    }
  }

  return {
    catalog,
    call,
    perform,
    scopesToAskFor: (request) => {
      const entry = catalog.find(request.name)
      const principal = principalOf(request)
      if (!entry || !principal) return undefined
      const scopes = entry.scopesFor(request.arguments)
      const missing = scopes.filter((scope) => !principal.scopes.has(scope))
      if (missing.length === 0 || !missing.every((scope) => principal.grantable.has(scope))) return undefined
      audit.record(recordOf(request, entry, principal, 'insufficient_scope'))
      return scopes
    },
  }
}

function silent(): void {}

interface Chosen {
  readonly principal: Principal
  /** The arguments without `account`, where the pipeline added it. */
  readonly rest: unknown
  readonly several: boolean
}

function principalOf({ principals, arguments: given }: Pick<CallRequest, 'arguments' | 'principals'>): Principal | undefined {
  if (principals.length === 1) return principals[0]
  const account = typeof given === 'object' && given !== null && Object.hasOwn(given, 'account') ? (given as { account: unknown }).account : undefined
  return principals.find((principal) => principal.account.systemName === account)
}

/** Which account a call is for. With several, the caller must say: guessing could read the wrong one's figures. */
function choose(request: CallRequest): Chosen {
  const principal = principalOf(request)
  if (principal) {
    if (request.principals.length === 1) return { principal, rest: request.arguments, several: false }
    const { account: _, ...rest } = request.arguments as { account: unknown }
    return { principal, rest, several: true }
  }
  const names = request.principals.map(({ account }) => account.systemName).sort()
  const given = typeof request.arguments === 'object' && request.arguments !== null ? (request.arguments as { account?: unknown }).account : undefined
  const value = typeof given === 'string' ? JSON.stringify(inline(clip(given, 60))) : given === undefined ? undefined : clip(String(given), 60)
  throw new MercatError(
    'invalid_arguments',
    value === undefined ? 'account is missing: this connection reaches several accounts' : `account is ${value}: no such account on this connection`,
    {
      argument: 'account',
      ...(value === undefined ? {} : { value }),
      ...(typeof given === 'string' ? { nearest: nearest(clip(given, 64), names) } : {}),
      allowed: names,
      hint: 'Send the system name of one account.',
    },
  )
}

/** Throws when this principal may not call the tool here; says which of the reasons it is (a missing tool could mean three things). */
function authorize(entry: CatalogTool, principal: Principal, narrowing: Narrowing, scopes: readonly Scope[]): void {
  const hidden = hiddenBy(entry, principal, narrowing, scopes)
  if (!hidden) return
  if (hidden === 'scopes') {
    const missing = scopes.filter((scope) => !principal.scopes.has(scope))
    const lacking = missing.filter((scope) => !principal.grantable.has(scope))
    if (lacking.length)
      throw new MercatError('missing_scopes', `Missing required scopes: ${lacking.join(', ')}`, { scopes: lacking, hint: 'An owner of the account can grant them.' })
    throw new MercatError('insufficient_scope', `Missing required scopes: ${missing.join(', ')}`, { scopes, hint: 'Sign in again and consent to them.' })
  }
  if (hidden === 'read_only')
    throw new MercatError('read_only', `${entry.name} creates something, and this connection is read-only`, { hint: 'Connect without read_only=1 to use it.' })
  throw new MercatError(
    'unknown_tool',
    hidden === 'account'
      ? `The account ${principal.account.systemName} does not offer the toolset ${entry.toolset} that ${entry.name} belongs to`
      : `${entry.name} belongs to the toolset ${entry.toolset}, which this connection leaves out`,
    { hint: hidden === 'account' ? 'An owner can switch the toolset on in the account’s settings.' : 'Connect with it in toolsets=, or without toolsets=.' },
  )
}

function unknownTool(name: string, request: Pick<CallRequest, 'principals' | 'narrowing'>, catalog: Catalog): MercatError {
  const names = offersOf(catalog, request.principals, request.narrowing).map(({ entry }) => entry.name)
  const close = nearest(clip(name, 64), names)
  return new MercatError(
    'unknown_tool',
    `Unknown tool: ${inline(clip(name, 64))}`,
    close.length ? { nearest: close } : { hint: 'Call tools/list for the tools of this connection.' },
  )
}
