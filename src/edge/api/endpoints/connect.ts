/** How assistants are connected to an account. */
import { z } from 'zod'
import { guideTo } from '../../pages/guide.ts'
import { account, query } from '../define.ts'

export default {
  guide: query({
    input: z.strictObject({ account }),
    run: async ({ input, at, origin }) => {
      const { principal } = await at(input.account)
      return guideTo(origin, `c/${principal.account.systemName}`)
    },
  }),
}
