/** The explorer's tools through the door: scopes by the arguments, errors a caller can act on, lists cut to their tokens, text that says the same as the structure. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { tokenScopes } from '../../src/core/access.ts'
import { updateSettings } from '../../src/domain/accounts/index.ts'
import { type EntityRow, entityTypes, upsertEntities } from '../../src/domain/entities/index.ts'
import { createExplorer, listEntitiesInput } from '../../src/domain/explorer/index.ts'
import { importFiles } from '../../src/ingest/index.ts'
import { type PersonName, textOf } from '../app.ts'
import { askAs, callAs, type CallOptions } from '../call.ts'
import { sharedApp } from '../shared.ts'
import { putWorld, reader, storedTypes, world } from './world.ts'

const app = sharedApp()
beforeAll(async () => {
  await putWorld(app.stores.db, app.accounts.acme.id)
  // An account of several organizations starts without the explorer.
  await updateSettings(app.stores.db, app.accounts.acme.id, { toolsets: ['explorer'] })
})

async function call(person: PersonName, tool: string, given: object, options?: CallOptions) {
  const answer = await callAs(app, person, tool, given, options)
  return { ...answer, text: textOf(answer), structured: answer.structuredContent ?? {} }
}

describe('each scope lacking in turn', () => {
  const needed = [...new Set(entityTypes.flatMap(({ scope }) => scope ?? []))]
  test.each(needed)('%s: its types are refused with every scope of the call, all others are listed, and search names what it leaves out', async (scope) => {
    const lacking = { scope: tokenScopes.filter((one) => one !== scope && one !== 'write:mcp').join(' ') }
    for (const { type, scope: own } of entityTypes) {
      for (const [tool, given] of [
        ['list_entities', { type }],
        ['get_entity', { type, entity: 'x' }],
      ] as const) {
        const response = await askAs(app, 'owner', tool, given, lacking)
        if (own === scope) {
          expect(response.status, type).toBe(403)
          expect(response.headers.get('www-authenticate')).toMatch(new RegExp(`error="insufficient_scope".*scope="read:mcp ${scope}"`))
        } else {
          expect(response.status, type).toBe(200)
        }
      }
    }
    const { structured } = await call('owner', 'search_catalog', { query: 'acme' }, lacking)
    expect((structured.leftOut as { type: string }[]).map(({ type }) => type).sort()).toEqual(
      entityTypes
        .filter((type) => type.scope === scope)
        .map(({ type }) => type)
        .sort(),
    )
  })

  test('whoever may not be granted the scope is told so in the answer', async () => {
    // A marketer has no read:webapps.
    const { isError, text } = await call('marketer', 'list_entities', { type: 'webapp' })
    expect(isError).toBe(true)
    expect(text).toContain('Missing required scopes: read:webapps')
  })
})

test('all draft campaigns created in the last hour, with ids, is one call', async () => {
  await upsertEntities(app.stores.db, app.accounts.acme.id, [
    { type: 'campaign', key: 'new1', name: 'Fresh one', status: 'draft' },
    { type: 'campaign', key: 'new2', name: 'Fresh two', status: 'draft' },
    { type: 'campaign', key: 'old', name: 'Stale', status: 'draft', createdAt: '2026-01-01T00:00:00Z' },
  ])
  const { structured, text } = await call('analyst', 'list_entities', {
    type: 'campaign',
    statuses: ['draft'],
    createdFrom: '1h',
    sort: 'name',
    direction: 'asc',
  })
  const rows = structured.rows as { id: string; name: string }[]
  expect(rows.map(({ name }) => name)).toEqual(['Fresh one', 'Fresh two'])
  expect(structured.coverage).toEqual({ from: 1, shown: 2, of: 2 })
  for (const { id, name } of rows) expect(text).toContain(`${id} **${name}**`)
})

test('the JSON definition of segment lapsed_vip, each predicate explained, is one call', async () => {
  const { structured, text } = await call('analyst', 'get_entity', { type: 'segment', entity: 'lapsed_vip' })
  expect(structured.definition).toMatchObject({ predicate: { all: [{ attribute: 'country' }, { didNot: 'ordered' }, { any: [{ did: 'opened' }, { did: 'clicked' }] }] } })
  for (const { path, text: words } of structured.predicates as { path: string; text: string }[]) expect(text).toContain(`- ${path}: ${words}`)
  expect(structured.predicates).toHaveLength(5)
})

test('unknown things are errors to act on', async () => {
  const unknown = await call('analyst', 'get_entity', { type: 'campaign', entity: 'Spring Sale Openin' })
  expect(unknown.text).toMatch(/^Campaign not found\. Nearest: Spring Sale Opening\./)
  for (const [given, words] of [
    [{ type: 'campain' }, 'campaign'],
    [{ type: 'campaign', brands: ['Bolz'] }, 'Nearest: Bolt. Allowed: Acme Home, Bolt.'],
    [{ type: 'campaign', limit: 201 }, 'send a number of at most 200'],
    [{ type: 'campaign', cursor: 'x' }, 'The cursor does not belong to these arguments'],
    [{ type: 'campaign', nameContains: 'a\u0000' }, 'Send text without control characters'],
    [{ type: 'campaign', createdFrom: '3 moons' }, 'createdFrom is no time: "3 moons"'],
  ] as const) {
    const { isError, text } = await call('analyst', 'list_entities', given)
    expect(isError).toBe(true)
    expect(text).toContain(words)
  }
})

test('a cursor made up by somebody is refused like any that does not belong here', async () => {
  const { structured } = await call('analyst', 'list_entities', { type: 'campaign', limit: 1 })
  const [mark = '', , asOf = ''] = String(structured.nextCursor).split('.')
  for (const place of [
    '5',
    '~x',
    '~cmp_1%20infinity',
    '~1%20cmp_1%20now',
    '~1%20cmp_1%202026-99-99T00:00:00Z',
    '~1%20cmp_%00%20infinity',
    '~1%20%27;%20infinity',
    '~1%20cmp_1%20infinity%20more',
    '~-1%20cmp_1%20infinity',
  ]) {
    const { isError, text } = await call('analyst', 'list_entities', { type: 'campaign', limit: 1, cursor: [mark, place, asOf].join('.') })
    expect(isError, place).toBe(true)
    expect(text).toContain('The cursor does not belong to these arguments')
  }
})

test('a list longer than its tokens is cut, and its cursor goes on where it was cut', async () => {
  const marker = 'Länge '.repeat(60)
  await upsertEntities(
    app.stores.db,
    app.accounts.acme.id,
    Array.from({ length: 60 }, (_, index) => ({
      type: 'product',
      key: `long${index}`,
      name: `${marker}${index}`,
      tags: Array.from({ length: 80 }, (_tag, at) => `long tag number ${at}`),
    })),
  )
  const seen: string[] = []
  let cursor: string | null = ''
  let pages = 0
  while (cursor !== null) {
    const { structured }: { structured: Record<string, unknown> } = await call('analyst', 'list_entities', { type: 'product', sort: 'name', direction: 'asc', cursor })
    const rows = structured.rows as { id: string }[]
    expect(rows.length).toBeLessThan(20)
    seen.push(...rows.map(({ id }) => id))
    cursor = structured.nextCursor as string | null
    pages++
  }
  expect(pages).toBeGreaterThan(3)
  expect(seen).toHaveLength(61)
  expect(new Set(seen).size).toBe(61)
})

test('names are inert text, and no address leaves, in no cursor either', async () => {
  const name = '<b>ignore | `all`</b> for ann@example.com'
  await upsertEntities(app.stores.db, app.accounts.acme.id, [
    { type: 'theme_set', key: 'evil', name },
    { type: 'theme_set', key: 'zz', name: 'zz' },
  ])
  for (const [tool, given] of [
    ['list_entities', { type: 'theme_set', sort: 'name', direction: 'asc', limit: 1 }],
    ['get_entity', { type: 'theme_set', entity: 'evil' }],
    ['search_catalog', { query: 'ignore' }],
  ] as const) {
    const { structured, text } = await call('analyst', tool, given)
    expect(text).toContain('\\<b\\>ignore')
    expect(text).not.toContain('<b>')
    expect(decodeURIComponent(JSON.stringify(structured) + text)).not.toContain('ann@example.com')
  }
})

test('a file of every type imports, with the day the platform made it, and changes nothing the second time', async () => {
  const file = join(app.folder, 'entities.ndjson')
  const line = ({ createdAt = '2025-06-07T08:09:10Z', startsAt, endsAt, ...row }: EntityRow) =>
    JSON.stringify({ ...row, created_at: createdAt, starts_at: startsAt, ends_at: endsAt })
  await writeFile(file, world.map(line).join('\n'))
  const { id } = app.accounts.globex
  expect((await importFiles(app.stores, id, [file], { rejectsFolder: app.folder })).rejected).toBe(0)
  const explorer = createExplorer(app.stores)(reader(app.accounts.globex))
  const listed = async () => (await Promise.all(storedTypes.map((type) => explorer.list(listEntitiesInput.parse({ type, limit: 200 }))))).map(({ rows }) => rows)
  const first = await listed()
  expect(first.flat()).toHaveLength(world.filter(({ type }) => type !== 'organization').length)
  expect(first.flat().find(({ key }) => key === 'lapsed_vip')?.createdAt).toBe('2025-06-07T08:09:10Z')
  expect(first.flat().find(({ key }) => key === 'c1')?.createdAt).toBe('2026-05-01T08:00:00Z')
  await importFiles(app.stores, id, [file], { rejectsFolder: app.folder })
  expect(await listed()).toEqual(first)
})
