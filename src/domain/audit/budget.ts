/** How many tool calls a person and an account may make in a minute. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Principal } from '../../core/access.ts'
import { MercatError } from '../../core/errors.ts'
import { createLimiter } from '../../storage/operational/limiter.ts'
import type { OperationalStore } from '../../storage/operational/open.ts'

export interface CallBudget {
  /** Spends one call; throws `rate_limited` saying whose limit it is and when to try again, a moment later. */
  readonly spend: (principal: Principal) => Promise<void>
}

const minute = 60
/** A refusal takes this long: whoever asks again at once instead of waiting asks a few times a second, not thousands of times, and nobody else notices. */
const pauseMs = 250

export function createCallBudget(store: Pick<OperationalStore, 'db' | 'engine'>, limits: { perUser: number; perAccount: number }): CallBudget {
  const users = createLimiter(store, { name: 'call_user', points: limits.perUser, seconds: minute })
  const accounts = createLimiter(store, { name: 'call_account', points: limits.perAccount, seconds: minute })
  const refusal = async (message: string, retryAfter: number) => {
    await sleep(pauseMs)
    return new MercatError('rate_limited', message, { retryAfter })
  }
  return {
    spend: async ({ userId, account }) => {
      // The person first: whoever is over their own limit must not use up the account's for everybody else.
      const user = await users.spend(`${account.id}:${userId}`)
      if (user !== undefined) throw await refusal(`More than ${limits.perUser} calls a minute by one person`, user)
      const all = await accounts.spend(account.id)
      if (all !== undefined) throw await refusal(`More than ${limits.perAccount} calls a minute in the account ${account.systemName}`, all)
    },
  }
}
