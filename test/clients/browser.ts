/** A browser without scripts for tests: cookies by path, redirects one by one, forms as a person would send them. Knows nothing of Mercat. */

interface Cookie {
  readonly value: string
  readonly path: string
}

export interface Form {
  readonly action: string
  readonly fields: URLSearchParams
  /** name=value of its buttons. */
  readonly buttons: readonly { name: string; value: string; text: string }[]
}

const plain = (text: string) => text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
const attribute = (tag: string, name: string) => plain(new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? '')

/** A page that the browser stands on. */
export interface Page {
  readonly url: string
  readonly status: number
  readonly headers: Headers
  readonly html: string
  /** Its text as a person reads it. */
  readonly text: string
  readonly title: string
  readonly forms: readonly Form[]
}

/** Where a walk ended: on a page, or by being sent away from the origin (to an app's redirect URI). */
export type Stop = { readonly page: Page; readonly left?: undefined } | { readonly left: URL; readonly page?: undefined }

export class Browser {
  readonly origin: string
  readonly #cookies = new Map<string, Cookie>()

  readonly #headers: Record<string, string>

  /** @param headers sent with every request */
  constructor(origin: string, headers: Record<string, string> = {}) {
    this.origin = origin
    this.#headers = headers
  }

  /** The Cookie header for a path. */
  cookies(pathname: string): string {
    return [...this.#cookies]
      .filter(([, { path }]) => pathname === path || path === '/' || pathname.startsWith(`${path}/`))
      .map(([name, { value }]) => `${name.split(' ')[0]}=${value}`)
      .join('; ')
  }

  forgetCookies(): void {
    this.#cookies.clear()
  }

  #keep(response: Response): void {
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(/;\s*/)
      const [name = '', value = ''] = pair.split(/=(.*)/s)
      const path = attributes.find((part) => /^path=/i.test(part))?.slice(5) ?? '/'
      if (value === '' || attributes.some((part) => /^expires=Thu, 01 Jan 1970/i.test(part))) this.#cookies.delete(`${name} ${path}`)
      else this.#cookies.set(`${name} ${path}`, { value, path })
    }
  }

  /** One request, no redirect followed. */
  async request(url: string, init: RequestInit = {}): Promise<Response> {
    const target = new URL(url, this.origin)
    const headers = new Headers({ ...this.#headers, ...Object.fromEntries(new Headers(init.headers)) })
    const cookies = this.cookies(target.pathname)
    if (cookies && !headers.has('cookie')) headers.set('cookie', cookies)
    if (!headers.has('accept')) headers.set('accept', 'text/html,application/xhtml+xml')
    const response = await fetch(target, { ...init, headers, redirect: 'manual' })
    this.#keep(response)
    return response
  }

  /** Follows redirects of this origin. */
  async go(url: string, init: RequestInit = {}): Promise<Stop> {
    let response = await this.request(url, init)
    let at = new URL(url, this.origin)
    for (let hops = 0; hops < 10 && response.status >= 300 && response.status < 400; hops++) {
      await response.body?.cancel()
      at = new URL(response.headers.get('location') ?? '', at)
      if (at.origin !== this.origin) return { left: at }
      response = await this.request(at.href)
    }
    return { page: await pageOf(at.href, response) }
  }

  /** Sends a form by its button `action=value`, with `fields` filled in. */
  async submit(page: Page, value: string, fields: Record<string, string | readonly string[]> = {}): Promise<Stop> {
    const form = page.forms.find(({ buttons }) => buttons.some((button) => button.value === value))
    if (!form) throw new Error(`No button "${value}" on the page "${page.title}": ${page.text}`)
    const body = new URLSearchParams(form.fields)
    for (const [name, given] of Object.entries(fields)) {
      body.delete(name)
      for (const one of typeof given === 'string' ? [given] : given) body.append(name, one)
    }
    const button = form.buttons.find((one) => one.value === value)
    if (button?.name) body.append(button.name, value)
    return await this.go(form.action || page.url, { method: 'POST', body, headers: { origin: this.origin, 'sec-fetch-site': 'same-origin' } })
  }
}

async function pageOf(url: string, response: Response): Promise<Page> {
  const html = await response.text()
  const forms = [...html.matchAll(/<form\b[^>]*>([\s\S]*?)<\/form>/g)].map(([whole, inside = '']) => {
    const fields = new URLSearchParams()
    for (const [tag] of inside.matchAll(/<input\b[^>]*>/g)) {
      const box = attribute(tag, 'type') === 'checkbox'
      if (attribute(tag, 'name') && (!box || (/\schecked\b/.test(tag) && !/\sdisabled\b/.test(tag)))) fields.append(attribute(tag, 'name'), attribute(tag, 'value'))
    }
    const buttons = [...inside.matchAll(/(<button\b[^>]*>)([\s\S]*?)<\/button>/g)].map(([, tag = '', text = '']) => ({
      name: attribute(tag, 'name'),
      value: attribute(tag, 'value'),
      text: plain(text),
    }))
    return { action: attribute(/^<form\b[^>]*>/.exec(whole)?.[0] ?? '', 'action'), fields, buttons }
  })
  const body = /<body[^>]*>([\s\S]*)<\/body>/.exec(html)?.[1] ?? html
  return {
    url,
    status: response.status,
    headers: response.headers,
    html,
    forms,
    title: plain(/<title>([\s\S]*?)<\/title>/.exec(html)?.[1] ?? ''),
    text: plain(body.replace(/<[^>]+>/g, ' '))
      .replace(/\s+/g, ' ')
      .trim(),
  }
}
