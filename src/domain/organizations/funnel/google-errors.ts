/** What a caller is told when Google Analytics does not answer a question. Google's own words are looked at and never passed on. */
import { MercatError } from '../../../core/errors.ts'
import { addDays, dayOf, startOfDay } from '../../../core/period.ts'

/** What the question was about. */
export interface About {
  readonly propertyId: string
  /** Names of events of the property. */
  readonly events: readonly string[]
  /** The service account that asked. */
  readonly email: string
}

/** As google-gax throws it: the code is gRPC's, whatever the transport was. */
export interface Refusal {
  readonly code?: unknown
  readonly httpStatusCode?: unknown
  /** Of google.rpc.ErrorInfo. */
  readonly reason?: unknown
  readonly message?: unknown
}

/** https://grpc.io/docs/guides/status-codes/ */
const codes = {
  unknown: 2,
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  permissionDenied: 7,
  resourceExhausted: 8,
  internal: 13,
  unavailable: 14,
  unauthenticated: 16,
} as const
const passing: readonly unknown[] = [codes.unknown, codes.deadlineExceeded, codes.internal, codes.unavailable]

export function refused(refusal: Refusal, about: About, now: Date): Error {
  const { code, httpStatusCode: status, reason } = refusal
  const message = typeof refusal.message === 'string' ? refusal.message : ''
  const { propertyId, email } = about
  if (code === codes.resourceExhausted) return exhausted(message, propertyId, now)
  if (code === codes.permissionDenied && reason === 'SERVICE_DISABLED') {
    return new MercatError('conflict', `The Google Analytics Data API is off in the Google Cloud project of the service account ${email}`, {
      hint: 'Whoever runs this Mercat turns it on there and asks again some minutes later.',
    })
  }
  if (code === codes.permissionDenied) {
    return new MercatError('conflict', `The service account ${email} may not read the Google Analytics property ${propertyId}`, {
      hint: `Somebody who administers the property ${propertyId} in Google Analytics gives ${email} the role Viewer; or the property’s id at the webapp is not the right one.`,
    })
  }
  if (code === codes.unauthenticated) {
    return new MercatError('conflict', `Google does not accept the service account ${email}`, {
      hint: 'Whoever runs this Mercat looks whether its key or the account itself was deleted in Google Cloud.',
    })
  }
  if (code === codes.notFound || (code === codes.invalidArgument && /propert/i.test(message) && !/event/i.test(message))) return wrongProperty(propertyId)
  if (code === codes.invalidArgument) return wrongEvents(message, about)
  if (typeof status === 'number' && passing.includes(code)) {
    return new MercatError('unavailable', `Google Analytics cannot answer at the moment (status ${status})`, { retryAfter: 60 })
  }
  if (code === codes.unavailable) return new MercatError('unavailable', 'Google Analytics is not reachable at the moment', { retryAfter: 30 })
  // For the log: neither the text nor the cause, which may hold what was sent.
  return new Error(`Google Analytics answered in a way that is not understood (code ${Number(code)}, status ${Number(status)})`)
}

export const wrongProperty = (propertyId: string) =>
  new MercatError('conflict', `Google Analytics knows no property ${propertyId.slice(0, 40)}`, {
    hint: 'The webapp needs the number of a Google Analytics 4 property: Admin, Property details in Google Analytics. It is neither a measurement id (G-…) nor an old UA-… id.',
  })

function wrongEvents(message: string, { propertyId, events }: About): MercatError {
  const named = events.filter((name) => message.includes(name))
  const which = named.length > 0 ? named : events
  return new MercatError('conflict', `Google Analytics does not accept the event names of the property ${propertyId}: ${which.join(', ')}`, {
    hint: 'The names at the webapp must be those of events of the property, letter for letter: Admin, Events in Google Analytics.',
  })
}

/** Which of a property's quotas it is stands only in the text. https://developers.google.com/analytics/devguides/reporting/data/v1/quotas */
function exhausted(message: string, propertyId: string, now: Date): MercatError {
  const used = (when: string, retryAfter: number) => new MercatError('unavailable', `The quota of the Google Analytics property ${propertyId} is used up; ${when}`, { retryAfter })
  if (/concurrent/i.test(message)) return used('it allows only so many questions at a time', 30)
  if (/per day|daily/i.test(message)) {
    const pacific = 'America/Los_Angeles'
    const midnight = startOfDay(addDays(dayOf(now, pacific), 1), pacific)
    return used(`it renews at midnight Pacific Time, ${midnight.toISOString().slice(0, 16)}Z`, Math.ceil((midnight.getTime() - now.getTime()) / 1000))
  }
  return used('it renews within an hour', 3600)
}

export const tooSlow = (seconds: number) => new MercatError('unavailable', `Google Analytics did not answer within ${seconds} s`, { retryAfter: 60 })
export const gone = () => new MercatError('cancelled', 'The question to Google Analytics was cancelled')
