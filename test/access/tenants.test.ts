/**
 * Two accounts whose every value carries a mark that nobody types: whatever the owner of one asks, of every tool and of every page, no mark of the other
 * appears in an answer, an error, a log line or the audit. Arguments are made from the schemas, so that a new tool or endpoint is asked too.
 */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { tokenScopes, toolsetNames } from '../../src/core/access.ts'
import { newId } from '../../src/core/ids.ts'
import { createLog } from '../../src/core/log.ts'
import { addMember, createAccount, createUser, setMcp, updateSettings } from '../../src/domain/accounts/index.ts'
import { addDocuments } from '../../src/domain/knowledge/index.ts'
import { areas } from '../../src/edge/api/endpoints/index.gen.ts'
import { importFiles } from '../../src/ingest/index.ts'
import { callBody, messageOf, password } from '../app.ts'
import { type JsonSchema, questions } from '../fixtures/schema-arguments.ts'
import { sharedApp } from '../shared.ts'
import type { Browser } from '../clients/browser.ts'
import { connect } from '../clients/oauth.ts'

interface Tenant {
  readonly systemName: string
  readonly accountId: string
  /** In every value of this account; never part of a question. */
  readonly mark: string
  readonly person: { readonly email: string; readonly password: string; readonly id: string }
  /** What another tenant could know or guess: ids, and names up to the mark. */
  readonly guesses: readonly string[]
  token: string
  browser: Browser
}

const app = sharedApp({ log: createLog('trace', { write: (line: string) => void lines.push(line) }) })
let folder: string
const lines: string[] = []
let alpha: Tenant
let beta: Tenant

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mercat-tenants-'))
  alpha = await makeTenant('alpha')
  beta = await makeTenant('beta')
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

/** An account with something of every kind, and its owner, signed in at the dashboard and connected with every scope. */
async function makeTenant(systemName: string): Promise<Tenant> {
  const { db } = app.stores
  const mark = `zq${randomBytes(6).toString('hex')}qz`
  const account = await createAccount(db, { systemName, name: `Account ${mark}`, timeZone: 'Europe/Berlin', currency: 'EUR' })
  await setMcp(db, account.id, true)
  await updateSettings(db, account.id, { toolsets: [...toolsetNames], goals: [{ name: `Goal ${mark}`, statuses: ['placed', 'paid', 'delivered'] }] })
  const user = await createUser(db, { email: `owner-${mark}@example.com`, name: `Owner ${mark}`, password })
  await addMember(db, account.id, user.id, { role: 'owner' })
  const organization = newId('organization')
  await db
    .insertInto('organizations')
    .values({ account_id: account.id, id: organization, key: `org-${mark}`, name: `Organization ${mark}`, currency: 'EUR', details: JSON.stringify({ contact: mark }) })
    .execute()
  await importFiles(app.stores, account.id, await filesOf(mark), { rejectsFolder: folder })
  await addDocuments(app.stores, account.id, `docs-${mark}`, [{ path: `${mark}.md`, text: `# Campaign guide ${mark}\n\nEvery campaign says ${mark}.\n` }])
  const documents = await db.selectFrom('documents').select('id').where('account_id', '=', account.id).execute()
  await db.updateTable('entities').set({ organization_id: organization }).where('account_id', '=', account.id).where('type', '=', 'campaign').execute()
  const entities = await db.selectFrom('entities').select(['id']).where('account_id', '=', account.id).execute()
  const person = { email: user.email, password, id: user.id }
  const { tokens, browser } = await connect({ origin: app.origin, resource: app.at(`/c/${systemName}`), person, scope: tokenScopes.join(' ') })
  const guesses = [
    systemName,
    user.id,
    organization,
    // A campaign, a flow and one more: what holds for one id of a kind holds for the next.
    ...entities.slice(0, 3).map(({ id }) => id),
    ...documents.map(({ id }) => `${id}#campaign-guide`),
    'Campaign zq',
    'Campaign',
    'Organization zq',
    'key-zq',
    '%',
    "' OR 1=1 --",
  ]
  return { systemName, accountId: account.id, mark, person, guesses, token: tokens.access_token, browser }
}

async function filesOf(mark: string): Promise<string[]> {
  const day = new Date(Date.now() - 3 * 86_400_000).toISOString().slice(0, 10)
  const entities = [
    { type: 'brand', key: `brand-${mark}`, name: `Brand ${mark}`, definition: { industry: mark } },
    { type: 'folder', key: `folder-${mark}`, name: `Folder ${mark}` },
    { type: 'flow', key: `flow-${mark}`, name: `Flow ${mark}`, brand: `brand-${mark}`, tags: [mark] },
    {
      type: 'campaign',
      key: `key-${mark}`,
      name: `Campaign ${mark}`,
      channel: 'Email',
      brand: `brand-${mark}`,
      folder: `folder-${mark}`,
      tags: [mark],
      definition: { kind: 'bulk', variants: [{ name: mark }] },
    },
    { type: 'campaign', key: `auto-${mark}`, name: `Automatic ${mark}`, channel: 'SMS', brand: `brand-${mark}`, flow: `flow-${mark}`, definition: { kind: 'automated' } },
  ]
  const events = Array.from({ length: 40 }, (_, at) =>
    ['sent', 'delivered', 'opened', 'clicked'].map(
      (event) => `key-${mark},m-${mark}-${at},c-${mark}-${at},Email,${event},${day}T0${at % 9}:00:00Z,${mark},DE,,,https://${mark}.example/`,
    ),
  ).flat()
  const orders = Array.from({ length: 10 }, (_, at) => `o-${mark}-${at},c-${mark}-${at},${day}T12:00:00Z,,paid,12.50,EUR,DE,key-${mark}`)
  const customers = Array.from({ length: 40 }, (_, at) => `c-${mark}-${at},DE,de,${day},active,Email,"{""note"":""${mark}""}",${day}T00:00:00Z`)
  const files: Record<string, string> = {
    'entities.ndjson': entities.map((entity) => JSON.stringify(entity)).join('\n'),
    'events.csv': ['campaign_id,message_id,customer_id,channel,event,occurred_at,variant,country,bounce_type,machine,url', ...events].join('\n'),
    'orders.csv': ['order_id,customer_id,placed_at,updated_at,status,amount,currency,country,campaign_id', ...orders].join('\n'),
    'customers.csv': ['customer_id,country,language,signed_up,stage,consent,attributes,updated_at', ...customers].join('\n'),
  }
  return await Promise.all(
    Object.entries(files).map(async ([name, text]) => {
      const path = join(folder, `${mark}-${name}`)
      await writeFile(path, `${text}\n`)
      return path
    }),
  )
}

const bearer = (tenant: Tenant) => ({ authorization: `Bearer ${tenant.token}` })

async function toolsOf(tenant: Tenant): Promise<{ name: string; inputSchema: JsonSchema }[]> {
  const { result } = await messageOf(await app.post(`/c/${tenant.systemName}`, { jsonrpc: '2.0', id: 1, method: 'tools/list' }, bearer(tenant)))
  return (result?.tools ?? []) as { name: string; inputSchema: JsonSchema }[]
}

const pairs = [
  { who: 'alpha', tenants: () => [alpha, beta] as const },
  { who: 'beta', tenants: () => [beta, alpha] as const },
]

describe.each(pairs)('the owner of $who', ({ tenants }) => {
  test('gets nothing of the other by any tool', async () => {
    const [own, other] = tenants()
    const tools = await toolsOf(own)
    expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining(['campaign_report', 'flow_report', 'account_overview', 'metric_definitions', 'search_docs', 'get_doc']))
    let ownMarks = 0
    for (const { name, inputSchema } of tools) {
      for (const args of questions(inputSchema, other.guesses)) {
        const text = JSON.stringify(await messageOf(await app.post(`/c/${own.systemName}`, callBody(name, args), bearer(own))))
        expect(text, `${name} ${JSON.stringify(args)}`).not.toContain(other.mark)
        if (text.includes(own.mark)) ownMarks++
      }
      // The endpoint of the other account refuses the token, whatever is asked.
      const foreign = await app.post(`/c/${other.systemName}`, callBody(name, {}), bearer(own))
      expect(foreign.status).toBe(401)
      expect(await foreign.text()).not.toContain(other.mark)
    }
    // The marks are where they are looked for: one's own are seen.
    expect(ownMarks).toBeGreaterThan(10)
  })

  test('gets nothing of the other by any page', async () => {
    const [own, other] = tenants()
    const session = await ask(own, 'session/current', {})
    expect(session.text).toContain(own.mark)
    const { csrf } = JSON.parse(session.text) as { csrf: string }
    let asked = 0
    for (const [area, endpoints] of Object.entries(areas)) {
      for (const [name, { kind, input }] of Object.entries(endpoints as Record<string, { kind: string; input: z.ZodObject }>)) {
        const path = `${area}/${name}`
        // Ends this very session, or everything the person has: the questions after it would only be refused.
        if (/^sign(Out|OutEverywhere|OutOthers)$/.test(name)) continue
        const schema = z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' }) as JsonSchema
        for (const systemName of 'account' in (schema.properties ?? {}) ? [own.systemName, other.systemName] : [undefined]) {
          for (const args of questions(schema, other.guesses, systemName === undefined ? {} : { account: systemName })) {
            // A mutation of one's own account would change the account under test: only guesses of the other's are tried there.
            if (kind === 'mutation' && systemName === own.systemName && Object.keys(args).length < 2) continue
            const { text, status } = await ask(own, path, args, kind, csrf)
            expect(text, `${path} ${JSON.stringify(args)}`).not.toContain(other.mark)
            expect(status, `${path} ${JSON.stringify(args)}: ${text}`).toBeLessThan(500)
            if (systemName === other.systemName) expect([400, 404], `${path} ${JSON.stringify(args)}: ${text}`).toContain(status)
            asked++
          }
        }
      }
    }
    expect(asked).toBeGreaterThan(20)
  })

  test('leaves nothing of the other in the audit of its account', async () => {
    const [own, other] = tenants()
    await app.audit.flush()
    const rows = await app.stores.db.selectFrom('audit').selectAll().where('account_id', '=', own.accountId).execute()
    expect(rows.length).toBeGreaterThan(10)
    expect(JSON.stringify(rows)).not.toContain(other.mark)
  })
})

async function ask(tenant: Tenant, path: string, args: Record<string, unknown>, kind = 'query', csrf = ''): Promise<{ status: number; text: string }> {
  const download = kind === 'download'
  const query = download ? `?${new URLSearchParams(args as Record<string, string>).toString()}` : ''
  const response = await tenant.browser.request(`/api/${path}${query}`, {
    method: download ? 'GET' : 'POST',
    headers: { origin: app.origin, 'content-type': 'application/json', 'x-mercat-csrf': csrf, accept: 'application/json' },
    ...(download ? {} : { body: JSON.stringify(args) }),
  })
  return { status: response.status, text: await response.text() }
}

test('no line of the log has a mark of anyone', () => {
  expect(lines.length).toBeGreaterThan(10)
  const leaks = lines.filter((line) => line.includes(alpha.mark) || line.includes(beta.mark))
  expect(leaks).toEqual([])
})
