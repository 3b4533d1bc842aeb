/** The external OpenID provider, as openid-client speaks with it: where to send a browser, and who came back. Decides nothing about people of Mercat. */
import * as oidc from 'openid-client'
import { z } from 'zod'
import type { Config } from '../../config.ts'
import type { Clock } from '../../core/clock.ts'
import type { Logger } from '../../core/log.ts'
import { isLoopbackHost } from '../../core/loopback.ts'

type Names = 'MERCAT_OIDC_ISSUER' | 'MERCAT_OIDC_CLIENT_ID' | 'MERCAT_OIDC_CLIENT_SECRET' | 'MERCAT_OIDC_NAME' | 'MERCAT_OIDC_GROUPS_CLAIM' | 'MERCAT_OIDC_GROUPS'
export type ExternalConfig = Partial<Pick<Config, Names>>

/** Who came back, in the provider's words. */
export interface Arrived {
  readonly issuer: string
  readonly subject: string
  /** Only when the provider says that it is theirs. */
  readonly verifiedEmail: string | undefined
  readonly name: string
  readonly groups: readonly string[]
  /** When the person proved to the provider who they are (auth_time), if it says so: its session may be older than the sign-in here. */
  readonly provedAt: Date | undefined
}

/** What must fit when the browser comes back. */
export interface Checks {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
  /** When the person must prove anew who they are: the time it was asked, in seconds. */
  readonly provedAfter: number | undefined
}

/**
 * Why nobody came back: `away`: the provider does not answer; `denied`: it says no, or the person did;
 * `invalid`: its answer does not fit, because of an attack, a delay or wrong settings.
 */
export class ExternalError extends Error {
  readonly kind: 'away' | 'denied' | 'invalid'
  constructor(kind: ExternalError['kind'], message: string) {
    super(message)
    this.kind = kind
  }
}

export interface ExternalProvider {
  readonly name: string
  /** Throws ExternalError. */
  readonly authorizationUrl: (checks: Checks) => Promise<URL>
  /** Redeems the answer in the query of our callback. Throws ExternalError. */
  readonly arrived: (query: URLSearchParams, checks: Checks) => Promise<Arrived>
}

const callbackPath = '/sign-in/callback'

/** Seconds that one request to the provider may take: a person is waiting. */
const timeout = 5
/** Clocks differ. */
const leeway = 60
const mostGroups = 500
const longestGroup = 200

/** The provider of the settings, if there is one. Nothing is fetched before somebody wants to sign in. */
export function createExternalProvider(config: ExternalConfig, origin: string, clock: Clock, log: Logger): ExternalProvider | undefined {
  const { MERCAT_OIDC_ISSUER: given, MERCAT_OIDC_CLIENT_ID: clientId, MERCAT_OIDC_CLIENT_SECRET: secret, MERCAT_OIDC_GROUPS_CLAIM: groupsClaim = 'groups' } = config
  if (!given || !clientId || !secret) return undefined
  const issuer = new URL(given)
  const redirectUri = origin + callbackPath

  const discover = async () => {
    const execute = isLoopbackHost(issuer.hostname) ? [oidc.allowInsecureRequests] : []
    const found = await oidc.discovery(issuer, clientId, secret, undefined, { timeout, execute })
    // openid-client lets Entra's documents for all tenants pass: then anybody's tenant could name its people here.
    if (new URL(found.serverMetadata().issuer).href !== issuer.href) throw new Error(`MERCAT_OIDC_ISSUER should be ${found.serverMetadata().issuer}, one tenant of it`)
    return found
  }
  let discovered: Promise<oidc.Configuration> | undefined
  const provider = async () => {
    try {
      discovered ??= discover()
      return await discovered
    } catch (error) {
      discovered = undefined
      throw new ExternalError('away', reasonOf(error))
    }
  }

  /** The claims of the ID token, and of the userinfo endpoint when the token is not enough. Providers differ in what they put where. */
  async function claimsOf(server: oidc.Configuration, tokens: Awaited<ReturnType<typeof oidc.authorizationCodeGrant>>): Promise<Record<string, unknown>[]> {
    const token = tokens.claims()
    if (!token) throw new ExternalError('invalid', 'no ID token')
    const enough = verifiedEmail(token) !== undefined && token[groupsClaim] !== undefined
    if (enough || server.serverMetadata().userinfo_endpoint === undefined) return [token]
    return [token, await oidc.fetchUserInfo(server, tokens.access_token, token.sub)]
  }

  return {
    name: config.MERCAT_OIDC_NAME ?? issuer.host,

    authorizationUrl: async ({ state, nonce, verifier, provedAfter }) =>
      oidc.buildAuthorizationUrl(await provider(), {
        redirect_uri: redirectUri,
        scope: 'openid email profile',
        state,
        nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        ...(provedAfter !== undefined && { prompt: 'login', max_age: '0' }),
      }),

    arrived: async (query, { state, nonce, verifier, provedAfter }) => {
      const server = await provider()
      try {
        const answer = new URL(`${redirectUri}?${query.toString()}`)
        const tokens = await oidc.authorizationCodeGrant(server, answer, { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true })
        const claims = await claimsOf(server, tokens)
        const { iss, sub, auth_time: provedAt } = claims[0] as { iss: string; sub: string; auth_time?: number }
        const now = Math.floor(clock().getTime() / 1000)
        // Not every provider tells when; one that does must not answer from a session of before.
        if (provedAfter !== undefined && provedAt !== undefined && provedAt < provedAfter - leeway) throw new ExternalError('invalid', 'the person was not asked again')
        const groups = groupsOf(claims.find((source) => source[groupsClaim] !== undefined)?.[groupsClaim])
        return {
          issuer: iss,
          subject: sub,
          verifiedEmail: claims.map(verifiedEmail).find((email) => email !== undefined),
          name: nameOf(claims),
          groups,
          provedAt: provedAt === undefined ? undefined : new Date(Math.min(provedAt, now) * 1000),
        }
      } catch (error) {
        const failed = error instanceof ExternalError ? error : new ExternalError(kindOf(error), reasonOf(error))
        log.warn({ kind: failed.kind, why: failed.message }, 'Sign-in by the external provider failed')
        throw failed
      }
    },
  }
}

function kindOf(error: unknown): ExternalError['kind'] {
  if (error instanceof oidc.AuthorizationResponseError) return 'denied'
  if (error instanceof TypeError && error.message === 'fetch failed') return 'away'
  if (!(error instanceof oidc.ClientError)) return 'invalid'
  const { code, cause } = error as { code?: unknown; cause?: unknown }
  return code === 'OAUTH_TIMEOUT' || (cause instanceof Response && cause.status >= 500) ? 'away' : 'invalid'
}

/** A sentence for the log. Never the error itself: its cause may hold a token. */
function reasonOf(error: unknown): string {
  const { message = 'unknown', error: code, code: kind } = error as { message?: string; error?: string; code?: string }
  return [message, code, kind]
    .filter((part) => typeof part === 'string')
    .join(' · ')
    .slice(0, 300)
}

const emailSchema = z.email().max(254)

/**
 * The address, if the provider vouches for it. Entra never sends email_verified; its word for it is the optional claim xms_edov
 * ("e-mail domain owner verified"), which counts only where the standard claim is absent.
 */
function verifiedEmail(claims: Record<string, unknown>): string | undefined {
  const { email, email_verified: verified, xms_edov: domainVerified } = claims
  const vouched = verified === true || (verified === undefined && (domainVerified === true || domainVerified === 1 || domainVerified === '1'))
  return vouched ? emailSchema.safeParse(email).data : undefined
}

/** One group may come as text. What is too long names no group of a map. */
function groupsOf(claim: unknown): string[] {
  const list = Array.isArray(claim) ? claim.slice(0, mostGroups) : [claim]
  return list.filter((group): group is string => typeof group === 'string' && group.length <= longestGroup)
}

function nameOf(sources: readonly Record<string, unknown>[]): string {
  const given = sources.flatMap(({ name, preferred_username: username, email }) => [name, username, email]).find((name) => typeof name === 'string' && name.trim() !== '')
  return String(given ?? 'Unnamed')
    .replace(/\p{Cc}/gu, ' ')
    .trim()
    .slice(0, 100)
}
