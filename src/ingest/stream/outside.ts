/** What sources fetch from the internet while they prove a delivery: certificates and confirmations of hosts that the source pins. */
import { MercatError } from '../../core/errors.ts'
import type { Outside } from '../sources/define.ts'

const timeoutMs = 5_000
const mostBytes = 64 * 1024

/** @param get how the internet is reached; tests have one of their own */
export function createOutside(get: typeof fetch = fetch): Outside {
  return {
    get: async (url) => {
      try {
        const answer = await get(url, { redirect: 'error', signal: AbortSignal.timeout(timeoutMs), headers: { 'user-agent': 'Mercat' } })
        if (!answer.ok) throw new Error(`${answer.status}`)
        const chunks: Uint8Array[] = []
        let bytes = 0
        for await (const chunk of answer.body ?? []) {
          bytes += chunk.length
          if (bytes > mostBytes) throw new Error('The answer is too large')
          chunks.push(chunk)
        }
        return Buffer.concat(chunks).toString()
      } catch (error) {
        throw new MercatError('unavailable', `${url.host} could not be asked`, { retryAfter: 30 }, { cause: error })
      }
    },
  }
}
