/** What the HTTP server needs of whoever takes deliveries in. Types only. */

/** A delivery as it came. */
export interface Delivery {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>
  /** Untouched for webhooks; unpacked for the ingest API. */
  readonly body: Buffer
  /** The public address that was called, query included. */
  readonly url: string
  readonly receivedAt: Date
}

/** Somebody whose key is good. */
export interface Admitted {
  /** Whose data it is. */
  readonly accountId: string
  /**
   * Resolves when the delivery is kept: it then outlives this process, and is loaded. `accepted`: items kept.
   * Throws wrong_signature, wrong_shape, and unavailable with `retryAfter` while too much waits or the store is away; nothing was kept then.
   */
  readonly take: (delivery: Delivery) => Promise<{ readonly accepted: number }>
}

/** Keys are judged before a body is read. */
export interface Door {
  /** Throws not_found for an unknown kind of source and a wrong key alike, not_allowed for one that is off. */
  readonly webhook: (type: string, key: string) => Promise<Admitted>
  /** Whether this kind of source sends again only what is answered by 429, and gives up at 503. */
  readonly againAfter429: (type: string) => boolean
  /** Rows of a kind, as in `/ingest/web-events`. Throws not_found for an unknown kind, wrong_signature for a wrong key, not_allowed for a source that is off. */
  readonly rows: (path: string, key: string) => Promise<Admitted>
}
