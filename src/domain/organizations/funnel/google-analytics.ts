/** The funnel of a Google Analytics 4 property, asked for by Google's own client. It keeps nothing but an access token, and loads the client when the first question comes. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { protos, v1alpha } from '@google-analytics/data'
import { MercatError } from '../../../core/errors.ts'
import type { Period } from '../../../core/period.ts'
import { gone, refused, type Refusal, tooSlow, wrongProperty } from './google-errors.ts'
import { createServiceAccount } from './service-account.ts'
import { type FunnelCounts, type FunnelStep, funnelSteps, type FunnelType } from './steps.ts'

export interface GoogleFunnelQuestion {
  /** The number of the property. */
  readonly propertyId: string
  /** The property's name of each step's event. */
  readonly events: Readonly<Record<FunnelStep, string>>
  /** Days of the property's own time zone. */
  readonly period: Period
  readonly type: FunnelType
}

export interface GoogleFunnel extends FunnelCounts {
  /** null: a funnel report does not tell it. */
  readonly timeZone: string | null
  /** What to know of these figures, as sentences. */
  readonly notes: string[]
}

export interface GoogleAnalytics {
  /** Throws MercatError. */
  readonly funnel: (question: GoogleFunnelQuestion, signal?: AbortSignal) => Promise<GoogleFunnel>
}

export interface GoogleAnalyticsOptions {
  readonly credentialsFile: string
  /** An origin. Default: Google's. */
  readonly apiUrl: string | undefined
  /** Seconds that an answer may take: somebody is waiting. */
  readonly seconds?: number
}

type Client = v1alpha.AlphaAnalyticsDataClient
type ClientOptions = NonNullable<ConstructorParameters<typeof v1alpha.AlphaAnalyticsDataClient>[0]>
type Report = protos.google.analytics.data.v1alpha.IRunFunnelReportResponse

const scope = 'https://www.googleapis.com/auth/analytics.readonly'
/** Milliseconds before the one repetition of a question that met a 503. */
const pause = 500

export function createGoogleAnalytics({ credentialsFile, apiUrl, seconds = 20 }: GoogleAnalyticsOptions): GoogleAnalytics {
  const account = createServiceAccount(credentialsFile, scope)
  let loading: Promise<Client> | undefined
  const client = async () => {
    loading ??= loadClient(apiUrl)
    loading.catch(() => {
      loading = undefined
    })
    return await loading
  }

  return {
    funnel: async (question, signal) => {
      const { propertyId, events } = question
      // It becomes part of the address.
      if (!/^\d{1,20}$/.test(propertyId)) throw wrongProperty(propertyId)
      const deadline = AbortSignal.timeout(seconds * 1000)
      const end = signal ? AbortSignal.any([signal, deadline]) : deadline
      let email = ''
      const google = await client()
      try {
        const access = await account.access(end)
        email = access.email
        return figuresOf(await ask(google, question, access.token, end))
      } catch (error) {
        if (signal?.aborted) throw gone()
        if (deadline.aborted) throw tooSlow(seconds)
        if (error instanceof MercatError) throw error
        // The key file may have been replaced since the token was made.
        const { httpStatusCode: status } = error as Refusal
        if (status === 401 || status === 403) account.forget()
        throw refused(error as Refusal, { propertyId, events: funnelSteps.map((step) => events[step]), email }, new Date())
      }
    },
  }
}

async function loadClient(apiUrl = 'https://analyticsdata.googleapis.com'): Promise<Client> {
  const { v1alpha: alpha } = await import('@google-analytics/data')
  const { protocol, hostname, port } = new URL(apiUrl)
  // In place of the library's own: each call brings its token, and no redirection takes it elsewhere.
  const auth = {
    getRequestHeaders: async () => new Headers(),
    fetch: async (url: string, { method, headers, body, signal }: RequestInit) => await fetch(url, { method, headers, body, signal, redirect: 'error' } as RequestInit),
  }
  const options = {
    fallback: true,
    protocol: protocol.slice(0, -1),
    apiEndpoint: hostname,
    port: Number(port) || (protocol === 'http:' ? 80 : 443),
    // Otherwise an environment variable decides.
    universeDomain: 'googleapis.com',
    authClient: auth as unknown as NonNullable<ClientOptions['authClient']>,
  }
  const client = new alpha.AlphaAnalyticsDataClient(options)
  // A call does this too, but there a failure would end the process.
  await client.initialize()
  return client
}

/** One question, repeated once when Google is busy. */
async function ask(client: Client, { propertyId, events, period, type }: GoogleFunnelQuestion, token: string, signal: AbortSignal): Promise<Report> {
  const request = {
    property: `properties/${propertyId}`,
    dateRanges: [{ startDate: period.start, endDate: period.end }],
    funnel: {
      isOpenFunnel: type === 'open',
      steps: funnelSteps.map((step) => ({ name: step, filterExpression: { funnelEventFilter: { eventName: events[step] } } })),
    },
    returnPropertyQuota: true,
  }
  const once = async () => {
    signal.throwIfAborted()
    const [report] = await client.runFunnelReport(request, { signal, otherArgs: { headers: { authorization: `Bearer ${token}` } } })
    return report
  }
  try {
    return await once()
  } catch (error) {
    if ((error as Refusal).httpStatusCode !== 503) throw error
    await sleep(pause, undefined, { signal })
    return await once()
  }
}

/** Users are the property's active users: the only count of people that funnel reports have. */
function figuresOf({ funnelTable: table, propertyQuota: quota }: Report): GoogleFunnel {
  // Headers come twice over in practice, values once: the first of a name counts.
  const nameAt = (table?.dimensionHeaders ?? []).findIndex(({ name }) => name === 'funnelStepName')
  const usersAt = (table?.metricHeaders ?? []).findIndex(({ name }) => name === 'activeUsers')
  const counts = new Map<number, number>()
  for (const { dimensionValues, metricValues } of table?.rows ?? []) {
    // The third step, named order, comes as "3. order".
    const number = /^(\d+)\./.exec(dimensionValues?.[nameAt]?.value ?? '')?.[1]
    const users = metricValues?.[usersAt]?.value
    if (number !== undefined && users !== undefined && users !== null && /^\d+$/.test(users)) counts.set(Number(number), Number(users))
  }
  const thresholded = (quota?.potentiallyThresholdedRequestsPerHour?.consumed ?? 0) > 0
  const none = counts.size === 0
  // A step that is missing among others was reached by nobody, unless small counts were left out.
  const missing = none || thresholded ? null : 0
  return {
    steps: funnelSteps.map((step, at) => ({ step, visitors: counts.get(at + 1) ?? missing, events: null })),
    timeZone: null,
    notes: [
      'Visitors are active users as Google Analytics counts them; the days are those of the property’s own time zone.',
      ...(none ? ['Google Analytics gave no figures: nobody did any of the steps under these event names, or it has not processed these days yet.'] : []),
      ...(table?.metadata?.samplingMetadatas ?? []).map(({ samplesReadCount: read, samplingSpaceSize: all }) => sampled(Number(read), Number(all))),
      ...(thresholded ? ['Google Analytics may have left out counts of few people (data thresholds).'] : []),
      ...scarce(quota),
    ],
  }
}

const sampled = (read: number, all: number) =>
  `Google Analytics sampled: the figures are estimated from ${read} of ${all} events${all > 0 ? ` (${((100 * read) / all).toFixed(1)} %)` : ''}.`

/** When fewer than ten more questions like this one are left. */
function scarce(quota: Report['propertyQuota']): string[] {
  const left = [
    ['today', quota?.tokensPerDay],
    ['this hour', quota?.tokensPerHour],
    ['this hour', quota?.tokensPerProjectPerHour],
  ] as const
  const lacking = left.find(([, status]) => status && (status.consumed ?? 0) > 0 && (status.remaining ?? 0) < 10 * (status.consumed ?? 0))
  return lacking
    ? [`The quota of the property is nearly used up ${lacking[0]}: ${lacking[1]?.remaining ?? 0} tokens are left, and this answer took ${lacking[1]?.consumed ?? 0}.`]
    : []
}
