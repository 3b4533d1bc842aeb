/** What an endpoint of the dashboard is: one file an area in endpoints/, default-exporting its endpoints by name. No permission is decided here or there: services decide. */
import { z } from 'zod'
import type { Principal } from '../../core/access.ts'
import type { Services, Stores } from '../../domain/index.ts'
import type { Identity, SignedIn } from '../../identity/index.ts'

/** What every endpoint may use. */
export interface House {
  /** What clients see, without a trailing slash. */
  readonly origin: string
  /** What the deployment puts before the name of every tool. */
  readonly toolPrefix: string
  readonly identity: Identity
  readonly stores: Stores
}

/** One request of a person at the dashboard. */
export interface ApiCall<Input> extends House {
  readonly input: Input
  readonly person: SignedIn
  /** The person in an account, by its system name, as they may act there now. Throws not_found for unknown and foreign accounts alike. */
  readonly at: (systemName: string) => Promise<{ readonly principal: Principal; readonly services: Services }>
  /** Signs this browser out. */
  readonly leave: () => Promise<void>
  /** Aborts when the browser leaves. */
  readonly signal: AbortSignal
}

/** Input is a strict object; output is plain JSON: times are ISO 8601 text, money decimal text. */
export interface Endpoint<Schema extends z.ZodObject = z.ZodObject, Output = unknown> {
  /** `query` only reads; `mutation` changes something, and needs the CSRF token; `download` is a file, read by GET. */
  readonly kind: 'query' | 'mutation' | 'download'
  readonly input: Schema
  readonly run: (call: ApiCall<z.output<Schema>>) => Promise<Output>
}

export interface Download {
  readonly filename: string
  readonly contentType: string
  readonly lines: AsyncIterable<string>
}

/** The argument that says in which account: a system name, of which none is longer. */
export const account = z.string().max(40)

type Definition<Schema extends z.ZodObject, Output> = Omit<Endpoint<Schema, Output>, 'kind'>

export function query<Schema extends z.ZodObject, Output>(definition: Definition<Schema, Output>) {
  return { kind: 'query', ...definition } as const
}
export function mutation<Schema extends z.ZodObject, Output>(definition: Definition<Schema, Output>) {
  return { kind: 'mutation', ...definition } as const
}
export function download<Schema extends z.ZodObject>(definition: Definition<Schema, Download>) {
  return { kind: 'download', ...definition } as const
}
