/** The HTTP server: which path belongs to whom, and what holds for every request. It judges no token and runs no tool. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Config } from '../config.ts'
import { toMercatError } from '../core/errors.ts'
import type { Logger } from '../core/log.ts'
import { isLoopbackHost, isLoopbackOrigin } from '../core/loopback.ts'
import { systemNamePattern } from '../domain/accounts/index.ts'
import { createAddressOf } from '../identity/address.ts'
import type { Identity, Resource } from '../identity/index.ts'
import type { Api } from './api/serve.ts'
import { retryHeader, send, sendError, sendJson } from './answers.ts'
import type { Gate } from './gate.ts'
import type { Ingest } from './ingest.ts'
import { iconSvg } from '../identity/pages/layout.ts'
import type { Web } from './web.ts'
import { connectPage, connectPageHeaders } from './pages/connect.ts'

export interface Listening {
  readonly port: number
  /** Starts answering requests; until then they wait (the issuer is known only after the port is). */
  readonly serve: (site: Site) => void
  /** Stops accepting, lets running requests end for at most the given time, then cuts them off. */
  readonly close: (graceMs?: number) => Promise<void>
}

/** What the server serves. */
export interface Site {
  readonly origin: string
  readonly identity: Pick<Identity, 'handles' | 'listener'>
  readonly gate: Gate
  readonly api: Api
  readonly ingest: Ingest
  readonly web: Web
  /** The text of /manifest.json. */
  readonly manifest: () => string
  /** The text of /openapi.json. */
  readonly openApi: () => string
}

const grace = 10_000
/** What Mercat says of itself holds nothing of any account: whoever likes may read and keep it. */
const described = { 'cache-control': 'public, max-age=300', 'access-control-allow-origin': '*' }

/** Binds the port. Throws a sentence for the operator when it is taken. */
export async function listen(config: Config, log: Logger): Promise<Listening> {
  let site: Site | undefined
  let closing = false
  // A connection whose last answer has gone out must not hold the end up: its client keeps it open for the next request.
  const answered = () => {
    if (closing) setImmediate(() => server.closeIdleConnections())
  }
  const addressOf = createAddressOf(config.MERCAT_TRUSTED_PROXIES)
  const server = createServer({ keepAliveTimeout: 65_000, headersTimeout: 15_000, requestTimeout: 60_000 }, (req, res) => {
    if (log.isLevelEnabled('debug')) logWhenDone(req, res, addressOf(req), log)
    res.once('close', answered)
    if (!site) return sendError(res, 503, 'starting', 'Mercat is starting', { 'retry-after': '1' })
    route(req, res, site, config).catch((error: unknown) => {
      // A caller that left half-way is no fault of ours.
      if (res.destroyed) return
      const { status, code, message, details } = toMercatError(error, log)
      if (res.headersSent) res.destroy()
      else sendError(res, status, code, message, retryHeader(details))
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(explained(error, config)))
    server.listen(config.MERCAT_PORT, config.MERCAT_HOST, () => resolve())
  })
  return {
    port: (server.address() as AddressInfo).port,
    serve: (given) => {
      site = given
    },
    close: (graceMs = grace) =>
      new Promise<void>((resolve) => {
        closing = true
        const cut = setTimeout(() => server.closeAllConnections(), graceMs)
        server.close(() => {
          clearTimeout(cut)
          resolve()
        })
        server.closeIdleConnections()
      }),
  }
}

function explained(error: NodeJS.ErrnoException, config: Config): Error {
  const where = `${config.MERCAT_HOST}:${config.MERCAT_PORT}`
  if (error.code === 'EADDRINUSE') return new Error(`${where} is taken by another program: stop it, or set MERCAT_PORT to a free port`)
  if (error.code === 'EACCES') return new Error(`${where} may not be used by this user: set MERCAT_PORT to 1024 or more`)
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') return new Error(`${config.MERCAT_HOST} is not an address of this machine: correct MERCAT_HOST`)
  return error
}

/** Method, path, status and time; never the query or a header, where tokens and codes are, nor the key in the address of a source. */
function logWhenDone(req: IncomingMessage, res: ServerResponse, address: string, log: Logger): void {
  const began = performance.now()
  res.once('close', () =>
    log.debug(
      {
        method: req.method,
        path: pathOf(req.url ?? '/').path.replace(/^(\/ingest\/[^/]*\/).*/, '$1…'),
        status: res.statusCode,
        ms: Math.round(performance.now() - began),
        from: address,
      },
      'request',
    ),
  )
}

function pathOf(url: string): { path: string; query: string } {
  const at = url.indexOf('?')
  return at === -1 ? { path: url, query: '' } : { path: url.slice(0, at), query: url.slice(at + 1) }
}

/** The resource of an MCP path; a trailing slash is forgiven. Says nothing about whether the account exists. */
function resourceOf(path: string): Resource | undefined {
  const trimmed = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path
  if (trimmed === '/mcp') return 'mcp'
  return trimmed.startsWith('/c/') && systemNamePattern.test(trimmed.slice(3)) ? `c/${trimmed.slice(3)}` : undefined
}

async function route(req: IncomingMessage, res: ServerResponse, site: Site, config: Config): Promise<void> {
  const { path, query } = pathOf(req.url ?? '/')
  if (path === '/healthz') return sendJson(res, 200, { status: 'ok' })
  // DNS rebinding: a page of evil.example whose name now points here would be of our origin to the browser. Its Host header gives it away.
  const host = req.headers.host ?? ''
  const other = host !== site.origin.slice(site.origin.indexOf('://') + 3)
  if (other && !isLoopbackHost(host)) return sendError(res, 421, 'misdirected_request', `This Mercat answers as ${site.origin}; whoever runs it sets MERCAT_PUBLIC_URL`)
  // localhost and 127.0.0.1 are two origins to a browser: cookies, forms and passkeys belong to one of them.
  if (other && isBrowser(req) && isLoopbackOrigin(site.origin) && path.startsWith('/')) {
    return void res.writeHead(307, { location: site.origin + req.url, 'cache-control': 'no-store' }).end()
  }
  if (config.MERCAT_PUBLIC_URL?.startsWith('https:')) res.setHeader('strict-transport-security', 'max-age=31536000')
  const resource = resourceOf(path)
  if (resource) return isBrowser(req) ? showConnect(res, site, resource) : await site.gate(req, res, resource, query)
  if (path.startsWith('/ingest/')) return await site.ingest(req, res, path, query)
  if (path.startsWith('/api/')) return await site.api(req, res, path, query)
  if (site.identity.handles(path)) return site.identity.listener(req, res)
  if (req.method !== 'GET' && req.method !== 'HEAD') return sendError(res, 404, 'not_found', 'There is nothing here')
  if (site.web.handles(path) && (path !== '/' || isBrowser(req))) return await site.web.serve(req, res, path)
  if (path === '/')
    return sendJson(res, 200, {
      name: 'mercat',
      mcp: [`${site.origin}/mcp`, `${site.origin}/c/{account}`],
      manifest: `${site.origin}/manifest.json`,
      openapi: `${site.origin}/openapi.json`,
    })
  if (path === '/manifest.json') return send(res, 200, 'application/json', site.manifest(), described)
  if (path === '/openapi.json') return send(res, 200, 'application/json', site.openApi(), described)
  if (path === '/favicon.ico' || path === '/favicon.svg') return send(res, 200, 'image/svg+xml', iconSvg, { 'cache-control': 'public, max-age=86400' })
  if (path === '/robots.txt') return send(res, 200, 'text/plain; charset=utf-8', 'User-agent: *\nDisallow: /\n', { 'cache-control': 'public, max-age=86400' })
  return sendError(res, 404, 'not_found', 'There is nothing here')
}

/** A person with a browser, rather than an MCP client: clients ask for JSON or an event stream. */
function isBrowser(req: IncomingMessage): boolean {
  return (req.method === 'GET' || req.method === 'HEAD') && (req.headers.accept ?? '').includes('text/html')
}

async function showConnect(res: ServerResponse, site: Site, resource: Resource): Promise<void> {
  const { 'content-type': type = 'text/html', ...headers } = connectPageHeaders
  send(res, 200, type, await connectPage({ origin: site.origin, resource }), headers)
}
