/** Who is signed in at the dashboard, and in which accounts. */
import { z } from 'zod'
import { listAccess } from '../../../domain/accounts/index.ts'
import { query } from '../define.ts'

export default {
  /** Everything the shell needs before it can draw. */
  current: query({
    input: z.strictObject({}),
    run: async ({ person, stores, origin, toolPrefix }) => ({
      origin,
      toolPrefix,
      csrf: person.csrf,
      user: { id: person.user.id, name: person.user.name, email: person.user.email, operator: person.user.isSuperAdmin },
      accounts: (await listAccess(stores.db, person.user.id)).map(({ account, role, scopes }) => ({
        systemName: account.systemName,
        name: account.name,
        timeZone: account.timeZone,
        currency: account.currency,
        mcpEnabled: account.mcpEnabled,
        role,
        scopes: [...scopes],
      })),
    }),
  }),
}
