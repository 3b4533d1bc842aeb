/** Long reports: calls that are put off, and their run. Who may do what is derived anew at the run; how a tool runs is the catalog's. */
import { isScope, type Principal, type Scope, tokenScopes } from '../../core/access.ts'
import { MercatError } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import { canonicalJson } from '../../core/json.ts'
import { unstorable } from '../../core/text.ts'
import type { Jobs, RequestedJob } from '../../storage/operational/jobs.ts'
import { dashboardClient, findAccountById, hasGrant, listAccess } from '../accounts/index.ts'
import type { Stores } from '../stores.ts'
import type { Perform, PutOff } from './job.ts'
import { shown } from './jobs-service.ts'
import { deleteJob, endLost, findJob, forgottenReports, insertQueued, lockOpenReports, type Request } from './jobs-repository.ts'
import { runJob } from './run.ts'

export const reportQueue = 'report'

/** Reports of a process at once. What they ask the store is bounded further: see `inBackground`. */
const atOnce = 10
/** Reports that a person may have open in an account. */
const mostOpen = 10

/** Asks for a job to be run, by whatever process is first. */
export type SendJob = Jobs['send']

export function createPutOff({ db, clock }: Stores, send: SendJob): PutOff {
  return async (principal, call) => {
    const { userId, account, clientId } = principal
    const request: Request = { ...call, scopes: [...principal.scopes] }
    if (unstorable.test(JSON.stringify(request))) throw new MercatError('invalid_arguments', 'A text has a NUL character or half of a surrogate pair', { hint: 'Leave it out.' })
    const id = newId('job')
    const same = await db.transaction().execute(async (transaction) => {
      const open = await lockOpenReports(transaction, account.id, userId)
      // A model that asks again while it waits gets the same job.
      const found = open.find((job) => job.clientId === clientId && canonicalJson(job.request) === canonicalJson(request))
      if (found) return found
      if (open.length >= mostOpen)
        throw new MercatError('rate_limited', `${mostOpen} reports of yours are at work or waiting already`, { retryAfter: 60, hint: 'Wait for one of them, or cancel it.' })
      return void (await insertQueued(transaction, { id, accountId: account.id, type: 'report', title: call.title, userId, clientId }, request, clock()))
    })
    if (same) return shown(same, principal)
    try {
      await send(reportQueue, { accountId: account.id, jobId: id })
    } catch (error) {
      await deleteJob(db, id)
      throw error
    }
    const made = await findJob(db, id, clock())
    if (!made) throw new MercatError('not_found', 'The account is gone')
    return shown(made, principal)
  }
}

/** The queue of reports. */
export function reportJob(stores: Stores, perform: Perform): RequestedJob {
  return {
    name: reportQueue,
    concurrency: atOnce,
    run: async (signal, { accountId, jobId }) => {
      if (jobId === undefined) return
      const job = await findJob(stores.db, jobId, stores.clock())
      if (!job) return
      const { title, userId, clientId } = job
      await runJob(stores, { id: jobId, accountId, type: 'report', title, userId, clientId }, { signal, retry: true }, async ({ request, signal: stop, progress }) => {
        if (!request) throw new Error('A report without a request')
        const principal = await principalOf(stores, job, request.scopes)
        const { organizations, brands } = principal
        const { tool, several } = request
        return { answer: await perform({ tool, arguments: request.arguments, several, principal, signal: stop, progress }), eyes: { organizations, brands } }
      })
    },
  }
}

/** Who asked, as they are now: what the token carried then ∩ what the person may do now. Throws when they may do nothing any more. */
async function principalOf(
  { db, clock }: Stores,
  job: { accountId: string | null; userId: string | null; clientId: string | null },
  carried: readonly Scope[],
): Promise<Principal> {
  const ended = new MercatError('not_allowed', 'The access that asked for this has ended', { hint: 'Sign in again and ask again.' })
  const account = job.accountId === null ? undefined : await findAccountById(db, job.accountId)
  if (!account || job.userId === null || job.clientId === null) throw ended
  const access = (await listAccess(db, job.userId, account.systemName)).at(0)
  if (!access) throw ended
  const dashboard = job.clientId === dashboardClient
  if (!dashboard && !(await hasGrant(db, { userId: job.userId, clientId: job.clientId, accountId: account.id }, clock()))) throw ended
  if (!dashboard && !access.account.mcpEnabled) throw new MercatError('mcp_disabled', 'MCP is not enabled for this account')
  const grantable = new Set(dashboard ? access.scopes : tokenScopes.filter((scope) => access.scopes.has(scope)))
  return {
    userId: job.userId,
    account: access.account,
    clientId: job.clientId,
    scopes: new Set(carried.filter((scope) => isScope(scope) && grantable.has(scope))),
    grantable,
    operator: access.role === 'super_admin',
    organizations: access.organizations,
    brands: access.brands,
  }
}

/** Asks again for calls that were kept and whose request was lost between two statements. While jobs cannot be kept it throws. */
export async function sendForgotten({ db }: Pick<Stores, 'db'>, send: SendJob, signal?: AbortSignal): Promise<void> {
  for (const { id, accountId } of await forgottenReports(db, reportQueue)) {
    if (signal?.aborted) return
    await send(reportQueue, { accountId, jobId: id })
  }
}

/** At the start of a process, before anything runs: what an earlier process left running and only it could run has failed. @param alone no other process is on this store */
export async function recoverJobs({ db, clock }: Stores, alone: boolean): Promise<void> {
  await endLost(db, alone, clock())
}
