/** The pipeline seen from outside: bad input, refusals, cuts, deadlines, cancellation, audit. */
import { describe, expect, test } from 'vitest'
import { countTokens } from '../../src/catalog/tokens.ts'
import { callBody, messageOf, type PersonName, textOf } from '../app.ts'
import { askAs, callAs, codeOf } from '../call.ts'
import { sharedApp } from '../shared.ts'
import { fixtureTools, heard } from './fixtures.ts'

const app = sharedApp({ tools: fixtureTools, deadlineMs: 700, env: { MERCAT_MAX_TOKENS: '8000' } })

const call = (name: string, args?: unknown, person: PersonName = 'analyst', path = '/c/acme') => callAs(app, person, name, args, { path })

describe('bad input', () => {
  test.each<[string, unknown, RegExp]>([
    ['wrong type', { text: 5 }, /^text is 5: send text/],
    ['unknown field, near', { txet: 'x' }, /^txet is not a field here: did you mean text\?/],
    ['unknown field, far', { zzzzzzzzz: 1 }, /zzzzzzzzz is not a field here: the fields are text, times, mood/],
    ['too many', { times: 9 }, /times is 9: send a number of at most 3/],
    ['not whole', { times: 1.5 }, /times is 1.5: send/],
    ['enum', { mood: 'gald' }, /mood is "gald": send one of glad, calm \(nearest: calm, glad\)/],
    ['long text', { text: 'x'.repeat(5000) }, /text is "x{59}…": send text of at most 1000 characters/],
    ['null', { text: null }, /text is null: send text/],
    ['not an object', 'text', /arguments is "text": send an object/],
    ['a list', [1], /arguments is a list of 1: send an object/],
    ['several at once', { text: 1, times: 'x', mood: true }, /text is 1.*times is "x".*mood is true/s],
    ['prototype', JSON.parse('{"__proto__": 1}'), /__proto__ is not a field here/],
    ['control characters', { mood: 'a\u0000\u202eb' }, /mood is "a b": send one of/],
  ])('%s', async (_, args, message) => {
    const answer = await call('echo', args)
    expect(answer.isError).toBe(true)
    expect(codeOf(answer)).toBe('invalid_arguments')
    expect(textOf(answer)).toMatch(message)
    expect(textOf(answer).length).toBeLessThan(1500)
  })

  test('missing arguments are the empty object', async () => {
    expect((await call('echo')).structuredContent).toEqual({ said: 'nothing' })
    expect((await call('echo', null)).structuredContent).toEqual({ said: 'nothing' })
    expect(textOf(await call('list_rows'))).toMatch(/count is missing: send a number/)
  })

  test('a thousand unknown fields make one short answer', async () => {
    const answer = await call('echo', Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [`field${at}`, at])))
    expect(textOf(answer)).toMatch(/and 995 more/)
    expect(textOf(answer).length).toBeLessThan(1500)
  })
})

describe('unknown tools', () => {
  test('are a protocol error in band, with the nearest', async () => {
    const response = await askAs(app, 'analyst', 'ecko')
    expect(response.status).toBe(200)
    expect((await messageOf(response)).error).toMatchObject({ code: -32602, message: expect.stringMatching(/Unknown tool: ecko\. Nearest: echo\./) })
  })

  test('are told from tools that this account or connection leaves out', async () => {
    expect(textOf(await call('get_client_report', {}, 'owner'))).toMatch(/account acme does not offer the toolset organizations/)
    expect(textOf(await call('echo', {}, 'analyst', '/c/acme?toolsets=builders'))).toMatch(/echo belongs to the toolset reports, which this connection leaves out/)
  })
})

describe('failures', () => {
  test('raw errors never leave', async () => {
    const answer = await call('fail', { how: 'raw' })
    expect(codeOf(answer)).toBe('internal')
    expect(textOf(answer)).toMatch(/Reference: [0-9a-f]{12}\./)
    expect(JSON.stringify(answer)).not.toMatch(/hunter2|srv/)
  })
  test('an output outside its schema is internal', async () => expect(codeOf(await call('fail', { how: 'output' }))).toBe('internal'))
  test('fixed phrases pass', async () => expect(textOf(await call('fail', { how: 'domain' }))).toMatch(/^Campaign not found\./))
})

describe('time', () => {
  test('a call that outlasts its deadline is stopped', async () => {
    const answer = await call('slow')
    expect(codeOf(answer)).toBe('deadline_exceeded')
    expect(heard.aborted).toBeGreaterThan(0)
  })

  test('a caller who leaves stops the work', async () => {
    const before = heard.aborted
    const stopped = new Promise<void>((resolve) => {
      heard.onAbort = resolve
    })
    const started = new Promise<void>((resolve) => {
      heard.onStart = resolve
    })
    const leaving = new AbortController()
    const request = fetch(app.at('/c/acme'), {
      method: 'POST',
      signal: leaving.signal,
      body: JSON.stringify(callBody('slow')),
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', authorization: `Bearer ${await app.token('analyst', 'c/acme')}` },
    }).then((response) => response.text())
    await started
    const outcome = expect(request).rejects.toThrow()
    leaving.abort()
    await outcome
    await stopped
    expect(heard.aborted).toBe(before + 1)
  })

  test.each(['2026-07-28', '2025-06-18'] as const)('progress reaches a %s client that asks for it', async (era) => {
    const client = await app.connect('analyst', '/c/acme', { era })
    const steps: number[] = []
    await client.callTool({ name: 'slow', arguments: { steps: 5 } }, { onprogress: ({ progress }) => steps.push(progress) })
    expect(steps[0]).toBe(1)
    expect(steps.at(-1)).toBe(5)
  })
})

describe('size', () => {
  test('a list is cut to the largest count that fits, with what is left', async () => {
    const { structuredContent, content } = await call('list_rows', { count: 2000 })
    const { rows, of, next } = structuredContent as { rows: string[]; of: number; next: string }
    expect(of).toBe(2000)
    expect(next).toBe(`after ${rows.length}`)
    const tokens = Math.max(await countTokens(JSON.stringify(structuredContent)), await countTokens(textOf({ content })))
    expect(tokens).toBeLessThanOrEqual(6000)
    // One row more would not have fit.
    expect(tokens + (tokens / rows.length) * 1.5).toBeGreaterThan(6000)
  })
  test('a limit the caller sent raises the budget to the most', async () => {
    const usual = (await call('list_rows', { count: 2000 })).structuredContent as { rows: string[] }
    const more = (await call('list_rows', { count: 2000, limit: 2000 })).structuredContent as { rows: string[] }
    expect(more.rows.length).toBeGreaterThan(usual.rows.length * 1.2)
    expect(await countTokens(JSON.stringify(more))).toBeLessThanOrEqual(8000)
  })
  test('one row over the usual budget is still an answer; one over the most is too large', async () => {
    expect((await call('list_rows', { count: 3, width: 32_000 })).structuredContent).toMatchObject({ next: 'after 1' })
    expect(codeOf(await call('list_rows', { count: 3, width: 100_000 }))).toBe('too_large')
  })
  test('anything but a list that is too long says what to narrow', async () => {
    expect((await call('long_text', { words: 7000 })).isError).toBeUndefined()
    const answer = await call('long_text', { words: 9000 })
    expect(codeOf(answer)).toBe('too_large')
    expect(textOf(answer)).toMatch(/longer than 8000 tokens.*Ask for less/)
  })
})

test('addresses are removed and user text cannot end its fence', async () => {
  const answer = await call('quote')
  expect(JSON.stringify(answer)).not.toMatch(/ann\.lee|@example/)
  expect(answer.structuredContent).toMatchObject({ name: 'Test for [address removed]' })
  expect(textOf(answer).match(/<\/data>/g)).toHaveLength(1)
  expect(textOf(answer).trimEnd().endsWith('</data>')).toBe(true)
})

test('every call is kept: reads soon, drafts before their answer', async () => {
  const { db } = app.stores
  const count = async (tool: string) => await db.selectFrom('audit').selectAll().where('tool', '=', tool).orderBy('id', 'desc').execute()
  const token = await app.token('marketer', 'c/acme', 'read:mcp write:mcp create:campaigns read:reports')
  const response = await app.post('/c/acme', callBody('create_campaign_draft', { name: 'Spring' }), { authorization: `Bearer ${token}` })
  expect((await messageOf(response)).result?.structuredContent).toEqual({ id: 'cmp_1' })
  expect(await count('create_campaign_draft')).toMatchObject([
    { effect: 'draft', outcome: 'ok', user_id: app.people.marketer.id, account_id: app.accounts.acme.id, input: { name: 'Spring' }, result: { id: 'cmp_1' } },
  ])
  await call('echo', { text: 'kept \u0000 \ud800' })
  await call('echo', { text: 'x'.repeat(900_000) })
  await app.audit.flush()
  const [long, odd] = await count('echo')
  expect(long).toMatchObject({ outcome: 'invalid_arguments', input: { truncated: true } })
  expect(JSON.stringify(long!.input).length).toBeLessThan(9000)
  expect(odd).toMatchObject({ outcome: 'ok', rows: null })
  expect(odd!.client_id).toBeTruthy()
  const [listed] = await count('list_rows')
  expect(listed).toMatchObject({ outcome: expect.any(String), effect: 'read' })
})
