/** The person is asked before a call that creates something: by the official client that shows a form, and at the wire with states that are not ours. Nothing is made before, and one thing after. */
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { beforeAll, describe, expect, test } from 'vitest'
import { toolsetNames } from '../../src/core/access.ts'
import { updateSettings } from '../../src/domain/accounts/index.ts'
import { messageOf, type PersonName } from '../app.ts'
import { callAs, codeOf } from '../call.ts'
import { sharedApp } from '../shared.ts'

let now = Date.now()
const app = sharedApp({ clock: () => new Date(now) })
beforeAll(async () => {
  for (const account of [app.accounts.acme, app.accounts.globex]) await updateSettings(app.stores.db, account.id, { toolsets: [...toolsetNames] })
})

const scope = 'read:mcp write:mcp manage:organization'
const organizations = async () => (await app.stores.db.selectFrom('organizations').select('name').orderBy('name').execute()).map(({ name }) => name)

type Answer = { action: 'accept' | 'decline' | 'cancel'; content?: { make: boolean } }

/** A client whose person answers each question so. */
async function clientWhosePerson(answer: Answer, person: PersonName = 'owner') {
  const asked: { message: string; requestedSchema: unknown }[] = []
  const client = new Client({ name: 'form-client', version: '1' }, { versionNegotiation: { mode: { pin: '2026-07-28' } }, capabilities: { elicitation: { form: {} } } })
  client.setRequestHandler('elicitation/create', ({ params }) => {
    asked.push(params as (typeof asked)[number])
    return answer
  })
  const headers = { authorization: `Bearer ${await app.token(person, 'c/acme', scope)}` }
  await client.connect(new StreamableHTTPClientTransport(new URL(app.at('/c/acme')), { requestInit: { headers } }))
  // With the listing at hand it checks answers against the schema of the tool.
  await client.listTools()
  return { client, asked, make: async (args: Record<string, unknown>) => await client.callTool({ name: 'create_organization', arguments: args }) }
}

/** Stands for arguments too deep to be written by JSON.stringify. */
const deep = 'nested'
const nested = `{"name":"Deep","more":${'{"a":'.repeat(20_000)}1${'}'.repeat(20_001)}`

interface Sent {
  readonly person?: PersonName
  readonly path?: string
  /** Another app of the same person, signed in with this besides. */
  readonly more?: string
  readonly elicitation?: object | null
  readonly state?: string
  readonly action?: string
  readonly make?: unknown
}
interface Result {
  readonly resultType: string
  readonly requestState?: string
  readonly inputRequests?: Record<string, { method: string; params: { mode: string; message: string } }>
  readonly isError?: boolean
  readonly content: { text: string }[]
  readonly structuredContent?: { validateOnly: boolean; repeated: boolean; organization: { id: string } }
  readonly _meta?: Record<string, unknown>
}

/** One round as it is on the wire. */
async function round(args: unknown, { person = 'owner', path = 'c/acme', more = '', elicitation = {}, state, action = 'accept', make = true }: Sent = {}): Promise<Result> {
  const response = await app.post(
    `/${path}`,
    JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: {
        name: 'create_organization',
        arguments: args,
        ...(state === undefined ? {} : { requestState: state, inputResponses: { confirm: { action, content: { make } } } }),
        _meta: {
          'io.modelcontextprotocol/protocolVersion': '2026-07-28',
          'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
          'io.modelcontextprotocol/clientCapabilities': elicitation ? { elicitation } : {},
        },
      },
    }).replace(`"${deep}"`, nested),
    {
      authorization: `Bearer ${await app.token(person, path, scope + more)}`,
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': 'create_organization',
    },
  )
  const { result, error } = (await messageOf(response)) as unknown as { result?: Result; error?: unknown }
  if (response.status !== 200 || !result) throw new Error(`No result (${response.status}): ${JSON.stringify(error)}`)
  return result
}

async function stateFor(args: unknown, sent: Sent = {}): Promise<string> {
  const { resultType, requestState } = await round(args, sent)
  expect(resultType).toBe('input_required')
  return requestState!
}

describe('a client that shows forms', () => {
  test('asks in plain words what will be made, and makes it once the person agrees', async () => {
    const { asked, make } = await clientWhosePerson({ action: 'accept', content: { make: true } })
    const answer = await make({ name: 'Fjell <b>Outdoor</b>', currency: 'NOK' })
    expect(answer.structuredContent).toMatchObject({ validateOnly: false, repeated: false, organization: { name: 'Fjell <b>Outdoor</b>' } })
    expect(asked).toHaveLength(1)
    expect(asked[0]?.message).toBe(
      'Create organization in ACME\n\nWould make: organization Fjell <b>Outdoor</b> (key fjell-b-outdoor-b, NOK)\n\nIt is there at once, for everyone in the account.',
    )
    expect(asked[0]?.requestedSchema).toMatchObject({ properties: { make: { type: 'boolean' } }, required: ['make'] })
    expect(await organizations()).toContain('Fjell <b>Outdoor</b>')
  })
  test.each<[string, Answer]>([
    ['declined', { action: 'decline' }],
    ['cancelled', { action: 'cancel' }],
    ['left unticked', { action: 'accept', content: { make: false } }],
  ])('%s: a result that says that nothing was made', async (how, answer) => {
    const { asked, make } = await clientWhosePerson(answer)
    const result = await make({ name: `Never ${how}` })
    expect(asked).toHaveLength(1)
    expect(result.isError).toBeFalsy()
    expect(result.structuredContent).toMatchObject({ validateOnly: true })
    expect(result.content).toEqual([{ type: 'text', text: expect.stringContaining('nothing was made') }])
    expect(await organizations()).not.toContain(`Never ${how}`)
  })
  test('is not asked for what only says what would be made, for what is refused anyway, and for reads', async () => {
    const { client, asked, make } = await clientWhosePerson({ action: 'accept', content: { make: true } })
    expect((await make({ name: 'Only thought of', validateOnly: true })).structuredContent).toMatchObject({ validateOnly: true })
    expect(await make({ name: 'Fjell <b>Outdoor</b>' })).toMatchObject({ isError: true, content: [{ text: expect.stringContaining('already an organization') }] })
    expect(await make({ nme: 'Typo' })).toMatchObject({ isError: true })
    await client.callTool({ name: 'user', arguments: {} })
    expect(asked).toEqual([])
    expect(await organizations()).not.toContain('Only thought of')
  })
})

describe('a state', () => {
  test('makes one thing, however often it comes, and at once from two', async () => {
    const args = { name: 'Twice confirmed' }
    const state = await stateFor(args)
    expect(await organizations()).not.toContain('Twice confirmed')
    const all = await Promise.all([round(args, { state }), round(args, { state }), round({ ...args }, { state })])
    const made = all.map(({ structuredContent }) => structuredContent!)
    expect(new Set(made.map(({ organization }) => organization.id)).size).toBe(1)
    expect(made.map(({ repeated }) => repeated).sort()).toEqual([false, true, true])
    expect((await organizations()).filter((name) => name === 'Twice confirmed')).toHaveLength(1)
  })
  test('leaves a key of the caller’s own in force', async () => {
    const args = { name: 'Keyed', idempotencyKey: 'own-key-1' }
    const first = await round(args, { state: await stateFor(args) })
    const again = await callAs(app, 'owner', 'create_organization', args, { scope })
    expect(again.structuredContent).toMatchObject({ repeated: true, organization: { id: first.structuredContent?.organization.id } })
  })
  test('of another call, person, connection or time, or one that is made up, is refused in band, and nothing is made', async () => {
    const args = { name: 'Guarded' }
    const state = await stateFor(args)
    const [nonce, until, proof] = state.split('.') as [string, string, string]
    const forged: [string, unknown, Sent][] = [
      ['other arguments', { name: 'Guarded, but other' }, { state }],
      ['more arguments', { ...args, currency: 'USD' }, { state }],
      ['another number', args, { state: `${nonce.slice(0, -1)}${nonce.endsWith('A') ? 'B' : 'A'}.${until}.${proof}` }],
      ['a later end', args, { state: `${nonce}.${Number(until) + 60_000}.${proof}` }],
      ['no end', args, { state: `${nonce}.Infinity.${proof}` }],
      ['another proof', args, { state: `${nonce}.${until}.${proof.slice(0, -2)}xx` }],
      ['no proof', args, { state: `${nonce}.${until}.` }],
      ['nothing', args, { state: '' }],
      ['noise', args, { state: 'x'.repeat(100_000) }],
      ['another app', args, { state, more: ' read:reports' }],
      ['another person', args, { state, person: 'stranger', path: 'c/globex' }],
      ['another connection', args, { state, person: 'owner', path: 'c/initech' }],
    ]
    await app.stores.db.updateTable('accounts').set({ mcp_enabled: true }).where('id', '=', app.accounts.initech.id).execute()
    await updateSettings(app.stores.db, app.accounts.initech.id, { toolsets: [...toolsetNames] })
    for (const [why, given, sent] of forged) {
      const result = await round(given, sent)
      expect(result, why).toMatchObject({ isError: true, content: [{ text: expect.stringMatching(/nothing was made.*Call the tool again/) }] })
      expect(codeOf(result), why).toBe('invalid_arguments')
    }
    // Asked 10 minutes ago: the clock goes back rather than on, as tokens live no longer than that.
    const age = 10 * 60_000
    now -= age
    const old = await stateFor(args)
    now += age
    expect(await round(args, { state: old })).toMatchObject({ isError: true, content: [{ text: expect.stringContaining('older than 10 minutes') }] })
    expect((await organizations()).filter((name) => name.startsWith('Guarded'))).toEqual([])
  })
  test('without an answer that can be read is a new question, or no agreement', async () => {
    const args = { name: 'Unanswered' }
    for (const make of ['true', 1, null, {}]) expect((await round(args, { state: await stateFor(args), make })).structuredContent).toMatchObject({ validateOnly: true })
    expect((await round(args, { state: await stateFor(args), action: 'constructor' })).structuredContent).toMatchObject({ validateOnly: true })
    expect(await organizations()).not.toContain('Unanswered')
  })
  test('deeply nested arguments are refused, not a fault', async () => {
    expect(await round(deep)).toMatchObject({ isError: true })
    expect(await round(deep, { state: await stateFor({ name: 'Deep' }) })).toMatchObject({ isError: true })
  })
})

describe('clients that cannot ask', () => {
  test.each<[string, object | null]>([
    ['say nothing of it', null],
    ['show addresses alone', { url: {} }],
  ])('that %s are served at once', async (how, elicitation) => {
    expect((await round({ name: `Unasked, ${how}` }, { elicitation })).structuredContent).toMatchObject({ validateOnly: false })
    expect(await organizations()).toContain(`Unasked, ${how}`)
  })
  test('of the older era are served at once, whatever they declared', async () => {
    const client = new Client({ name: 'legacy', version: '1' }, { supportedProtocolVersions: ['2025-06-18'], capabilities: { elicitation: {} } })
    const headers = { authorization: `Bearer ${await app.token('owner', 'c/acme', scope)}` }
    await client.connect(new StreamableHTTPClientTransport(new URL(app.at('/c/acme')), { requestInit: { headers } }))
    const { structuredContent } = await client.callTool({ name: 'create_organization', arguments: { name: 'Legacy client' } })
    expect(structuredContent).toMatchObject({ validateOnly: false, organization: { name: 'Legacy client' } })
    await client.close()
  })
})
