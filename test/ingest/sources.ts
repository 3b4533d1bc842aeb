/** What tests of webhook sources share: a body as its platform would send it, and what becomes of it. Nothing is fetched. */
import { MercatError } from '../../src/core/errors.ts'
import { type Normalised, type Source, type SourceRequest, Unreadable, type WebhookSource } from '../../src/ingest/sources/define.ts'

export function webhook(source: Source | undefined): WebhookSource {
  if (source?.connection !== 'webhook') throw new Error('It is no webhook')
  return source
}

export const bodyOf = (content: unknown): Buffer => Buffer.from(typeof content === 'string' ? content : JSON.stringify(content))

/** What a body of JSON becomes; of one that cannot be read, whether it is `kept` or `refused`, and the reason. */
export function outcomeOf(source: Source, content: unknown): readonly Normalised[] | string {
  const { read, normalise } = webhook(source)
  try {
    return read({ headers: { 'content-type': 'application/json' }, body: bodyOf(content), url: 'https://mercat.example/ingest' }).flatMap((item) => normalise(item, { receivedAt: new Date() }))
  } catch (error) {
    if (error instanceof Unreadable) return `${error.keep ? 'kept' : 'refused'}: ${error.reason}`
    if (error instanceof MercatError) return `${error.code}: ${error.message}`
    throw error
  }
}

/** Why a request is not proved; undefined when it is. */
export async function doubtOf(source: Source | undefined, request: Partial<SourceRequest>, settings: Readonly<Record<string, string>>): Promise<string | undefined> {
  const { verify } = webhook(source)
  const outside = { get: () => Promise.reject(new Error('Nothing is to be fetched')) }
  try {
    await verify({ headers: {}, body: Buffer.of(), url: 'https://mercat.example/ingest', receivedAt: new Date(), ...request }, settings, outside)
    return undefined
  } catch (error) {
    if (error instanceof MercatError && error.code === 'wrong_signature') return error.message
    throw error
  }
}
