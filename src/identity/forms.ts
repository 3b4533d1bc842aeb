/** Reads what a browser posts to identity's own pages, refuses what did not come from them, and sends it on. Knows no page. */
import type { IncomingMessage, ServerResponse } from 'node:http'

const maxBytes = 16 * 1024

/** Why a form was not read. */
export class FormRefusedError extends Error {
  readonly code: 'cross_site' | 'invalid_request'
  constructor(code: 'cross_site' | 'invalid_request', message: string) {
    super(message)
    this.code = code
  }

  get status(): number {
    return this.code === 'cross_site' ? 403 : 400
  }
}

/** The fields of a posted form of this origin. Throws FormRefusedError. */
export async function readForm(req: IncomingMessage, origin: string): Promise<URLSearchParams> {
  // Besides the signed token in the form: what the browser itself says about where the post came from.
  const site = req.headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin') throw new FormRefusedError('cross_site', `Sec-Fetch-Site is ${String(site)}`)
  // Under Referrer-Policy no-referrer a browser may send `null` for its own forms; then Sec-Fetch-Site or the token decides.
  const from = req.headers.origin
  if (from !== undefined && from !== 'null' && from !== origin) throw new FormRefusedError('cross_site', 'Origin is another one')
  if (!/^application\/x-www-form-urlencoded\b/i.test(req.headers['content-type'] ?? '')) throw new FormRefusedError('invalid_request', 'not a form')
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > maxBytes) throw new FormRefusedError('invalid_request', 'the form is too large')
    chunks.push(chunk)
  }
  const form = new URLSearchParams(Buffer.concat(chunks).toString('utf8'))
  // No keyboard types it, and PostgreSQL cannot hold it in a text.
  for (const value of form.values()) if (value.includes('\0')) throw new FormRefusedError('invalid_request', 'the form has a NUL character')
  return form
}

/** Sends the browser on, by GET whatever it came by. */
export function seeOther(res: ServerResponse, location: string): void {
  res.writeHead(303, { location, 'cache-control': 'no-store' }).end()
}
