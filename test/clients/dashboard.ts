/** The dashboard's half of Mercat for tests: signs in at the door as a person would and calls the API as its pages do. Knows no endpoint. */
import { expect } from 'vitest'
import { Browser, type Page } from './browser.ts'
import type { Person } from './oauth.ts'

export interface ApiAnswer<Body = Record<string, unknown>> {
  readonly status: number
  readonly body: Body
}
/** What a refusal looks like. */
export interface Refusal {
  readonly error: { readonly code: string; readonly message: string; readonly [detail: string]: unknown }
}

/** One browser at the dashboard. */
export class Dashboard {
  readonly browser: Browser
  csrf = ''

  constructor(browser: Browser) {
    this.browser = browser
  }

  /** One request to the API; `headers` replace the usual ones, undefined takes one away. */
  async call<Body = Record<string, unknown>>(endpoint: string, input: unknown = {}, headers: Record<string, string | undefined> = {}): Promise<ApiAnswer<Body>> {
    const all = { 'content-type': 'application/json', accept: 'application/json', 'sec-fetch-site': 'same-origin', 'x-mercat-csrf': this.csrf, ...headers }
    const given = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined)
    const response = await this.browser.request(`/api/${endpoint}`, {
      method: 'POST',
      headers: Object.fromEntries(given),
      body: typeof input === 'string' ? input : JSON.stringify(input),
    })
    return { status: response.status, body: (await response.json()) as Body }
  }

  /** The answer of a request that must go well. */
  async ok<Body = Record<string, unknown>>(endpoint: string, input: unknown = {}): Promise<Body> {
    const { status, body } = await this.call<Body>(endpoint, input)
    expect(status, `${endpoint}: ${JSON.stringify(body)}`).toBe(200)
    return body
  }

  /** The error of a request that must be refused. */
  async refused(endpoint: string, input: unknown = {}, headers: Record<string, string | undefined> = {}): Promise<Refusal['error'] & { readonly status: number }> {
    const { status, body } = await this.call<Refusal>(endpoint, input, headers)
    expect(status, `${endpoint} was not refused: ${JSON.stringify(body)}`).toBeGreaterThanOrEqual(400)
    expect(status, JSON.stringify(body)).toBeLessThan(500)
    return { status, ...body.error }
  }
}

/** Signs in by password. Throws when the door does not let the person in. */
export async function openDashboard(origin: string, person: Person, browser = new Browser(origin)): Promise<Dashboard> {
  const { page } = await browser.go('/sign-in?return_to=/healthz')
  if (!page) throw new Error('The sign-in page left the origin')
  const after = (await browser.submit(page, 'sign-in', { email: person.email, password: person.password })).page
  if (after?.status !== 200) throw new Error(`Not signed in: ${(after as Page | undefined)?.text}`)
  const dashboard = new Dashboard(browser)
  dashboard.csrf = (await dashboard.ok<{ csrf: string }>('session/current')).csrf
  return dashboard
}
