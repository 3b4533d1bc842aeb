/** The one listener of identity's paths: puts the request on safe ground, counts it, and hands it to the OAuth server or to a page. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Logger } from '../core/log.ts'
import type { LimitName, Limits } from './limits.ts'
import { metadataOf } from './metadata.ts'
import { pageHeaders } from './pages/layout.ts'
import { doorProblemPage, errorPage } from './pages/message.ts'
import type { Resources } from './resources.ts'
import { isSignInPath, type SignInPages } from './sign-in/index.ts'

/** No body that OAuth knows is larger; oidc-provider itself stops at 56 kB. */
const maxBodyBytes = 64 * 1024

const oauthPath = /^\/(?:authorize(?:\/[\w-]{1,128})?|token|register(?:\/[\w-]{1,128})?|revoke|introspect|jwks)$/
/** Where an app shows a secret or a token of its own. */
const appPath = /^\/(?:token|revoke|introspect|register\/.*)$/
const interactionPath = /^\/interaction\/([\w-]{1,128})$/

export interface Parts {
  readonly resources: Resources
  readonly limits: Limits
  readonly log: Logger
  readonly addressOf: (req: IncomingMessage) => string
  /** oidc-provider. */
  readonly oauth: RequestListener
  readonly interaction: (req: IncomingMessage, res: ServerResponse, uid: string) => Promise<void>
  readonly signIn: SignInPages
  readonly session: (req: IncomingMessage, res: ServerResponse) => Promise<void>
  /** Spells the parameters of an authorization request canonically. */
  readonly canonicalAuthorize: (url: string) => string
}

export function handles(pathname: string, resources: Resources): boolean {
  return oauthPath.test(pathname) || interactionPath.test(pathname) || pathname === '/sign-out' || isSignInPath(pathname) || metadataOf(pathname, resources) !== undefined
}

function json(res: ServerResponse, status: number, body: object, headers: Record<string, string> = {}): void {
  res.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers }).end(JSON.stringify(body))
}

/** The request as if it had come to the configured origin: whatever Host or X-Forwarded-* said can change no URL, cookie or issuer. */
function fixOrigin(req: IncomingMessage, origin: URL): void {
  for (const name of Object.keys(req.headers)) if (name === 'forwarded' || name.startsWith('x-forwarded-')) delete req.headers[name]
  req.headers.host = origin.host
  req.headers['x-forwarded-proto'] = origin.protocol.slice(0, -1)
}

const baseHeaders = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  'x-frame-options': 'DENY',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
} as const
const openCors = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, POST, OPTIONS',
  'access-control-allow-headers': 'content-type, mcp-protocol-version',
  'access-control-max-age': '3600',
} as const

/** The limit that holds for a path, whoever asks. Guesses of one person's password or code are counted where they are checked. */
function limitOf(pathname: string): LimitName | undefined {
  if (pathname === '/new-password' || pathname === '/invitation') return 'link'
  if (isSignInPath(pathname)) return 'pages'
  if (pathname === '/register') return 'register'
  if (pathname === '/authorize') return 'authorize'
  return appPath.test(pathname) ? 'token' : undefined
}

export function createListener(parts: Parts): (req: IncomingMessage, res: ServerResponse) => void {
  const { resources, limits, log } = parts
  const origin = new URL(resources.origin)

  /** Answers 429 when this was one request too many. */
  async function refusedByLimit(req: IncomingMessage, res: ServerResponse, pathname: string, address: string): Promise<boolean> {
    const name = limitOf(pathname)
    if (name === undefined || req.method === 'OPTIONS') return false
    const wait = (await limits.spend(name, address)) ?? (name === 'register' ? await limits.spend('registerAnywhere', '') : undefined)
    if (wait === undefined) return false
    const headers = { 'retry-after': String(wait) }
    if (name === 'authorize') res.writeHead(429, { ...pageHeaders(), ...headers }).end(await errorPage('rate_limited'))
    else if (name === 'pages' || name === 'link') res.writeHead(429, { ...pageHeaders(), ...headers }).end(await doorProblemPage('rate_limited'))
    else json(res, 429, { error: 'temporarily_unavailable', error_description: `too many requests; try again in ${wait} s` }, headers)
    return true
  }

  function serveMetadata(req: IncomingMessage, res: ServerResponse, document: Record<string, unknown>): void {
    if (req.method === 'OPTIONS') res.writeHead(204, openCors).end()
    else if (req.method !== 'GET' && req.method !== 'HEAD') json(res, 405, { error: 'invalid_request' }, { allow: 'GET, HEAD, OPTIONS' })
    else json(res, 200, document, { ...openCors, 'cache-control': 'public, max-age=300' })
  }

  async function serve(req: IncomingMessage, res: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(baseHeaders)) res.setHeader(name, value)
    const url = URL.parse(req.url ?? '/', resources.origin)
    if (!url) return json(res, 400, { error: 'invalid_request' })
    const { pathname } = url
    const document = metadataOf(pathname, resources)
    if (document) return serveMetadata(req, res, document)
    const address = parts.addressOf(req)
    fixOrigin(req, origin)
    // An absolute request target (`GET http://evil.example/authorize`) would name the host a third way.
    req.url = `${pathname}${url.search}`
    if (Number(req.headers['content-length'] ?? 0) > maxBodyBytes) {
      // The rest is not read: the connection cannot be used again.
      return json(res, 413, { error: 'invalid_request', error_description: 'the request is too large' }, { connection: 'close' })
    }
    if (await refusedByLimit(req, res, pathname, address)) return
    if (await servePage(req, res, url, address)) return
    if (pathname === '/register') {
      // Registration is open and carries no cookie: apps that run in a browser may use it from any origin. oidc-provider has no CORS here.
      if (req.method === 'OPTIONS') return void res.writeHead(204, openCors).end()
      res.setHeader('access-control-allow-origin', '*')
    }
    if (pathname === '/authorize') req.url = parts.canonicalAuthorize(req.url)
    parts.oauth(req, res)
  }

  /** @returns whether the path is one of a page */
  async function servePage(req: IncomingMessage, res: ServerResponse, url: URL, address: string): Promise<boolean> {
    const uid = interactionPath.exec(url.pathname)?.[1]
    if (uid !== undefined && (req.method === 'GET' || req.method === 'POST')) await parts.interaction(req, res, uid)
    else if (isSignInPath(url.pathname)) await parts.signIn(req, res, url, address)
    else if (url.pathname === '/sign-out') await parts.session(req, res)
    else return false
    return true
  }

  return (req, res) => {
    serve(req, res).catch(async (error: unknown) => {
      log.error({ err: error }, 'Identity')
      if (res.headersSent) return void res.destroy()
      res.writeHead(500, pageHeaders()).end(await errorPage('server_error'))
    })
  }
}
