/** What sources fetch from the internet while they prove a delivery: certificates and confirmations of hosts that the source pins. */
import { MercatError } from '../../core/errors.ts'
import type { Outside } from '../sources/define.ts'

const timeoutMs = 5_000
const mostCharacters = 64 * 1024

/** @param get how the internet is reached; tests have one of their own */
export function createOutside(get: typeof fetch = fetch): Outside {
  return {
    get: async (url) => {
      try {
        const answer = await get(url, { redirect: 'error', signal: AbortSignal.timeout(timeoutMs), headers: { 'user-agent': 'Mercat' } })
        if (!answer.ok || Number(answer.headers.get('content-length') ?? 0) > mostCharacters) throw new Error(`${answer.status}`)
        return (await answer.text()).slice(0, mostCharacters)
      } catch (error) {
        throw new MercatError('unavailable', `${url.host} could not be asked`, { retryAfter: 30 }, { cause: error })
      }
    },
  }
}
