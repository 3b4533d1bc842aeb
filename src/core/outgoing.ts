/** What requests to other machines have in common: an end in time, why one failed, and when to come again. Connects to nothing. */

/**
 * Does the work until it is done, the signal aborts or the time is over, whatever the work itself waits for. Rejects with the signal's reason, or with what `networkFailure` calls a timeout.
 * @param signal undefined: nothing but the time ends it
 * @param work gets a signal of both; what it still does after its end is nobody's
 */
export async function withinTime<Result>(signal: AbortSignal | undefined, ms: number, work: (stop: AbortSignal) => Promise<Result>): Promise<Result> {
  const stop = AbortSignal.any([...(signal ? [signal] : []), AbortSignal.timeout(ms)])
  const stopped = new Promise<never>((_, fail) => stop.addEventListener('abort', () => fail(stop.reason), { once: true }))
  stopped.catch(() => {})
  return await Promise.race([stopped, work(stop)])
}

export type NetworkFailure = 'timeout' | 'unknown_host' | 'tls' | 'connection'

export function networkFailure(error: unknown): NetworkFailure {
  const { name, code = '', syscall } = error as { name?: string; code?: string; syscall?: string }
  if (name === 'TimeoutError') return 'timeout'
  if (syscall === 'getaddrinfo' || code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'unknown_host'
  return /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|EPROTO|HOSTNAME)/.test(String(code)) ? 'tls' : 'connection'
}

/** The one form that is written today; the parser alone would take nearly anything for a date. */
const httpDate = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/

/** Milliseconds that a Retry-After header asks for: seconds or an HTTP date (RFC 9110, section 10.2.3); undefined: nothing that is understood. */
export function parseRetryAfter(header: string | undefined, now: Date): number | undefined {
  if (header === undefined) return undefined
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1_000
  const at = httpDate.test(header.trim()) ? Date.parse(header) : Number.NaN
  return Number.isNaN(at) ? undefined : Math.max(0, at - now.getTime())
}
