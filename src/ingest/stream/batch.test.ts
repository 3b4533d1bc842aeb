import { expect, it } from 'vitest'
import { packFrame, placeOf, type SourceRow } from '../../domain/sources/index.ts'
import resend from '../sources/resend.ts'
import { gather } from './batch.ts'

// What is sealed is not of interest here.
const as = (bytes: Uint8Array) => Buffer.from(bytes)
const text = (same: string) => same
const seals = { seal: text, open: text, sealBytes: as, openBytes: as }
const row = { account_id: 'acc_1', id: 'src_1', type: 'resend', name: 'Resend', campaign_rules: null, former_rules: [] as unknown } as SourceRow

function request(recipients: number, reason: string) {
  const to = Array.from({ length: recipients }, (_, number) => `person${number}@example.com`)
  const body = Buffer.from(JSON.stringify({ type: 'email.failed', created_at: '2026-03-31T09:00:00Z', data: { email_id: 'e-1', to, failed: { reason } } }))
  const sealed = packFrame(seals, placeOf(row.account_id, row.id), { form: 'request', headers: {}, url: 'https://delivered.invalid/', body })
  return { id: 1, source_id: row.id, received_at: new Date(1_774_947_600_000), items: 1, bytes: body.length, sealed }
}
const gathered = async (...requests: ReturnType<typeof request>[]) => await gather(seals, resend, row, requests, new Date(), new AbortController().signal)

it('makes a row of each recipient, and stops before the rows of a few hostile requests fill the memory', async () => {
  expect((await gathered(request(100, 'no such domain'))).rows.get('events')?.items).toHaveLength(100)
  // 40 kB of mail each, once packed: 400 MB as rows.
  const hostile = request(100, 'no '.repeat(700_000))
  expect(hostile.sealed.length).toBeLessThan(40_000)
  await expect(gathered(hostile, hostile)).rejects.toThrow('more than fit in memory')
})
