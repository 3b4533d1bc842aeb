/** A whole Mercat for a test: real stores in a temporary folder, accounts and people, and official clients that sign in through the real pages. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, StreamableHTTPClientTransport, UnauthorizedError } from '@modelcontextprotocol/client'
import { type AppOptions, createMercat, type Mercat } from '../src/app.ts'
import { readConfig } from '../src/config.ts'
import type { Account, Role } from '../src/core/access.ts'
import { createLog } from '../src/core/log.ts'
import { addMember, createAccount, createUser, setMcp } from '../src/domain/accounts/index.ts'
import { connect as signIn, type Person, PersonProvider } from './clients/oauth.ts'
import { freePort } from './engines/port.ts'
import { copyEmptyStores } from './engines/template.ts'

export const password = 'correct horse battery staple'

/** acme and globex have MCP on, initech has it off. */
export type AccountName = 'acme' | 'globex' | 'initech'
/** `both` is an analyst of acme and globex; `stranger` owns globex only; `reader` may see reports but not through MCP. */
export type PersonName = 'owner' | 'marketer' | 'analyst' | 'reader' | 'both' | 'stranger'

const memberships: Record<PersonName, Partial<Record<AccountName, Role>>> = {
  owner: { acme: 'owner', initech: 'owner' },
  marketer: { acme: 'marketer' },
  analyst: { acme: 'analyst' },
  reader: { acme: 'read_only' },
  both: { acme: 'analyst', globex: 'analyst' },
  stranger: { globex: 'owner' },
}

/** The newest protocol, or the one most hosts of 2025 speak. */
export type Era = '2026-07-28' | '2025-06-18'

export interface TestApp extends Mercat {
  readonly folder: string
  readonly accounts: Record<AccountName, Account>
  readonly people: Record<PersonName, Person & { readonly id: string }>
  /** `/c/acme`, `/mcp?read_only=1` … as an address. */
  readonly at: (path: string) => string
  /** An official client, signed in through registration, PKCE, the sign-in page and consent. Closed with the app. */
  readonly connect: (person: PersonName, path: string, options?: { era?: Era; accounts?: readonly AccountName[] }) => Promise<Client>
  /** A bearer token of the person for `c/acme` or `mcp`. Made once per person, resource and scope. */
  readonly token: (person: PersonName, resource: string, scope?: string) => Promise<string>
  /** POSTs JSON-RPC as a 2025-06-18 client would, with whatever is overridden. */
  readonly post: (path: string, body: unknown, headers?: Record<string, string>) => Promise<Response>
  /** Closes Mercat and keeps its folder, for a test that looks into it; `close` removes it. */
  readonly shutDown: () => Promise<void>
}

export interface TestAppOptions extends Partial<AppOptions> {
  readonly env?: Record<string, string>
  /** Public at http://localhost:<port>: browsers tie passkeys to a host name, and take it and 127.0.0.1 for two sites. */
  readonly localhost?: boolean
}

export async function startApp({ env = {}, localhost = false, ...options }: TestAppOptions = {}): Promise<TestApp> {
  const folder = await mkdtemp(join(tmpdir(), 'mercat-app-'))
  await copyEmptyStores(folder)
  const port = localhost ? await freePort() : 0
  const config = readConfig({
    MERCAT_DATA_DIR: folder,
    MERCAT_PORT: String(port),
    MERCAT_RATE_USER: '1000000',
    MERCAT_RATE_ACCOUNT: '1000000',
    ...(localhost ? { MERCAT_PUBLIC_URL: `http://localhost:${port}` } : {}),
    ...env,
  })
  const mercat = await createMercat(config, { log: createLog('silent', 'silent'), ...options })
  const { db } = mercat.stores
  const accounts = {} as Record<AccountName, Account>
  for (const systemName of ['acme', 'globex', 'initech'] as const) {
    const account = await createAccount(db, { systemName, name: systemName.toUpperCase(), timeZone: 'Europe/Berlin', currency: 'EUR' })
    if (systemName !== 'initech') await setMcp(db, account.id, true)
    accounts[systemName] = { ...account, mcpEnabled: systemName !== 'initech' }
  }
  const people = {} as TestApp['people']
  for (const [name, roles] of Object.entries(memberships) as [PersonName, Partial<Record<AccountName, Role>>][]) {
    const user = await createUser(db, { email: `${name}@example.com`, name, password })
    for (const [account, role] of Object.entries(roles) as [AccountName, Role][]) await addMember(db, accounts[account].id, user.id, { role })
    people[name] = { id: user.id, email: `${name}@example.com`, password }
  }
  const clients: Client[] = []
  const tokens = new Map<string, Promise<string>>()
  const at = (path: string) => mercat.origin + path
  return {
    ...mercat,
    folder,
    accounts,
    people,
    at,
    connect: async (person, path, { era = '2026-07-28', accounts: chosen } = {}) => {
      const provider = new PersonProvider(mercat.origin, people[person], chosen ? { accounts: chosen.map((name) => accounts[name].id) } : {})
      const client = newClient(era)
      const first = new StreamableHTTPClientTransport(new URL(at(path)), { authProvider: provider })
      try {
        await client.connect(first)
        throw new Error('The server let a client in without a token')
      } catch (error) {
        if (!(error instanceof UnauthorizedError)) throw error
      }
      await first.finishAuth(provider.callback.searchParams)
      const signedIn = newClient(era)
      await signedIn.connect(new StreamableHTTPClientTransport(new URL(at(path)), { authProvider: provider }))
      clients.push(signedIn)
      return signedIn
    },
    token: (person, resource, scope) => {
      const key = `${person} ${resource} ${scope ?? ''}`
      const kept = tokens.get(key)
      if (kept !== undefined) return kept
      const made = signIn({ origin: mercat.origin, resource: `${mercat.origin}/${resource}`, person: people[person], ...(scope === undefined ? {} : { scope }) }).then(
        (connected) => connected.tokens.access_token,
      )
      tokens.set(key, made)
      return made
    },
    post: (path, body, headers) => postRpc(at(path), body, headers),
    shutDown: mercat.close,
    close: async () => {
      await Promise.all(clients.map((client) => client.close().catch(() => {})))
      await mercat.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function newClient(era: Era): Client {
  const who = { name: 'test-client', version: '1.0.0' }
  return era === '2026-07-28' ? new Client(who, { versionNegotiation: { mode: { pin: era } } }) : new Client(who, { supportedProtocolVersions: [era] })
}

/** POSTs JSON-RPC as a 2025-06-18 client would. */
export function postRpc(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', 'mcp-protocol-version': '2025-06-18', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
}

/** A tool call as the 2025-06-18 wire carries it. */
export function callBody(name: string, args?: unknown, id: number | string = 1): Record<string, unknown> {
  return { jsonrpc: '2.0', id, method: 'tools/call', params: { name, ...(args === undefined ? {} : { arguments: args }) } }
}

/** The JSON-RPC message of an answer, whether it came as JSON or as an event stream. */
export async function messageOf(response: Response): Promise<{ result?: ToolAnswer; error?: { code: number; message: string } }> {
  const text = await response.text()
  const data = text.startsWith('{')
    ? text
    : text
        .split('\n')
        .filter((line) => line.startsWith('data: '))
        .at(-1)
        ?.slice(6)
  if (data === undefined) throw new Error(`Not an MCP answer (${response.status}): ${text.slice(0, 200)}`)
  return JSON.parse(data) as { result?: ToolAnswer; error?: { code: number; message: string } }
}

export interface ToolAnswer {
  readonly isError?: boolean
  readonly content?: readonly { readonly type: string; readonly text?: string }[]
  readonly structuredContent?: Record<string, unknown>
  readonly _meta?: Record<string, unknown>
  readonly tools?: readonly { readonly name: string }[]
}

/** The text of an answer. */
export function textOf(answer: { content?: unknown }): string {
  return ((answer.content ?? []) as { text?: string }[]).map(({ text = '' }) => text).join('\n')
}
