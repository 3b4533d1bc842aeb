/** Serves the dashboard: its one page and its assets, all read once at the start. Knows no file but those, so no path can lead to another. */
import { createHash, randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname, join } from 'node:path'
import { guardHeaders, send } from './answers.ts'
import { notBuiltPage, notBuiltPolicy } from './pages/not-built.ts'

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.png': 'image/png',
}

interface Asset {
  readonly type: string
  readonly etag: string
  readonly plain: Buffer
  readonly brotli: Buffer | undefined
}

export interface Web {
  /** Whether the path is a page of the dashboard, or one of its assets. */
  readonly handles: (path: string) => boolean
  readonly serve: (req: IncomingMessage, res: ServerResponse, path: string) => Promise<void>
}

/** Everything the page may load is of this origin; styles that scripts make carry the answer's nonce; nothing may frame it, and no form of it may leave. */
const policy = (nonce: string) =>
  `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; connect-src 'self'; img-src 'self' data:; font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`

const pagePath = /^\/(?:$|a\/|security$)/
const nonceSlot = '<meta name="csp-nonce" content="" />'

/** @param folder what scripts/dashboard.mjs built */
export function createWeb(folder = join(import.meta.dirname, '../../web/dist')): Web {
  const built = read(folder)
  return {
    handles: (path) => pagePath.test(path) || path.startsWith('/assets/'),
    serve: async (req, res, path) => {
      const asset = built?.assets.get(path)
      if (asset) return sendAsset(req, res, asset)
      if (path.startsWith('/assets/')) return send(res, 404, 'text/plain; charset=utf-8', 'There is nothing here')
      if (!built) return send(res, 503, 'text/html; charset=utf-8', await notBuiltPage(), { 'content-security-policy': notBuiltPolicy })
      const nonce = randomBytes(16).toString('base64')
      send(res, 200, 'text/html; charset=utf-8', built.page.replace(nonceSlot, `<meta name="csp-nonce" content="${nonce}" />`), {
        'content-security-policy': policy(nonce),
        'referrer-policy': 'same-origin',
        'permissions-policy': 'camera=(), microphone=(), geolocation=()',
      })
    },
  }
}

/** undefined: not built. */
function read(folder: string): { page: string; assets: ReadonlyMap<string, Asset> } | undefined {
  try {
    const page = readFileSync(join(folder, 'index.html'), 'utf8')
    const names = readdirSync(join(folder, 'assets'))
    const assets = new Map<string, Asset>()
    for (const name of names) {
      const type = types[extname(name)]
      if (type === undefined) continue
      const plain = readFileSync(join(folder, 'assets', name))
      const brotli = names.includes(`${name}.br`) ? readFileSync(join(folder, 'assets', `${name}.br`)) : undefined
      assets.set(`/assets/${name}`, { type, plain, brotli, etag: `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"` })
    }
    if (!page.includes(nonceSlot)) throw new Error(`${folder}/index.html has no place for the nonce: build the dashboard again (npm run dashboard)`)
    return { page, assets }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** An asset's name holds the hash of its content: a browser that has it never asks again. */
function sendAsset(req: IncomingMessage, res: ServerResponse, { type, etag, plain, brotli }: Asset): void {
  const headers = { ...guardHeaders, 'cache-control': 'public, max-age=31536000, immutable', etag, vary: 'accept-encoding' }
  if (req.headers['if-none-match'] === etag) return void res.writeHead(304, headers).end()
  const packed = brotli !== undefined && /\bbr\b/.test(String(req.headers['accept-encoding'] ?? ''))
  const body = packed ? brotli : plain
  res.writeHead(200, { ...headers, 'content-type': type, 'content-length': body.length, ...(packed ? { 'content-encoding': 'br' } : {}) })
  res.end(req.method === 'HEAD' ? undefined : body)
}
