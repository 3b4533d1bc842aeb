/** What a source is: how its requests are proved, read, and made into canonical rows. A source's file calls one of the functions here and nothing else of the house; it stores nothing. */
import { z } from 'zod'
import { type ErrorDetails, MercatError } from '../../core/errors.ts'
import type { Delivery, SourceSettings, SourceType } from '../../domain/sources/index.ts'
import type { EntityRow } from '../../domain/entities/index.ts'
import type { StoredKind } from '../kinds/index.ts'

/** A request as it came: signatures are over its bytes. */
export type SourceRequest = Delivery

/** What happened to one message, in the words of docs/figures.md; what of it is kept, and under which campaign, is decided in one place for all sources (events.ts). */
export interface ProviderEvent {
  readonly is: 'event'
  readonly event: 'queued' | 'sent' | 'delivered' | 'opened' | 'clicked' | 'unsubscribed' | 'complained' | 'bounced' | 'failed'
  /** The provider's id of the message. It may have several recipients: each is a message of its own to Mercat. */
  readonly messageId: string
  /** Always the same for the same event, however often it is delivered; undefined: message, kind, time and link tell it. */
  readonly eventId?: string | undefined
  /** Address or number. Its keyed hash is kept, and by default the inbox provider of its domain. */
  readonly recipient?: string | undefined
  /** ISO 8601 with a zone, or epoch seconds or milliseconds, as text. */
  readonly at: string
  readonly channel: 'Email' | 'SMS' | 'WhatsApp'
  readonly bounceType?: 'hard' | 'soft' | undefined
  /** The provider says a machine opened or clicked. */
  readonly machine?: boolean | undefined
  readonly url?: string | undefined
  /** The provider's words for a bounce or failure. */
  readonly error?: string | undefined
  readonly tags: readonly string[]
  readonly metadata: Readonly<Record<string, string>>
  /** The provider's own id or name of the mailing. */
  readonly campaign?: string | undefined
}

/** A canonical row: its fields are those of src/ingest/kinds. */
export interface SourceRow {
  readonly is: 'row'
  readonly kind: StoredKind
  readonly fields: Readonly<Record<string, unknown>>
}

export interface SourceEntity {
  readonly is: 'entity'
  readonly row: EntityRow
}

/** Known, and without a place in any figure: a retry the provider announces, a test. */
export interface Ignored {
  readonly is: 'ignored'
  readonly why: string
}

export type Normalised = ProviderEvent | SourceRow | SourceEntity | Ignored
export const ignored = (why: string): Ignored => ({ is: 'ignored', why })

/** An item that cannot be made into rows. `reason` is kept and shown: it names members, never values of people. */
export class Unreadable extends Error {
  readonly reason: string
  /** Whether it may be readable to a later version or by other rules: then it is taken and set aside. Otherwise a request of nothing else is refused. */
  readonly keep: boolean
  constructor(reason: string, keep: boolean) {
    super(reason)
    this.reason = reason
    this.keep = keep
  }
}

/** The item has not the form this source sends. */
export const wrongItem = (reason: string): Unreadable => new Unreadable(reason, false)
/** The item has the form, but tells something Mercat does not know. */
export const unknownItem = (reason: string): Unreadable => new Unreadable(reason, true)

/** The body as a whole is nothing this source sends (HTTP 422). */
export const wrongShape = (reason: string, lines?: ErrorDetails['lines']): MercatError =>
  new MercatError('wrong_shape', reason, { hint: 'Nothing of the request was kept.', ...(lines ? { lines } : {}) })
/** The request is not proved to come from the platform (HTTP 401). */
export const wrongSignature = (reason: string): MercatError => new MercatError('wrong_signature', reason)

export interface WebhookSource<Settings extends SourceSettings = SourceSettings> extends SourceType {
  readonly connection: 'webhook'
  readonly settings: Settings
  /** Headers that `read` needs besides content-type, in lower case: they are kept with the body. */
  readonly headers?: readonly string[]
  /** The platform drops a delivery that is answered by any 5xx, and sends it again only after a 429. */
  readonly againAfter429?: true
  /** Throws `wrong_signature`. Compare with `sameText`, never with `===`. */
  readonly verify: (request: SourceRequest, settings: z.output<Settings>, outside: Outside) => void | Promise<void>
  /** For requests that are about the subscription itself: does what they ask and resolves to true; nothing is stored then. Called once the request is proved. */
  readonly greet?: (request: SourceRequest, outside: Outside) => Promise<boolean>
  /** The items of a body; empty for a ping. Of the address only the query means anything: the path holds the key. Throws `wrong_shape`. */
  readonly read: (request: Pick<SourceRequest, 'headers' | 'body' | 'url'>) => readonly unknown[]
  /** One item. Throws Unreadable. */
  readonly normalise: (item: unknown, context: { readonly receivedAt: Date }) => readonly Normalised[]
}

/** The internet, as far as a source may reach it. */
export interface Outside {
  /** The text of an https address; at most 64 kB, 5 s, no redirect. Throws `unavailable`. The source pins the host. */
  readonly get: (url: URL) => Promise<string>
}

export interface PullPage {
  readonly records: readonly (ProviderEvent | SourceRow | SourceEntity)[]
  /** Where the next page, or the next pull, goes on; JSON. */
  readonly cursor: Readonly<Record<string, unknown>>
}

export interface PullContext<Settings> {
  readonly settings: Settings
  /** Of the last page that was kept; {} at the first pull. */
  readonly cursor: Readonly<Record<string, unknown>>
  /**
   * GETs JSON below the platform's address: rate-limited, patient with 429 and 5xx, bounded in size and time, numbers as written.
   * Throws `unavailable`, or `invalid_arguments` where the platform refuses the credentials or the path.
   */
  readonly get: (path: string, query?: Readonly<Record<string, string | number>>, headers?: Readonly<Record<string, string>>) => Promise<unknown>
  readonly now: Date
}

export interface PullSource<Settings extends SourceSettings = SourceSettings> extends SourceType {
  readonly connection: 'pull'
  readonly settings: Settings
  /** Yields pages; each is kept with its cursor before the next is asked for, so that a pull that breaks off goes on from there. */
  readonly pull: (context: PullContext<z.output<Settings>>) => AsyncGenerator<PullPage>
}

export interface ApiSource extends SourceType {
  readonly connection: 'api'
}

export type Source = WebhookSource | PullSource | ApiSource

// Each is checked against its own settings where it is written; the list needs the general type.
export const defineWebhook = <Settings extends SourceSettings>(source: Omit<WebhookSource<Settings>, 'connection'>): Source =>
  ({ ...source, connection: 'webhook' }) as unknown as WebhookSource
export const definePull = <Settings extends SourceSettings>(source: Omit<PullSource<Settings>, 'connection'>): Source =>
  ({ ...source, connection: 'pull' }) as unknown as PullSource
export const defineApi = (source: Omit<ApiSource, 'connection'>): Source => ({ ...source, connection: 'api' })

/** Where most providers let a sender put the campaign. */
export const usualCampaigns = [{ from: 'metadata', name: 'campaign_id' }, { from: 'metadata', name: 'campaign' }, { from: 'provider' }, { from: 'tag' }] as const

/** The item by its schema; throws Unreadable that names the member at fault, never its value. */
export function itemOf<Schema extends z.ZodType>(schema: Schema, item: unknown): z.output<Schema> {
  const parsed = schema.safeParse(item)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw wrongItem(`${issue?.path.join('.') || 'the item'} is missing or not of the right form`)
}

/** A text that is not empty, or a number as text. */
export const textual = z.union([z.string().min(1).max(4000), z.number().transform(String)])
