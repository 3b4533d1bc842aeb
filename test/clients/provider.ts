/** An external OpenID provider for tests: a second oidc-provider on 127.0.0.1 whose sign-in page is answered at once, as the test says. Knows nothing of Mercat but its callback. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Provider } from 'oidc-provider'

/** Somebody the provider knows, with their claims. */
export interface Colleague {
  readonly sub: string
  readonly email?: string
  readonly email_verified?: unknown
  readonly xms_edov?: unknown
  readonly name?: string
  readonly groups?: unknown
}

export interface ExternalHouse {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  /** Begins to work for the client with this callback. Until then it answers nothing but 503. */
  readonly serve: (callback: string, options?: { claimsInToken?: boolean }) => void
  /** Who signs in next, and what they do. */
  visitor: Colleague | 'cancels'
  /** Paths that were asked for. */
  readonly asked: string[]
  /** Answers 503 to everything while it is true. */
  broken: boolean
  readonly close: () => Promise<void>
}

export async function startExternalHouse(): Promise<ExternalHouse> {
  const clientId = 'mercat-at-the-provider'
  const clientSecret = 'the-client-secret-at-the-external-provider'
  const asked: string[] = []
  const people = new Map<string, Colleague>()
  let provider: Provider | undefined
  const server = createServer((req, res) => {
    const path = new URL(req.url ?? '/', 'http://provider').pathname
    asked.push(path)
    if (!provider || house.broken) return void res.writeHead(503).end('out of order')
    if (path.startsWith('/interaction/')) void answer(provider)
    else void provider.callback()(req, res)

    async function answer(at: Provider): Promise<void> {
      const { prompt, params, session } = await at.interactionDetails(req, res)
      if (house.visitor === 'cancels') return await at.interactionFinished(req, res, { error: 'access_denied', error_description: 'they changed their mind' })
      if (prompt.name === 'login') {
        people.set(house.visitor.sub, house.visitor)
        return await at.interactionFinished(req, res, { login: { accountId: house.visitor.sub } })
      }
      const grant = new at.Grant({ accountId: session?.accountId ?? '', clientId: String(params.client_id) })
      grant.addOIDCScope(String(params.scope))
      await at.interactionFinished(req, res, { consent: { grantId: await grant.save() } })
    }
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  const house: ExternalHouse = {
    issuer,
    clientId,
    clientSecret,
    asked,
    visitor: 'cancels',
    broken: false,
    serve: (callback, { claimsInToken = false } = {}) => {
      provider = new Provider(issuer, {
        clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [callback], token_endpoint_auth_method: 'client_secret_post' }],
        claims: { email: ['email', 'email_verified', 'xms_edov'], profile: ['name', 'groups'] },
        conformIdTokenClaims: !claimsInToken,
        ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
        pkce: { required: () => true },
        cookies: { keys: ['a key of the provider'] },
        features: { devInteractions: { enabled: false } },
        interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
        findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ ...people.get(id), sub: id }) }),
      })
      provider.silent = true
    },
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
  return house
}
