/** Connected apps: which there are, and ending one. */
import { z } from 'zod'
import { scopeTable } from '../../../core/access.ts'
import { account, mutation, query } from '../define.ts'

export default {
  list: query({
    input: z.strictObject({ account, /** Everybody's, not only one's own. */ everyone: z.boolean().optional() }),
    run: async ({ input, at, identity }) => {
      const { principal } = await at(input.account)
      const apps = await identity.apps(principal).list({ everyone: input.everyone ?? false })
      return {
        apps: apps.map(({ connectedAt, lastUsedAt, expiresAt, host, vouchedBy, scopes, ...app }) => ({
          ...app,
          scopes: scopes.map((scope) => ({ scope, words: scopeTable[scope].words })),
          host: host ?? null,
          vouchedBy: vouchedBy ?? null,
          connectedAt: connectedAt.toISOString(),
          lastUsedAt: lastUsedAt?.toISOString() ?? null,
          expiresAt: expiresAt.toISOString(),
        })),
      }
    },
  }),
  disconnect: mutation({
    input: z.strictObject({ account, id: z.string().min(1).max(128) }),
    run: async ({ input, at, identity }) => {
      const { principal } = await at(input.account)
      await identity.apps(principal).disconnect(input.id)
      return {}
    },
  }),
}
