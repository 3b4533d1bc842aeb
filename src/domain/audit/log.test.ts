/** Audit records wait for a store that is away, and are written in the order of the calls. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createLog } from '../../core/log.ts'
import { openOperational, type OperationalStore } from '../../storage/operational/open.ts'
import { createAccount } from '../accounts/index.ts'
import { type AuditedCall, createAuditLog } from './index.ts'

let store: OperationalStore
let accountId: string
beforeAll(async () => {
  store = await openOperational({ engine: 'pglite', folder: undefined })
  accountId = (await createAccount(store.db, { systemName: 'acme', name: 'Acme', timeZone: 'UTC', currency: 'EUR' })).id
})
afterAll(() => store.close())

const call = (more: Partial<AuditedCall> = {}): AuditedCall => ({
  accountId,
  at: new Date('2026-03-01T12:00:00Z'),
  userId: 'usr_1',
  clientId: 'app',
  tool: 'echo',
  effect: 'read',
  outcome: 'ok',
  ms: 3,
  rows: null,
  tokens: 5,
  input: { text: 'x' },
  result: '{"said":"x"}',
  ...more,
})
const kept = async () => await store.db.selectFrom('audit').selectAll().orderBy('id').execute()
const silent = createLog('silent', 'silent')

test('batches keep their order, bound what is long and take what jsonb does not', async () => {
  const audit = createAuditLog(store.db, silent)
  for (let at = 0; at < 1200; at++) audit.record(call({ ms: at }))
  audit.record(call({ input: { text: '\u0000 \ud800 "quoted" \\u0000' }, result: null }))
  audit.record(call({ input: 'y'.repeat(20_000), result: JSON.stringify({ rows: 'z'.repeat(60_000) }) }))
  audit.record(call({ accountId: 'acc_gone' }))
  const circular: Record<string, unknown> = {}
  circular.self = circular
  audit.record(call({ input: circular }))
  await audit.close()
  const rows = await kept()
  expect(rows).toHaveLength(1203)
  expect(rows.slice(0, 1200).map(({ ms }) => ms)).toEqual(Array.from({ length: 1200 }, (_, at) => at))
  expect(rows[0]).toMatchObject({ account_id: accountId, at: new Date('2026-03-01T12:00:00Z'), input: { text: 'x' }, result: { said: 'x' } })
  expect(rows[1200]?.input).toEqual({ text: '{"text":"/u0000 /ud800 /"quoted/" //u0000"}' })
  expect(rows[1201]).toMatchObject({ input: { truncated: true }, result: { truncated: true } })
  expect(JSON.stringify(rows[1201]?.result).length).toBeLessThan(34_000)
  expect(rows[1202]?.input).toBe('too deeply nested to keep')
})

test('an account takes its audit with it', async () => {
  await store.db.deleteFrom('accounts').where('id', '=', accountId).execute()
  expect(await kept()).toHaveLength(0)
})
