/**
 * Google on 127.0.0.1, as far as a funnel needs it: the token endpoint (RFC 7523) and runFunnelReport of the Analytics Data API v1alpha, with the
 * shapes that Google documents. It knows one service account and one property, and counts funnels from journeys that the test gives it.
 */
import { generateKeyPairSync, randomBytes, verify } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a request meets in place of an answer. `hang`: nothing ever comes. `stall`: headers, and then nothing. */
export type Trouble =
  | 'hang'
  | 'stall'
  | 'drop'
  | { readonly status: number; readonly code: string; readonly message: string; readonly reason?: string }
  | { readonly status: number; readonly text: string }

export interface Question {
  readonly propertyId: string
  readonly body: {
    dateRanges: { startDate: string; endDate: string }[]
    funnel: { isOpenFunnel?: boolean; steps: { name: string; filterExpression: { funnelEventFilter: { eventName: string } } }[] }
    returnPropertyQuota?: boolean
  }
}

export interface GoogleServer {
  readonly origin: string
  readonly email: string
  readonly propertyId: string
  readonly privateKey: string
  /** The key file as Google Cloud makes it, with other fields where given. */
  readonly keyFile: (other?: object) => string
  /** Each person's events, in order. */
  journeys: string[][]
  /** More of the answer: metadata of the table, quota. */
  extra: { metadata?: object; quota?: object; rows?: unknown[] }
  /** Of the next questions, one each; then they are answered. */
  readonly troubles: Trouble[]
  readonly tokenTroubles: Trouble[]
  readonly questions: Question[]
  /** All tokens that were given out. */
  readonly tokens: string[]
  /** Tokens of before are no longer good. */
  readonly revoke: () => void
  /** Resolves when the next request of a question is there. */
  readonly asked: () => Promise<void>
  readonly close: () => Promise<void>
}

/** In every error message of the server: must never be passed on. */
export const rawWords = 'RAW-WORDS-OF-THE-SERVER'

export async function startGoogle(): Promise<GoogleServer> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  const good = new Set<string>()
  const waiting: (() => void)[] = []
  const server = createServer((req, res) => void serve(req, res).catch((error: unknown) => res.writeHead(500).end(String(error))))

  async function serve(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const url = new URL(req.url ?? '/', google.origin)
    let text = ''
    for await (const chunk of req) text += String(chunk)
    if (req.method === 'POST' && url.pathname === '/token') return token(req, text, res)
    const propertyId = /^\/v1alpha\/properties\/([^/:]+):runFunnelReport$/.exec(url.pathname)?.[1]
    if (req.method !== 'POST' || !propertyId) return json(res, 404, { error: { code: 404, status: 'NOT_FOUND', message: `${rawWords}: no such method` } })
    for (const tell of waiting.splice(0)) tell()
    const bearer = /^Bearer (.+)$/.exec(req.headers.authorization ?? '')?.[1]
    if (!bearer || !good.has(bearer)) return refuse(res, { status: 401, code: 'UNAUTHENTICATED', message: `${rawWords} invalid credentials ${bearer}` })
    const question: Question = { propertyId, body: JSON.parse(text) as Question['body'] }
    google.questions.push(question)
    const trouble = google.troubles.shift()
    if (trouble) return meet(res, trouble)
    if (propertyId !== google.propertyId) return refuse(res, { status: 404, code: 'NOT_FOUND', message: `${rawWords} property ${propertyId} not found` })
    json(res, 200, answer(question))
  }

  function token(req: IncomingMessage, text: string, res: ServerResponse): void {
    const trouble = google.tokenTroubles.shift()
    if (trouble) return void meet(res, trouble)
    const form = new URLSearchParams(text)
    const problem = assertionProblem(form)
    if (problem || !req.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
      return void json(res, 400, { error: 'invalid_grant', error_description: `${rawWords} ${problem} ${form.get('assertion')}` })
    }
    const access_token = `ya29.${randomBytes(24).toString('base64url')}`
    good.add(access_token)
    google.tokens.push(access_token)
    json(res, 200, { access_token, expires_in: 3599, token_type: 'Bearer' })
  }

  /** RFC 7523 section 3, and what Google asks for besides. */
  function assertionProblem(form: URLSearchParams): string | undefined {
    if (form.get('grant_type') !== 'urn:ietf:params:oauth:grant-type:jwt-bearer') return 'grant_type'
    const [header = '', claims = '', signature = '', ...rest] = (form.get('assertion') ?? '').split('.')
    if (rest.length > 0 || !verify('sha256', Buffer.from(`${header}.${claims}`), publicKey, Buffer.from(signature, 'base64url'))) return 'signature'
    const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>
    const { alg, kid } = read(header)
    if (alg !== 'RS256' || kid !== 'key-1') return 'header'
    const { iss, aud, scope, iat, exp } = read(claims)
    if (iss !== google.email || aud !== `${google.origin}/token`) return 'iss or aud'
    if (scope !== 'https://www.googleapis.com/auth/analytics.readonly') return 'scope'
    const now = Date.now() / 1000
    if (typeof iat !== 'number' || typeof exp !== 'number' || Math.abs(iat - now) > 30 || exp <= iat || exp - iat > 3600) return 'iat or exp'
    return undefined
  }

  /** https://developers.google.com/analytics/devguides/reporting/data/v1/rest/v1alpha/properties/runFunnelReport */
  function answer({ body }: Question): object {
    const names = body.funnel.steps.map((step) => step.filterExpression.funnelEventFilter.eventName)
    const reached = names.map(
      (name, at) => google.journeys.filter((events) => (body.funnel.isOpenFunnel ? events.includes(name) : doneUpTo(events, names.slice(0, at + 1)))).length,
    )
    const rows = reached.map((users, at) => ({
      dimensionValues: [{ value: `${at + 1}. ${body.funnel.steps[at]?.name}` }],
      metricValues: [{ value: String(users) }, { value: '0.5' }, { value: '1' }, { value: '0.5' }],
    }))
    // The real API says its metric headers twice. Enums are numbers: the client asks for it.
    const metrics = ['activeUsers', 'funnelStepCompletionRate', 'funnelStepAbandonments', 'funnelStepAbandonmentRate'].map((name) => ({
      name,
      type: name === 'activeUsers' ? 1 : 2,
    }))
    const table = { dimensionHeaders: [{ name: 'funnelStepName' }], metricHeaders: [...metrics, ...metrics], rows: google.extra.rows ?? rows }
    return {
      funnelTable: { ...table, metadata: google.extra.metadata ?? {} },
      funnelVisualization: { dimensionHeaders: [{ name: 'funnelStepName' }], metricHeaders: metrics.slice(0, 1), metadata: {} },
      ...(body.returnPropertyQuota ? { propertyQuota: { tokensPerDay: { consumed: 11, remaining: 199_000 }, concurrentRequests: { remaining: 10 }, ...google.extra.quota } } : {}),
      kind: 'analyticsData#runFunnelReport',
    }
  }

  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const google: GoogleServer = {
    origin,
    email: 'mercat@example-project.iam.gserviceaccount.com',
    propertyId: '123456789',
    privateKey,
    keyFile: (other = {}) =>
      JSON.stringify({
        type: 'service_account',
        project_id: 'example-project',
        private_key_id: 'key-1',
        private_key: privateKey,
        client_email: google.email,
        client_id: '1000',
        auth_uri: 'https://accounts.google.com/o/oauth2/auth',
        token_uri: `${origin}/token`,
        universe_domain: 'googleapis.com',
        ...other,
      }),
    journeys: [],
    extra: {},
    troubles: [],
    tokenTroubles: [],
    questions: [],
    tokens: [],
    revoke: () => good.clear(),
    asked: async () => await new Promise((resolve) => waiting.push(resolve)),
    close: async () => {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
  return google
}

function doneUpTo(events: readonly string[], names: readonly string[]): boolean {
  let next = 0
  for (const event of events) if (event === names[next]) next++
  return next === names.length
}

function meet(res: ServerResponse, trouble: Trouble): void {
  if (trouble === 'hang') return
  if (trouble === 'drop') return void res.destroy()
  if (trouble === 'stall') return void res.writeHead(200, { 'content-type': 'application/json' }).write('{"funnelTable":')
  if ('text' in trouble) return void res.writeHead(trouble.status, { 'content-type': 'text/html' }).end(`${trouble.text} ${rawWords}`)
  refuse(res, trouble)
}

/** https://cloud.google.com/apis/design/errors */
function refuse(res: ServerResponse, { status, code, message, reason }: Exclude<Trouble, string | { text: string }>): void {
  const details = reason ? [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, domain: 'googleapis.com', metadata: { note: rawWords } }] : undefined
  json(res, status, { error: { code: status, message: `${message} ${rawWords}`, status: code, ...(details ? { details } : {}) } })
}

function json(res: ServerResponse, status: number, body: object): void {
  res.writeHead(status, { 'content-type': 'application/json; charset=UTF-8' }).end(JSON.stringify(body))
}
