/** Members of an account and invitations to it. */
import { z } from 'zod'
import { linkPath } from '../../../domain/accounts/index.ts'
import { account, mutation, query } from '../define.ts'

const id = z.string().min(1).max(40)
const list = z.array(z.string().max(100)).max(1000).optional()
const membership = { scopesAdded: list, scopesRemoved: list, organizations: list, brands: list }
const role = z.string().max(40)

export default {
  list: query({
    input: z.strictObject({ account }),
    run: async ({ input, at }) => await (await at(input.account)).services.members.list(),
  }),
  /** The link is told once: Mercat sends no mail, whoever invites passes it on. */
  invite: mutation({
    input: z.strictObject({ account, email: z.string().max(254), role, ...membership }),
    run: async ({ input: { account: name, ...given }, at, origin }) => {
      const { token, expiresAt } = await (await at(name)).services.members.invite(given)
      return { link: origin + linkPath('invitation', token), expiresAt }
    },
  }),
  withdraw: mutation({
    input: z.strictObject({ account, id }),
    run: async ({ input, at }) => await (await at(input.account)).services.members.withdraw(input.id),
  }),
  change: mutation({
    input: z.strictObject({ account, userId: id, role: role.optional(), ...membership }),
    run: async ({ input: { account: name, userId, ...change }, at }) => await (await at(name)).services.members.change(userId, change),
  }),
  /** Of oneself: leaves the account. */
  remove: mutation({
    input: z.strictObject({ account, userId: id }),
    run: async ({ input, at }) => await (await at(input.account)).services.members.remove(input.userId),
  }),
}
