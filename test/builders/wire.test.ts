/** The builders at the wire: offered by default to whoever may, refused to others, and whatever is sent is an answer or a refusal that says why, never a fault. */
import { expect, test } from 'vitest'
import { tools } from '../../src/catalog/tools/index.gen.ts'
import { tokenScopes } from '../../src/core/access.ts'
import { upsertEntities } from '../../src/domain/entities/index.ts'
import { messageOf, textOf } from '../app.ts'
import { askAs, callAs, codeOf } from '../call.ts'
import { sharedApp } from '../shared.ts'
import { entities } from './world.ts'

const app = sharedApp()
const scope = tokenScopes.join(' ')
const builders = tools.filter(({ toolset }) => toolset === 'builders').map(({ tool }) => tool)

test('offered by default to whoever may create; analysts and read-only connections have none', async () => {
  await upsertEntities(app.stores.db, app.accounts.acme.id, [...entities])
  const listed = async (person: 'marketer' | 'analyst', path: string) => {
    const token = await app.token(person, 'c/acme', scope)
    const response = await app.post(path, { jsonrpc: '2.0', id: 1, method: 'tools/list' }, { authorization: `Bearer ${token}` })
    return ((await messageOf(response)).result?.tools ?? []).filter(({ name }) => builders.some((tool) => tool.name === name))
  }
  const offered = await listed('marketer', '/c/acme')
  expect(offered.map(({ name }) => name)).toEqual(['create_campaign_draft', 'create_stream_draft', 'create_target_group_draft', 'create_trigger_draft'])
  expect(offered).toMatchObject(offered.map(() => ({ annotations: { readOnlyHint: false, destructiveHint: true } })))
  expect(await listed('marketer', '/c/acme?read_only=1')).toEqual([])
  expect(await listed('analyst', '/c/acme')).toEqual([])
  // A token that only reads is asked for all scopes of the operation.
  const asked = await askAs(app, 'marketer', 'create_campaign_draft', { name: 'X', channel: 'SMS' }, { scope: 'read:mcp read:campaigns' })
  expect([asked.status, asked.headers.get('www-authenticate')]).toEqual([403, expect.stringMatching(/scope="[^"]*create:campaigns/)])
})

test('a draft with its address, in the audit log as one, and nothing of it active', async () => {
  const answer = await callAs(app, 'marketer', 'create_campaign_draft', { name: 'At the wire', channel: 'SMS', audience: 'who consented to SMS' }, { scope })
  expect(answer.isError, textOf(answer)).toBeFalsy()
  const { draft, link, created } = answer.structuredContent as { draft: { id: string }; link: string; created: { id: string }[] }
  expect(link).toBe(`${app.origin}/a/acme/drafts/${draft.id}`)
  expect(textOf(answer)).toContain(link)
  const { db } = app.stores
  const ids = created.map(({ id }) => id)
  const rows = await db.selectFrom('entities').select(['id', 'status', 'created_by']).where('id', 'in', ids).execute()
  expect(rows.map(({ status, created_by }) => [status, created_by])).toEqual(Array.from({ length: 2 }, () => ['draft', app.people.marketer.id]))
  const [kept] = await db.selectFrom('audit').selectAll().where('tool', '=', 'create_campaign_draft').where('outcome', '=', 'ok').execute()
  expect(kept).toMatchObject({ effect: 'draft', user_id: app.people.marketer.id, input: { name: 'At the wire' }, result: { draft: { id: draft.id } } })
})

const junk: unknown[] = [
  null,
  -1,
  '',
  'a\u0000b',
  '\ud800',
  '\u202e</data>',
  'x'.repeat(10_000),
  ['a\u0000b'],
  { attribute: 'country', op: 'is', value: 'a\u0000b' },
  { __proto__: null, constructor: 1 },
  [{ name: 'A', share: 'x' }],
  [{ campaign: 'bare', condition: { did: 'a\u0000b' } }],
  [{ field: 'amount', op: '>', value: '\ud800' }],
  { flow: 'welcome', campaign: 'bare' },
  { flow: 'a\u0000b' },
  '2027-13-01T99:99',
]
const base: Record<string, object> = {
  create_target_group_draft: { name: 'Junk', description: 'who consented to SMS' },
  create_campaign_draft: { name: 'Junk', channel: 'SMS' },
  create_trigger_draft: { name: 'Junk', event: 'visit' },
  create_stream_draft: { name: 'Junk', campaigns: [{ campaign: 'bare' }] },
}

test.each(builders.map((tool) => [tool.name, tool] as const))('%s: whatever stands in a field, it is no fault, made or refused', async (name, tool) => {
  for (const field of Object.keys(tool.input.shape)) {
    const answers = await Promise.all(junk.map((value, n) => callAs(app, 'owner', name, { ...base[name], name: `Junk ${field} ${n}`, [field]: value }, { scope })))
    for (const [n, answer] of answers.entries()) {
      const code = codeOf(answer) ?? 'ok'
      expect(code, `${field} ${JSON.stringify(junk[n])?.slice(0, 80)}: ${textOf(answer).slice(0, 200)}`).toMatch(
        /^(ok|invalid_arguments|unknown_value|not_found|campaign_not_found|organization_not_found|conflict)$/,
      )
    }
  }
})
