/** Nothing that an app can call changes the status of anything: every tool of the catalog with every id there is, in every place that a text can stand, by somebody who holds every scope that a token can carry. */
import { beforeAll, expect, test } from 'vitest'
import { prompts } from '../../src/catalog/prompts/index.gen.ts'
import { tools } from '../../src/catalog/tools/index.gen.ts'
import { tokenScopes, toolsetNames } from '../../src/core/access.ts'
import { updateSettings } from '../../src/domain/accounts/index.ts'
import { upsertEntities } from '../../src/domain/entities/index.ts'
import { messageOf, textOf } from '../app.ts'
import { callAs } from '../call.ts'
import { type JsonSchema, questions } from '../fixtures/schema-arguments.ts'
import { clients } from '../organizations/world.ts'
import { sharedApp } from '../shared.ts'

const app = sharedApp()
const scope = tokenScopes.join(' ')
const germans = { attribute: 'country', op: 'is', value: 'DE' }

/** Of every kind that can be proposed one that is live, and one that is a draft. */
const live = [
  { type: 'campaign', key: 'live_campaign', name: 'Live campaign', channel: 'Email', status: 'active' },
  { type: 'campaign', key: 'planned_campaign', name: 'Planned campaign', channel: 'Email', status: 'scheduled' },
  { type: 'campaign', key: 'resting_campaign', name: 'Resting campaign', channel: 'Email', status: 'paused' },
  { type: 'flow', key: 'live_flow', name: 'Live flow', status: 'active' },
  { type: 'trigger', key: 'live_trigger', name: 'Live trigger', status: 'active', definition: { event: 'visit' } },
  { type: 'stream', key: 'live_stream', name: 'Live stream', status: 'active', definition: { campaigns: [{ campaign: 'live_campaign' }] } },
  { type: 'segment', key: 'live_segment', name: 'Live segment', status: 'active', definition: { predicate: germans } },
  { type: 'target_group', key: 'live_group', name: 'Live group', status: 'active', definition: { predicate: germans } },
]
const drafts: [string, object][] = [
  ['create_target_group_draft', { name: 'Draft group', tree: germans }],
  ['create_campaign_draft', { name: 'Draft campaign', channel: 'Email', targetGroup: 'Draft group' }],
  ['create_trigger_draft', { name: 'Draft trigger', event: 'visit' }],
  ['create_stream_draft', { name: 'Draft stream', campaigns: [{ campaign: 'live_campaign' }] }],
  ['create_campaign', { organizationId: 'empty', name: 'Draft gift', countries: ['DE'], webapp: { mode: 'create' } }],
]

beforeAll(async () => {
  const { id } = app.accounts.acme
  expect((await upsertEntities(app.stores.db, id, [...clients, ...(live as typeof clients)])).rejected).toEqual([])
  await updateSettings(app.stores.db, id, { toolsets: [...toolsetNames], privacyFloor: 0 })
  for (const [tool, args] of drafts) {
    const made = await callAs(app, 'owner', tool, args, { scope })
    expect(made.isError, textOf(made)).toBeFalsy()
  }
})

const rows = async () =>
  new Map(
    (await app.stores.db.selectFrom('entities').select(['id', 'key', 'name', 'type', 'status', 'definition', 'starts_at', 'ends_at', 'updated_at', 'origin']).execute()).map(
      (row) => [row.id, row],
    ),
  )
const records = async () => await app.stores.db.selectFrom('drafts').select(['entity_id', 'decision', 'expires_at']).where('decision', 'is not', null).execute()

test('no tool, prompt or resource changes a status, touches what is live, or announces anything', async () => {
  const before = await rows()
  const own = [...before.values()].filter(({ origin, key }) => origin === 'mcp' || key.startsWith('live_') || key.endsWith('_campaign'))
  expect(own.filter(({ status }) => status === 'draft').map(({ type }) => type)).toEqual(expect.arrayContaining(['campaign', 'target_group', 'trigger', 'stream', 'webapp']))
  const oneOf = (type: string, status: string) => own.find((row) => row.type === type && row.status === status)?.id ?? ''
  const ids = [
    oneOf('campaign', 'draft'),
    oneOf('campaign', 'scheduled'),
    oneOf('target_group', 'draft'),
    oneOf('trigger', 'draft'),
    oneOf('stream', 'draft'),
    oneOf('flow', 'active'),
  ]
  expect(ids).not.toContain('')
  const guesses = [...ids, 'Draft campaign', 'live_campaign', `${ids[0]}' OR status='draft`]
  const listed = (
    await messageOf(await app.post('/c/acme', { jsonrpc: '2.0', id: 1, method: 'tools/list' }, { authorization: `Bearer ${await app.token('owner', 'c/acme', scope)}` }))
  ).result?.tools as unknown as {
    name: string
    inputSchema: JsonSchema
  }[]
  expect(listed.map(({ name }) => name).sort()).toEqual(tools.map(({ tool }) => tool.name).sort())
  let answered = 0
  for (const { name, inputSchema } of listed) {
    const [none = {}, ...asked] = questions(inputSchema, guesses)
    for (const args of [none, { ...none, status: 'active' }, { ...none, approve: true }, ...asked]) if (!(await callAs(app, 'owner', name, args, { scope })).isError) answered++
  }
  expect(answered).toBeGreaterThan(100)
  const authorization = `Bearer ${await app.token('owner', 'c/acme', scope)}`
  for (const guess of ids) {
    for (const { name } of prompts)
      await app.post('/c/acme', { jsonrpc: '2.0', id: 1, method: 'prompts/get', params: { name, arguments: { campaign: guess, organization: guess } } }, { authorization })
    for (const uri of [`mercat://schemas/${guess}`, `ui://mercat/${guess}`])
      await app.post('/c/acme', { jsonrpc: '2.0', id: 1, method: 'resources/read', params: { uri } }, { authorization })
  }
  const after = await rows()
  for (const [id, row] of before) {
    const now = after.get(id)
    expect(now?.status, row.name).toBe(row.status)
    // Only links to products are ever added, and only to a draft.
    if (row.status !== 'draft') expect(now, row.name).toEqual(row)
  }
  const made = [...after.values()].filter(({ id }) => !before.has(id))
  expect(made.length).toBeGreaterThan(5)
  expect(new Set(made.map(({ status }) => status))).toEqual(new Set(['draft']))
  expect(await records()).toEqual([])
  expect(await app.stores.db.selectFrom('outbox').selectAll().execute()).toEqual([])
})
