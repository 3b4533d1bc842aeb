/** What the tests of webhook sources share: a request as it comes, and what becomes of its items. Asks no server. */
import { MercatError } from '../../src/core/errors.ts'
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

/** What a body becomes; of one that cannot be read, whether it is `kept` or `refused`, and the reason. */
export function outcomeOf(source: Source, body: unknown): readonly Normalised[] | string {
  try {
    return normalised(webhook(source), body)
  } catch (error) {
    if (error instanceof Unreadable) return `${error.keep ? 'kept' : 'refused'}: ${error.reason}`
    if (error instanceof MercatError) return `${error.code}: ${error.message}`
    throw error
  }
}

/** Why a request is not proved; undefined when it is. */
export async function doubtOf(source: Source, request: Partial<SourceRequest>, settings: Readonly<Record<string, string>>): Promise<string | undefined> {
  const outside = { get: () => Promise.reject(new Error('Nothing is asked for outside')) }
  try {
    await webhook(source).verify({ ...requestOf(''), ...request }, settings, outside)
    return undefined
  } catch (error) {
    if (error instanceof MercatError && error.code === 'wrong_signature') return error.message
    throw error
  }
}
