import { expect, test } from 'vitest'
import { hashPassword, verifyPassword } from './passwords.ts'

const password = 'correct horse battery staple'

test('saying no for somebody who does not exist is the same work as for somebody who does', async () => {
  const hash = await hashPassword(password)
  /** Processor time, which a busy machine does not stretch. Without the hash it would be a hundredth. */
  const work = async (stored: string | undefined) => {
    const samples: number[] = []
    for (let n = 0; n < 7; n++) {
      const before = process.cpuUsage()
      await verifyPassword('not the password', stored)
      const { user, system } = process.cpuUsage(before)
      samples.push(user + system)
    }
    return samples.sort((a, b) => a - b)[3] ?? 0
  }
  const ratio = (await work(undefined)) / (await work(hash))
  expect(ratio).toBeGreaterThan(0.3)
  expect(ratio).toBeLessThan(3)
})
