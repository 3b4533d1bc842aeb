/** What the rest of Mercat may know of identity: the words of the seam. No code, no store. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Config } from '../config.ts'
import type { Clock } from '../core/clock.ts'
import type { Logger } from '../core/log.ts'
import type { Principal, Scope } from '../core/access.ts'
import type { User } from '../domain/accounts/index.ts'
import type { ScheduledJob } from '../storage/operational/jobs.ts'
import type { OperationalStore } from '../storage/operational/open.ts'
import type { AppsService } from './apps.ts'
import type { Outgoing } from './oauth/documents.ts'
import type { Secrets } from './secrets.ts'
import type { ExternalConfig } from './sign-in/external-provider.ts'
import type { Security } from './sign-in/words.ts'

/** A protected resource by its path under the origin: one account, or the one of the accounts chosen at consent. */
export type Resource = `c/${string}` | 'mcp'

/** Whose token it was. */
export interface Subject {
  readonly userId: string
  readonly clientId: string
  readonly grantId: string
}

/** A token that is good. */
export interface Admitted {
  readonly ok: true
  /** One per account of the grant; exactly one on c/{account}. */
  readonly principals: readonly Principal[]
  readonly subject: Subject
}

/**
 * What a token is good for at a resource, now.
 * - `invalid_token` (401): no token, unknown, expired, revoked, of another resource, of an unknown account: all alike.
 * - `mcp_disabled` (403): a good token, but MCP is off for the account ("MCP is not enabled for this account").
 * - `insufficient_scope` (403): the person holds read:mcp but this token does not carry it; `scopes` are what to ask for.
 * A person who may not use MCP at all passes, with principals that hold no read:mcp: the pipeline says `Missing required scopes: …`.
 */
export type CheckResult =
  | Admitted
  | { readonly ok: false; readonly status: 401 | 403; readonly error: 'invalid_token' | 'insufficient_scope' | 'mcp_disabled'; readonly scopes?: readonly Scope[] }

/** Who is signed in in a browser, by whichever way. */
export interface SignedIn {
  readonly user: User
  /** The session's name; no bearer value. */
  readonly session: string
  /** Every change that the browser asks for must carry it. */
  readonly csrf: string
  /** RFC 8176: pwd, otp, hwk, fed … */
  readonly methods: readonly string[]
  readonly signedInAt: Date
  /** When the person proved who they are; 1970: the external provider did not say. */
  readonly provedAt: Date
}

export interface Identity {
  /** Who is signed in in the browser of this request. */
  readonly browser: (req: IncomingMessage, res: ServerResponse) => Promise<SignedIn | undefined>
  /** Signs the browser of this request out. */
  readonly leave: (req: IncomingMessage, res: ServerResponse) => Promise<void>
  /** What a person may see and change of their own security. */
  readonly security: (person: SignedIn) => Security
  /** Whether the path belongs to identity: OAuth endpoints, well-known metadata, sign-in and consent pages. */
  readonly handles: (pathname: string) => boolean
  /** Node http listener for those paths. */
  readonly listener: (req: IncomingMessage, res: ServerResponse) => void
  /** The JSON of a well-known path (RFC 8414, RFC 9728); undefined for any other path. */
  readonly metadata: (pathname: string) => Record<string, unknown> | undefined
  /** Which principals a bearer token stands for at a resource, now. Microseconds when cached. Never throws for a bad token. */
  readonly check: (token: string | undefined, resource: Resource) => Promise<CheckResult>
  /**
   * For work and streams that outlast their check: calls `ended` once, when the token stops being good for what `held` said (expired, revoked, member removed,
   * person disabled, MCP turned off, an account of the grant lost). In every process. @returns what to call when the work is done
   */
  readonly hold: (token: string, resource: Resource, held: Admitted, ended: () => void) => () => void
  /** What apps call themselves, by client id; those that are gone are left out. */
  readonly appNames: (clientIds: readonly string[]) => Promise<ReadonlyMap<string, string>>
  /** The connected apps that a principal may see and end. */
  readonly apps: (principal: Principal) => AppsService
  /** Proofs that this installation made something for certain circumstances: what travels with a client and comes back is no other. Says no more than that; the caller names the purpose first. */
  readonly proofs: Pick<Secrets, 'sign' | 'verify'>
  /** The resource indicator of an account: `<origin>/c/<systemName>`. */
  readonly resourceUrl: (systemName: string) => string
  /** The URL of a resource's RFC 9728 document, for WWW-Authenticate. */
  readonly metadataUrl: (resource: Resource) => string
  /** Seals secrets that other parts of Mercat keep, each for its own place, under the keys of the ring: src/identity/key-ring-repository.ts counts them. */
  readonly seals: Pick<Secrets, 'seal' | 'open' | 'sealBytes' | 'openBytes'>
  /** What identity has to do by the clock. */
  readonly jobs: readonly ScheduledJob[]
  readonly close: () => Promise<void>
}

export interface IdentityOptions {
  readonly stores: { readonly operational: OperationalStore }
  /** What clients see, without a trailing slash: the issuer. Never taken from a request. */
  readonly origin: string
  /** Key material of the installation, at least 32 characters. */
  readonly secret: string
  readonly config: Pick<Config, 'MERCAT_REDIRECT_URIS' | 'MERCAT_TRUSTED_PROXIES'> & ExternalConfig
  readonly log: Logger
  readonly clock: Clock
  /** How metadata documents are fetched; default: from the internet. A test gives what the internet would answer. */
  readonly outgoing?: Outgoing
}
