/** Long reports as tasks of 2026-07-28, for clients that declare the extension; as a handle and job_status for all others. The same jobs, and never somebody else's. */
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type CatalogEntry, defineTool } from '../../src/catalog/define.ts'
import { tools } from '../../src/catalog/tools/index.gen.ts'
import { MercatError } from '../../src/core/errors.ts'
import { setMember } from '../../src/domain/accounts/index.ts'
import { callBody, messageOf, type PersonName, textOf } from '../app.ts'
import { sharedApp } from '../shared.ts'

/** Long by its cost. How it ends is asked for. */
const long = defineTool({
  name: 'long_report',
  title: 'Long report',
  effect: 'read',
  scope: 'read:reports',
  description: 'Reads much.',
  input: z.strictObject({ mark: z.string(), ends: z.enum(['well', 'refused', 'broken', 'never']).default('well') }),
  output: z.object({ mark: z.string() }),
  cost: async () => 1e15,
  run: async ({ input, ctx }) => {
    if (input.ends === 'refused') throw new MercatError('unknown_value', 'There is no such brand', { nearest: ['Fjell'] })
    if (input.ends === 'broken') throw new Error('password=hunter2')
    if (input.ends === 'never') await new Promise((_, reject) => ctx.signal.addEventListener('abort', () => reject(ctx.signal.reason as Error)))
    return { mark: input.mark }
  },
  render: ({ mark }) => `Mark: ${mark}`,
})

const app = sharedApp({ tools: [...tools, { toolset: 'reports', tool: long } as unknown as CatalogEntry] })

const extension = 'io.modelcontextprotocol/tasks'
interface Asked {
  readonly as?: PersonName
  readonly path?: string
  readonly declared?: boolean
  readonly meta?: object
}
type Task = Record<string, unknown> & { taskId: string; status: string; result?: { isError?: boolean; structuredContent?: Record<string, unknown> } }

/** A request of 2026-07-28, as it is on the wire: the official client has no tasks yet. */
async function ask(method: string, params: Record<string, unknown>, { as = 'analyst', path = 'c/acme', declared = true, meta = {} }: Asked = {}) {
  const response = await fetch(app.at(`/${path}`), {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': method,
      'mcp-name': String(params.name ?? params.taskId),
      authorization: `Bearer ${await app.token(as, path)}`,
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 7,
      method,
      params: {
        ...params,
        _meta: {
          'io.modelcontextprotocol/protocolVersion': '2026-07-28',
          'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
          'io.modelcontextprotocol/clientCapabilities': declared ? { extensions: { [extension]: {} } } : {},
          ...meta,
        },
      },
    }),
  })
  return { status: response.status, ...((await messageOf(response)) as unknown as { result?: Task; error?: { code: number; message: string; data?: unknown } }) }
}

async function created(mark: string, ends = 'well', asked: Asked = {}): Promise<Task> {
  const { result } = await ask('tools/call', { name: 'long_report', arguments: { mark, ends } }, asked)
  if (!result) throw new Error('No result')
  return result
}

async function ended(taskId: string, asked: Asked = {}): Promise<Task> {
  const state = async () => (await ask('tasks/get', { taskId }, asked)).result as Task
  await expect.poll(async () => (await state()).status, { timeout: 20_000, interval: 100 }).not.toBe('working')
  return await state()
}

describe('a client that declares the extension', () => {
  test('gets a task, which is there at once, and then the original result', async () => {
    const task = await created('a')
    expect(task).toMatchObject({ resultType: 'task', status: 'working', ttlMs: null, pollIntervalMs: 2000 })
    expect(Object.keys(task).filter((key) => ['content', 'structuredContent', 'result', 'error'].includes(key))).toEqual([])
    const { result: first } = await ask('tasks/get', { taskId: task.taskId })
    expect(first).toMatchObject({ resultType: 'complete', taskId: task.taskId, createdAt: task.createdAt })
    const done = await ended(task.taskId)
    expect(done).toMatchObject({ resultType: 'complete', status: 'completed', result: { structuredContent: { mark: 'a' } } })
    expect(textOf(done.result as object)).toContain('Mark: a')
    expect(done.ttlMs).toBeGreaterThan(0)
  })

  test('that also asks for progress gets the same, without an empty content', async () => {
    const task = await created('b', 'well', { meta: { progressToken: 'p' } })
    expect(task).toMatchObject({ resultType: 'task', status: 'working' })
    expect(task).not.toHaveProperty('content')
    expect((await ended(task.taskId)).status).toBe('completed')
  })

  test('reads a refusal as a result, and a fault as an error of the protocol without its words', async () => {
    const refused = await ended((await created('c', 'refused')).taskId)
    expect(refused).toMatchObject({ status: 'completed', result: { isError: true, _meta: { 'mercat/error': { code: 'unknown_value', nearest: ['Fjell'] } } } })
    const broken = await ended((await created('d', 'broken')).taskId)
    expect(broken).toMatchObject({ status: 'failed', error: { code: -32603 } })
    expect(broken).not.toHaveProperty('result')
    expect(JSON.stringify(broken)).not.toContain('hunter2')
  })

  test('cancels, twice if it likes; an update nobody asked for changes nothing', async () => {
    const { taskId } = await created('e', 'never')
    expect((await ask('tasks/update', { taskId, inputResponses: { nothing: { action: 'accept' } } })).result).toMatchObject({ resultType: 'complete' })
    expect((await ask('tasks/get', { taskId })).result?.status).toBe('working')
    const { result } = await ask('tasks/cancel', { taskId })
    expect(result).toMatchObject({ resultType: 'complete' })
    expect(result).not.toHaveProperty('status')
    expect((await ended(taskId)).status).toBe('cancelled')
    expect((await ask('tasks/cancel', { taskId })).result).toMatchObject({ resultType: 'complete' })
  })

  test('is told so in server/discover', async () => {
    const { result } = await ask('server/discover', {})
    expect((result as unknown as { capabilities: object }).capabilities).toMatchObject({ extensions: { [extension]: {} } })
  })
})

describe('nobody else’s task', () => {
  test('unknown and foreign ones get one answer, whatever the person may see elsewhere', async () => {
    const { taskId } = await created('f')
    const unknown = (await ask('tasks/get', { taskId: 'job_00000000000000000000' })).error
    expect(unknown?.code).toBe(-32602)
    // The owner reads health: the job, but not as a task of theirs.
    const strangers: Asked[] = [{ as: 'owner' }, { as: 'marketer' }, { as: 'stranger', path: 'c/globex' }, { as: 'both' }]
    for (const stranger of strangers) {
      for (const method of ['tasks/get', 'tasks/update', 'tasks/cancel']) {
        expect((await ask(method, { taskId }, stranger)).error, `${stranger.as} ${method}`).toEqual(unknown)
      }
    }
    expect((await ended(taskId)).status).toBe('completed')
  })

  test('a result needs the scopes of its tool whenever it is read', async () => {
    const { taskId } = await created('g', 'well', { as: 'marketer' })
    await ended(taskId, { as: 'marketer' })
    await setMember(app.stores.db, app.accounts.acme.id, app.people.marketer.id, { scopesRemoved: ['read:reports'] })
    const { result } = await ask('tasks/get', { taskId }, { as: 'marketer' })
    expect(result).toMatchObject({ status: 'completed', result: { isError: true, _meta: { 'mercat/error': { code: 'missing_scopes' } } } })
    expect(JSON.stringify(result)).not.toContain('Mark: g')
  })
})

describe('a client that does not declare it', () => {
  test('gets the handle, and the methods of tasks ask for the extension', async () => {
    const { result } = await ask('tools/call', { name: 'long_report', arguments: { mark: 'h' } }, { declared: false })
    expect(result).toMatchObject({ resultType: 'complete', structuredContent: { job: { id: expect.stringMatching(/^job_/) } } })
    const { status, error } = await ask('tasks/get', { taskId: 'job_00000000000000000000' }, { declared: false })
    expect({ status, error }).toMatchObject({ status: 400, error: { code: -32021, data: { requiredCapabilities: { extensions: { [extension]: {} } } } } })
  })

  test('is refused when it subscribes to tasks; one that declares it is told that there are no notifications', async () => {
    const params = { notifications: { taskIds: ['job_00000000000000000000'] } }
    const { status, error } = await ask('subscriptions/listen', params, { declared: false })
    expect({ status, error }).toMatchObject({ status: 400, error: { code: -32021, data: { requiredCapabilities: { extensions: { [extension]: {} } } } } })
    expect((await ask('subscriptions/listen', params)).error).toBeUndefined()
  })

  test('of 2025-06-18 polls job_status with what it was given, and never sees a task', async () => {
    const client = await app.connect('analyst', '/c/acme', { era: '2025-06-18' })
    const answer = await client.callTool({ name: 'long_report', arguments: { mark: 'i' } })
    const { id } = (answer.structuredContent as { job: { id: string } }).job
    expect(textOf(answer)).toContain(`job_status with {"id":"${id}"}`)
    const status = async () => await client.callTool({ name: 'job_status', arguments: { id } })
    await expect.poll(async () => JSON.stringify((await status()).structuredContent), { timeout: 20_000, interval: 100 }).toContain('"mark":"i"')
    expect(textOf(await status())).toContain('Mark: i')
    // The same job, for the same person, from a client that knows tasks.
    expect(await ended(id)).toMatchObject({ status: 'completed', result: { structuredContent: { mark: 'i' } } })
    const legacy = await messageOf(
      await app.post('/c/acme', { ...callBody('x'), method: 'tasks/get', params: { taskId: id } }, { authorization: `Bearer ${await app.token('analyst', 'c/acme')}` }),
    )
    expect(legacy.error?.code).toBe(-32601)
  })
})
