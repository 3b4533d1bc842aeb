/** An MCP client's half of OAuth for tests, with a person at the pages: step by step, or as the SDK's OAuthClientProvider. */
import { createHash, randomBytes } from 'node:crypto'
import type { OAuthClientMetadata, OAuthClientProvider, OAuthDiscoveryState, StoredOAuthClientInformation, StoredOAuthTokens } from '@modelcontextprotocol/client'
import { Browser, type Page, type Stop } from './browser.ts'

export interface Person {
  readonly email: string
  readonly password: string
}

/** What the person does at the pages. */
export interface Behaviour {
  /** Account ids to tick where the page lets choose; default: what it has ticked, or else the first. */
  readonly accounts?: readonly string[]
  /** Cancel at consent. */
  readonly deny?: boolean
  /** Sees every page on the way. */
  readonly onPage?: (page: Page) => void
}

/** The person stands on a page that they cannot get past: an error, a refusal, a wrong password. */
export class StuckError extends Error {
  readonly page: Page
  constructor(page: Page) {
    super(`Stuck on "${page.title}" (${page.status}): ${page.text}`)
    this.page = page
  }
}

/** Walks the pages from an authorization URL until the app's redirect URI. Throws StuckError. */
export async function walk(browser: Browser, authorizationUrl: string, person: Person, behaviour: Behaviour = {}): Promise<URL> {
  let stop: Stop = await browser.go(authorizationUrl)
  for (let steps = 0; steps < 6 && stop.page; steps++) {
    const page: Page = stop.page
    behaviour.onPage?.(page)
    const values = page.forms.flatMap(({ buttons }) => buttons.map(({ value }) => value))
    if (page.status !== 200) throw new StuckError(page)
    if (values.includes('sign-in')) stop = await browser.submit(page, 'sign-in', { email: person.email, password: person.password })
    else if (values.includes('allow') && !behaviour.deny) {
      const offered = [...page.html.matchAll(/name="account" value="([^"]+)"(?! disabled)/g)].map(([, id = '']) => id)
      const ticked = page.forms.flatMap(({ fields }) => fields.getAll('account'))
      const accounts = behaviour.accounts ?? (ticked.length > 0 ? ticked : offered.slice(0, 1))
      stop = await browser.submit(page, 'allow', offered.length > 0 ? { account: accounts } : {})
    } else if (values.includes('allow')) stop = await browser.submit(page, 'deny')
    else throw new StuckError(page)
  }
  if (!stop.left) throw new Error('The pages never end')
  return stop.left
}

export interface Tokens {
  readonly access_token: string
  readonly refresh_token: string
  readonly expires_in: number
  readonly scope: string
  readonly token_type: string
}

export interface App {
  readonly clientId: string
  readonly redirectUri: string
  readonly registration: Record<string, unknown>
}

export interface Pkce {
  readonly verifier: string
  readonly challenge: string
}

export function newPkce(): Pkce {
  const verifier = randomBytes(32).toString('base64url')
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') }
}

/** Dynamic client registration. */
export async function register(origin: string, metadata: Record<string, unknown> = {}): Promise<Response> {
  return await fetch(`${origin}/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      client_name: 'Test app',
      redirect_uris: ['http://127.0.0.1:53682/callback'],
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      ...metadata,
    }),
  })
}

export async function registerApp(origin: string, metadata: Record<string, unknown> = {}): Promise<App> {
  const response = await register(origin, metadata)
  const registration = (await response.json()) as Record<string, unknown>
  if (response.status !== 201) throw new Error(`Registration refused: ${JSON.stringify(registration)}`)
  return { clientId: String(registration.client_id), redirectUri: (registration.redirect_uris as string[])[0] ?? '', registration }
}

/** @param parameters added to the usual ones, or with undefined taken away */
export function authorizationUrl(origin: string, app: App, resource: string, pkce: Pkce, parameters: Record<string, string | undefined> = {}): string {
  const all: Record<string, string | undefined> = {
    response_type: 'code',
    client_id: app.clientId,
    redirect_uri: app.redirectUri,
    code_challenge: pkce.challenge,
    code_challenge_method: 'S256',
    state: 'state-1',
    resource,
    ...parameters,
  }
  return `${origin}/authorize?${new URLSearchParams(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined)).toString()}`
}

export async function postToken(
  origin: string,
  body: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: Record<string, unknown>; headers: Headers }> {
  const response = await fetch(`${origin}/token`, { method: 'POST', body: new URLSearchParams(body), headers })
  return { status: response.status, body: (await response.json()) as Record<string, unknown>, headers: response.headers }
}

export async function redeem(origin: string, app: App, code: string, pkce: Pkce, more: Record<string, string> = {}) {
  return await postToken(origin, { grant_type: 'authorization_code', client_id: app.clientId, redirect_uri: app.redirectUri, code, code_verifier: pkce.verifier, ...more })
}

export async function refresh(origin: string, app: App, token: string, more: Record<string, string> = {}) {
  return await postToken(origin, { grant_type: 'refresh_token', client_id: app.clientId, refresh_token: token, ...more })
}

/** The whole way: registers an app (unless given), signs in, consents, redeems. Throws with what stood in the way. */
export async function connect(
  options: { origin: string; resource: string; person: Person; app?: App; scope?: string; browser?: Browser; parameters?: Record<string, string | undefined> } & Behaviour,
): Promise<{ app: App; tokens: Tokens; browser: Browser; callback: URL }> {
  const { origin, resource, person } = options
  const app = options.app ?? (await registerApp(origin))
  const browser = options.browser ?? new Browser(origin)
  const pkce = newPkce()
  const callback = await walk(browser, authorizationUrl(origin, app, resource, pkce, { scope: options.scope, ...options.parameters }), person, options)
  const code = callback.searchParams.get('code')
  if (!code) throw new Error(`No code came back: ${callback.search}`)
  const { status, body } = await redeem(origin, app, code, pkce, { resource })
  if (status !== 200) throw new Error(`The code was not redeemed: ${JSON.stringify(body)}`)
  return { app, tokens: body as unknown as Tokens, browser, callback }
}

/**
 * For the SDK's transports: `authProvider: new PersonProvider(origin, person)`. When connect() throws UnauthorizedError the pages are already walked:
 * `await transport.finishAuth(provider.callback.searchParams)`, then connect again with a new transport.
 */
export class PersonProvider implements OAuthClientProvider {
  readonly browser: Browser
  readonly redirectUrl = 'http://127.0.0.1:53682/callback'
  readonly clientMetadata: OAuthClientMetadata = {
    client_name: 'Test client',
    redirect_uris: [this.redirectUrl],
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
  }
  readonly #person: Person
  readonly #behaviour: Behaviour
  #client: StoredOAuthClientInformation | undefined
  #tokens: StoredOAuthTokens | undefined
  #verifier = ''
  #discovered: OAuthDiscoveryState | undefined
  #callback: URL | undefined

  constructor(origin: string, person: Person, behaviour: Behaviour = {}) {
    this.browser = new Browser(origin)
    this.#person = person
    this.#behaviour = behaviour
  }

  /** Where the pages led. */
  get callback(): URL {
    if (!this.#callback) throw new Error('The server has not asked to sign in')
    return this.#callback
  }

  clientInformation(): StoredOAuthClientInformation | undefined {
    return this.#client
  }
  saveClientInformation(client: StoredOAuthClientInformation): void {
    this.#client = client
  }
  tokens(): StoredOAuthTokens | undefined {
    return this.#tokens
  }
  saveTokens(tokens: StoredOAuthTokens): void {
    this.#tokens = tokens
  }
  saveDiscoveryState(state: OAuthDiscoveryState): void {
    this.#discovered = state
  }
  discoveryState(): OAuthDiscoveryState | undefined {
    return this.#discovered
  }
  saveCodeVerifier(verifier: string): void {
    this.#verifier = verifier
  }
  codeVerifier(): string {
    return this.#verifier
  }
  async redirectToAuthorization(url: URL): Promise<void> {
    this.#callback = await walk(this.browser, url.href, this.#person, this.#behaviour)
  }
}
