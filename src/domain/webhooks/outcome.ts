/** What became of an attempt, as a closed table with words that say what to do. Holds nothing of what a receiver wrote. */

/** Why an attempt was not taken. */
export const failureWords = {
  status: 'The receiver answered with an error. Its log says why.',
  redirect: 'The receiver answered with a redirect, which is never followed. Give the address that it leads to.',
  gone: 'The receiver said that it is gone (410): the endpoint was turned off.',
  timeout: 'The receiver took longer than 10 seconds. Let it answer first and work afterwards.',
  unknown_host: 'The host name could not be resolved. Check its spelling and its DNS records.',
  private_address: 'The host is not on the public internet, and Mercat connects to nothing else. Give a public address.',
  tls: 'No secure connection could be made. Check the certificate of the receiver: its name, its end and its chain.',
  connection: 'The receiver could not be reached, or broke off. Check that it runs and lets Mercat in.',
  off: 'The endpoint was turned off before this was delivered. Turn it on and send this again.',
} as const satisfies Record<string, string>
export type Failure = keyof typeof failureWords

/** What an attempt brought. */
export type Outcome =
  | { readonly ok: true; readonly status: number }
  | { readonly ok: false; readonly failure: Failure; readonly status: number | null; readonly retryAfter?: string | undefined }

/** A stored failure in words: "Answered with status 500. …" */
export function failureText(failure: string | null, status: number | null): string | null {
  if (failure === null) return null
  const words = Object.hasOwn(failureWords, failure) ? failureWords[failure as Failure] : failure
  return failure === 'status' && status !== null ? `Status ${status}. ${words}` : words
}

/** What an HTTP status says of the attempt. Only 2xx is taken; 410 ends the endpoint; of the others a retry may help. */
export function outcomeOf(status: number, retryAfter: string | undefined): Outcome {
  if (status >= 200 && status < 300) return { ok: true, status }
  if (status >= 300 && status < 400) return { ok: false, failure: 'redirect', status }
  if (status === 410) return { ok: false, failure: 'gone', status }
  return { ok: false, failure: 'status', status, ...(status === 429 || status === 503 ? { retryAfter } : {}) }
}
