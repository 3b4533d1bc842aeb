import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { DocumentRefusedError, fetchDocument, internet, type Outgoing } from './documents.ts'

const resolve = async () => [{ address: '93.184.216.34', family: 4 }]
const body = async function* (text: string) {
  yield Buffer.from(text)
}

test('the real client refuses names of this machine before it connects', async () => {
  let called = 0
  const server = createServer(() => void called++)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  for (const url of [
    'https://localhost/x',
    'https://127.0.0.1/x',
    'https://[::1]/x',
    'https://0x7f.1/x',
    'https://2130706433/x',
    `https://localhost:${port}/x`,
    `http://localhost:${port}/x`,
  ]) {
    await expect(fetchDocument(url, internet)).rejects.toThrow(DocumentRefusedError)
  }
  expect(called).toBe(0)
  await new Promise((done) => server.close(done))
})

test('a server that sends nothing, or drips, is left', async () => {
  const silent: Outgoing = { resolve, get: () => new Promise(() => {}) }
  const drip = async function* () {
    for (;;) {
      yield Buffer.from('x')
      await new Promise((done) => setTimeout(done, 100))
    }
  }
  const dripping: Outgoing = { resolve, get: async () => ({ status: 200, headers: {}, body: drip() }) }
  await Promise.all([silent, dripping].map((outgoing) => expect(fetchDocument('https://slow.example/x', outgoing)).rejects.toThrow('took too long')))
})

test('freshness is what the server says, within five minutes and a day', async () => {
  const fresh = async (header?: string) => {
    const outgoing: Outgoing = { resolve, get: async () => ({ status: 200, headers: { 'cache-control': header }, body: body('{}') }) }
    return (await fetchDocument('https://app.example/x', outgoing)).freshSeconds
  }
  expect(await fresh()).toBe(300)
  expect(await fresh('no-store')).toBe(300)
  expect(await fresh('public, max-age=3600')).toBe(3600)
  expect(await fresh('max-age=99999999')).toBe(86_400)
})
