/** How many tool calls a person and an account may make in a minute. */
import type { Principal } from '../../core/access.ts'
import { MercatError } from '../../core/errors.ts'
import { createLimiter } from '../../storage/operational/limiter.ts'
import type { OperationalStore } from '../../storage/operational/open.ts'

export interface CallBudget {
  /** Spends one call; throws `rate_limited` saying whose limit it is and when to try again. */
  readonly spend: (principal: Principal) => Promise<void>
}

const minute = 60

export function createCallBudget(store: Pick<OperationalStore, 'db' | 'engine'>, limits: { perUser: number; perAccount: number }): CallBudget {
  const users = createLimiter(store, { name: 'call_user', points: limits.perUser, seconds: minute })
  const accounts = createLimiter(store, { name: 'call_account', points: limits.perAccount, seconds: minute })
  return {
    spend: async ({ userId, account }) => {
      // The person first: whoever is over their own limit must not use up the account's for everybody else.
      const user = await users.spend(`${account.id}:${userId}`)
      if (user !== undefined) throw new MercatError('rate_limited', `More than ${limits.perUser} calls a minute by one person`, { retryAfter: user })
      const all = await accounts.spend(account.id)
      if (all !== undefined) throw new MercatError('rate_limited', `More than ${limits.perAccount} calls a minute in the account ${account.systemName}`, { retryAfter: all })
    },
  }
}
