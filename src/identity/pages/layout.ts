/** The frame of every page that identity shows: head, brand, headers. Works without scripts; holds no state. */
import { createHash } from 'node:crypto'
import { html, raw } from 'hono/html'
import { style } from './style.ts'

export type Html = ReturnType<typeof html>

/** The CSP source that lets in exactly this style or script of a page. */
export const cspHash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** The page's own style is the only thing it may load. */
const styleHash = cspHash(style)

/** A script that a page carries; the hash lets exactly this text run. */
export interface Script {
  readonly text: string
  readonly hash: string
}
export const scriptOf = (text: string): Script => ({ text, hash: cspHash(text) })

export interface PageHeaders {
  /**
   * Where a form's answer may lead besides this origin: the app's redirect URI.
   * Chrome applies form-action to the redirects after a post too, so its origin must be in it.
   */
  readonly formTargets?: readonly string[]
  readonly script?: Script | undefined
}

export function pageHeaders({ formTargets = [], script }: PageHeaders = {}): Record<string, string> {
  const targets = formTargets.map((uri) => ` ${sourceOf(uri)}`).join('')
  const scripts = script ? ` script-src ${script.hash}; connect-src 'self';` : ''
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': `default-src 'none'; style-src ${styleHash};${scripts} img-src data:; form-action 'self'${targets}; base-uri 'none'; frame-ancestors 'none'`,
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  }
}

/** The CSP source of a redirect URI. CSP knows no IPv6 hosts and no hosts of private schemes: there the scheme must do. */
function sourceOf(uri: string): string {
  const { protocol, hostname, origin } = new URL(uri)
  return (protocol === 'https:' || protocol === 'http:') && !hostname.startsWith('[') ? origin : protocol
}

/** The icon of every page, as a file of its own. */
export const iconSvg =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="9" fill="#4338ca"/><path d="M8 22.5V11.2l8 7 8-7v11.3" fill="none" stroke="#fff" stroke-width="3.2" stroke-linecap="round" stroke-linejoin="round"/></svg>'
const icon = `data:image/svg+xml,${encodeURIComponent(iconSvg)}`

/** Mercat's sign: an M that is also a rising and falling line. */
export const mark = raw('<svg class="mark" viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="9"/><path d="M8 22.5V11.2l8 7 8-7v11.3"/></svg>')

/** The first line of every page that is about Mercat itself. */
export const brand = html`<div class="brand">${mark} Mercat</div>`

/** Why the last try failed; the field at fault names it as `problem`. */
export const problemNotice = (text: string | undefined): Html | '' | Promise<Html> =>
  text === undefined ? '' : html`<div class="notice bad" role="alert" id="problem"><p>${text}</p></div>`

/** The head of every page. The title comes first in a page, so that a screen reader says what it is. */
export function head(title: string, iconUrl: string, sheet: string): Html | Promise<Html> {
  return html`<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title} · Mercat</title>
<link rel="icon" href="${iconUrl}">
<style>${raw(sheet)}</style>
</head>`
}

/** A whole page. */
export async function page(title: string, body: Html | Promise<Html>, script?: Script): Promise<string> {
  return String(
    await html`<!doctype html>
<html lang="en">
${head(title, icon, style)}
<body>
<main>
${body}
</main>${
      script
        ? html`
<script type="module">${raw(script.text)}</script>`
        : ''
    }
</body>
</html>`,
  )
}
