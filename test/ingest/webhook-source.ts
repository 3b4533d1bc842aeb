/** What the tests of webhook sources share: a request as it comes, and what becomes of its items. Asks no server. */
import type { MercatError } from '../../src/core/errors.ts'
import { type Normalised, type Source, type SourceRequest, Unreadable, type WebhookSource } from '../../src/ingest/sources/define.ts'

/** 2026-03-31T09:00:00Z */
export const receivedAt = new Date(1_774_947_600_000)
export const address = 'https://mercat.example/ingest/source/key'
export const password = 'a-password-of-some-length'

export function webhook(source: Source): WebhookSource {
  if (source.connection !== 'webhook') throw new Error(`${source.type} is no webhook`)
  return source
}

/** @param body what is not a text is sent as JSON */
export const requestOf = (body: unknown, headers: SourceRequest['headers'] = {}, given: Partial<SourceRequest> = {}): SourceRequest => ({
  headers,
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  url: address,
  receivedAt,
  ...given,
})

export const basic = (username: string, secret: string) => ({ authorization: `Basic ${Buffer.from(`${username}:${secret}`).toString('base64')}` })

/** What becomes of the items of a body. */
export function normalised(source: WebhookSource, body: unknown, given: Partial<SourceRequest> = {}): readonly Normalised[] {
  return source.read(requestOf(body, {}, given)).flatMap((item) => source.normalise(item, { receivedAt }))
}

/** The reason why a body is not readable, and whether it is kept. Throws when it is readable. */
export function unreadable(source: WebhookSource, body: unknown): { reason: string; keep: boolean } {
  try {
    normalised(source, body)
  } catch (error) {
    if (error instanceof Unreadable) return { reason: error.reason, keep: error.keep }
    throw error
  }
  throw new Error('It was readable')
}

/** Why a request is not proved; undefined when it is. */
export async function refusal(source: WebhookSource, request: SourceRequest, settings: Readonly<Record<string, string>>): Promise<MercatError | undefined> {
  const outside = { get: () => Promise.reject(new Error('nothing is asked for outside')) }
  return await Promise.resolve()
    .then(() => source.verify(request, settings, outside))
    .then(
      () => undefined,
      (error: MercatError) => error,
    )
}
