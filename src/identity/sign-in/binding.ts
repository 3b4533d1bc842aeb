/** Binds sign-in pages to the browser they were shown in: a signed cookie, and a form token that only goes with it. Says nothing about who is signed in. */
import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Secrets } from '../secrets.ts'

export interface Binding {
  /** The id of the browser of this request; a browser without one gets it with this answer. */
  readonly give: (req: IncomingMessage, res: ServerResponse) => string
  /** The id that the browser brought along, if this installation gave it. */
  readonly read: (req: IncomingMessage) => string | undefined
  /** The token of forms shown in this browser. */
  readonly token: (browser: string) => string
  readonly verifies: (browser: string, token: string) => boolean
}

export function createBinding(secrets: Secrets, origin: string): Binding {
  const https = origin.startsWith('https:')
  // __Host-: no other host and no path of this one can plant it, and with it a form of theirs.
  const name = https ? '__Host-mercat_signin' : 'mercat_signin'

  const read = (req: IncomingMessage) => {
    for (const pair of (req.headers.cookie ?? '').split(/;\s*/)) {
      const [given, value] = pair.split(/=(.*)/s)
      const [browser = '', signature = ''] = given === name ? (value ?? '').split('.') : []
      if (browser !== '' && secrets.verify(signature, 'sign-in browser', browser)) return browser
    }
    return undefined
  }

  return {
    read,
    give: (req, res) => {
      const known = read(req)
      if (known !== undefined) return known
      const browser = randomBytes(16).toString('base64url')
      res.appendHeader('set-cookie', `${name}=${browser}.${secrets.sign('sign-in browser', browser)}; Path=/; HttpOnly; SameSite=Lax${https ? '; Secure' : ''}`)
      return browser
    },
    token: (browser) => secrets.sign('sign-in form', browser),
    verifies: (browser, token) => secrets.verify(token, 'sign-in form', browser),
  }
}
