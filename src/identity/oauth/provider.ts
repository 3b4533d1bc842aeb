/** The authorization server: oidc-provider, configured to offer what identity.md lists and nothing else. Draws no page and checks no call. */
import { type Configuration, errors, type JWK, type KoaContextWithOIDC, Provider, type TokenEndpointGrantContext } from 'oidc-provider'
import { tokenScopes } from '../../core/access.ts'
import type { Clock } from '../../core/clock.ts'
import type { Logger } from '../../core/log.ts'
import { findUser } from '../../domain/accounts/index.ts'
import type { Db } from '../../storage/operational/schema.ts'
import { errorPage } from '../pages/message.ts'
import { pageHeaders } from '../pages/layout.ts'
import type { Limits } from '../limits.ts'
import type { Resources } from '../resources.ts'
import type { Secrets } from '../secrets.ts'
import { findSession, sessionMs } from '../sign-in/sessions-repository.ts'
import { createAccessAt, grantableScopes } from './access.ts'
import { createAdapter } from './adapter.ts'
import { checkClientMetadata } from './clients.ts'
import { createDocumentFetch, type Outgoing } from './documents.ts'
import type { DocumentStore } from './documents-repository.ts'
import { signingKeys } from './installation-repository.ts'
import { createPolicy } from './policy.ts'
import { createRecords, type Records } from './records-repository.ts'
import { canonicalise, withGrace } from './refresh.ts'
import { defaultScope, hasKnownScope } from './scopes.ts'

const minute = 60
const day = 86_400
/** Seconds. A session is a browser's sign-in; the others are given to apps. */
export const lifetimes = {
  AccessToken: 10 * minute,
  AuthorizationCode: minute,
  RefreshToken: 30 * day,
  Grant: 180 * day,
  Interaction: 60 * minute,
  Session: sessionMs / 1000,
} as const

export const routes = { authorization: '/authorize', token: '/token', registration: '/register', revocation: '/revoke', introspection: '/introspect', jwks: '/jwks' } as const

export interface ProviderOptions {
  readonly db: Db
  readonly resources: Resources
  readonly secrets: Secrets
  readonly redirectUris: readonly string[]
  readonly outgoing: Outgoing
  readonly documents: DocumentStore
  readonly limits: Limits
  readonly log: Logger
  readonly clock: Clock
}

/** Every cookie: signed, not for scripts, not sent along by other sites' posts. */
export const cookieOptions = (issuer: string) => ({ signed: true, httpOnly: true, sameSite: 'lax', secure: issuer.startsWith('https:') }) as const

type GrantHandler = (ctx: KoaContextWithOIDC) => Promise<void> | void
type Names = string | readonly string[] | ReadonlySet<string>

/** Every grant handler goes through `wrap`: oidc-provider registers its own ones by this method, in its constructor. */
function wrappingProvider(wrap: (name: string, handler: GrantHandler) => GrantHandler) {
  return class extends Provider {
    override registerGrantType<Params extends object>(name: string, handler: (ctx: TokenEndpointGrantContext<Params>) => Promise<void> | void, ...rest: [Names?, Names?]): void {
      super.registerGrantType<Params>(
        name,
        wrap(name, (ctx) => handler(ctx as TokenEndpointGrantContext<Params>)),
        ...rest,
      )
    }
  }
}

export async function createProvider(options: ProviderOptions): Promise<{ provider: Provider; records: Records }> {
  const { db, resources, secrets, log, clock } = options
  const records = createRecords(db, secrets, clock)
  const standing = async (userId: string) => {
    const user = await findUser(db, userId)
    return user && !user.disabled ? user : undefined
  }
  const configuration = configure(options, records, standing, (await signingKeys(db, secrets)).keys as JWK[])
  const WrappingProvider = wrappingProvider((name, handler) =>
    name === 'refresh_token'
      ? withGrace(handler, { records, secrets, clock, resources, personStands: async (userId) => (await standing(userId)) !== undefined })
      : async (ctx) => {
          canonicalise(ctx, resources)
          await handler(ctx)
        },
  )
  const provider = new WrappingProvider(resources.origin, configuration)
  // Koa asks for the keys at every request: a key that joins the ring is used at once.
  Object.defineProperty(provider, 'keys', { get: () => secrets.cookieKeys })
  // The listener sets these headers itself from the configured origin, whatever the request said.
  provider.proxy = true
  provider.silent = true
  provider.on('server_error', (_ctx, error) => log.error({ err: error }, 'OAuth server'))
  const refused = (_ctx: KoaContextWithOIDC, error: errors.OIDCProviderError) =>
    log.info({ error: error.error, why: error.error_description, detail: error.error_detail }, 'OAuth request refused')
  provider.on('authorization.error', refused)
  provider.on('grant.error', refused)
  provider.on('registration_create.error', refused)
  return { provider, records }
}

function configure(options: ProviderOptions, records: Records, standing: (userId: string) => Promise<{ id: string } | undefined>, keys: JWK[]): Configuration {
  const { db, resources, clock } = options
  const accessAt = createAccessAt(db, resources)
  const https = resources.origin.startsWith('https:')
  const cookie = cookieOptions(resources.origin)
  const off = { enabled: false }
  return {
    adapter: createAdapter(records),
    jwks: { keys },
    routes,
    scopes: [],
    claims: {},
    responseTypes: ['code'],
    clientAuthMethods: ['none', 'client_secret_basic', 'client_secret_post'],
    enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    pkce: { required: () => true },
    ttl: { ...lifetimes },
    allowOmittingSingleRegisteredRedirectUri: false,
    cookies: {
      // __Host-: no other host and no path of this one can plant a session.
      names: { session: https ? '__Host-mercat' : 'mercat', interaction: 'mercat_interaction', resume: 'mercat_resume' },
      long: cookie,
      short: cookie,
    },
    features: {
      devInteractions: off,
      dPoP: off,
      userinfo: off,
      pushedAuthorizationRequests: off,
      rpInitiatedLogout: off,
      // Of another app, or of a person who has lost the account meanwhile: inactive, like a token that never was.
      introspection: {
        enabled: true,
        allowedPolicy: async (ctx, client, token) => {
          if (token.clientId !== client.clientId || !('accountId' in token)) return false
          const resource = token.kind === 'RefreshToken' ? token.resource : token.aud
          return typeof resource === 'string' && (await accessAt(ctx, token.accountId, resource)).length > 0
        },
      },
      revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId },
      registration: { enabled: true },
      registrationManagement: { enabled: true, rotateRegistrationAccessToken: false },
      clientIdMetadataDocument: { enabled: true, ack: 'draft-02', cacheDuration: { min: 30, max: 60 } },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => {
          throw new errors.InvalidTarget('resource must be exactly one MCP endpoint of this server')
        },
        getResourceServerInfo: async (ctx, indicator) => {
          const { params, session, account, route } = ctx.oidc
          const resource = resources.parse(indicator)
          // Several resources in one request would make a token that is good at two accounts.
          if (!params || Array.isArray(params.resource) || !resource || resources.url(resource) !== indicator) {
            throw new errors.InvalidTarget('resource must be exactly one MCP endpoint of this server')
          }
          if (route !== 'token') {
            params.scope ??= defaultScope
            if (!hasKnownScope(String(params.scope))) throw new errors.InvalidScope('no requested scope is known here', String(params.scope))
          }
          const userId = session?.accountId ?? account?.accountId
          // Trap 10: before sign-in every well-formed resource answers the same, whether the account exists or not.
          const scopes = userId === undefined ? tokenScopes.join(' ') : grantableScopes(await accessAt(ctx, userId, indicator)).join(' ')
          return { scope: scopes, audience: indicator, accessTokenFormat: 'opaque', accessTokenTTL: lifetimes.AccessToken }
        },
      },
    },
    fetch: createDocumentFetch(options.documents, options.outgoing, options.limits, clock) as NonNullable<Configuration['fetch']>,
    extraClientMetadata: {
      // The validator runs only when there is a property of our own to validate.
      properties: ['software_id'],
      validator: (_ctx, _key, _value, metadata) => checkClientMetadata(metadata as Record<string, unknown>, options.redirectUris),
    },
    clientBasedCORS: (_ctx, origin, client) => (client.redirectUris ?? []).some((uri) => URL.parse(uri)?.origin === origin && origin !== 'null'),
    expiresWithSession: () => false,
    issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    // Trap 3: what would fail after the token is consumed is refused here, before.
    rotateRefreshToken: async (ctx) => {
      const { RefreshToken: token } = ctx.oidc.entities
      const resource = ctx.oidc.params?.resource
      if (!token || (resource !== undefined && resource !== token.resource)) throw new errors.InvalidTarget()
      if (typeof token.resource !== 'string' || (await accessAt(ctx, token.accountId, token.resource)).length === 0)
        throw new errors.InvalidGrant('the person has no access any more')
      return true
    },
    // The grant is the one switch: a revoked token, a replayed code or refresh token ends it.
    revokeGrantPolicy: () => true,
    loadExistingGrant: async (ctx) => {
      const { account, client, params, result } = ctx.oidc
      const grantId =
        result?.consent?.grantId ??
        (account && client && typeof params?.resource === 'string' ? await records.latestGrant(account.accountId, client.clientId, params.resource) : undefined)
      return grantId === undefined ? undefined : await ctx.oidc.provider.Grant.find(grantId)
    },
    findAccount: async (_ctx, id) => ((await standing(id)) ? { accountId: id, claims: () => ({ sub: id }) } : undefined),
    interactions: {
      policy: createPolicy(accessAt, async (uid, userId) => (await findSession(db, uid, clock()))?.userId === userId),
      url: (_ctx, interaction) => `/interaction/${interaction.uid}`,
    },
    renderError: async (ctx, out) => {
      ctx.set(pageHeaders())
      ctx.type = 'html'
      ctx.body = await errorPage(out.error, out.error_description)
    },
  }
}
