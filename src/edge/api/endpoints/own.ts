/** What a signed-in person does with their own browser session. */
import { z } from 'zod'
import { mutation } from '../define.ts'

export default {
  /** Signs this browser out; apps and other browsers stay as they are. */
  signOut: mutation({
    input: z.strictObject({}),
    run: async ({ leave }) => {
      await leave()
      return {}
    },
  }),
}
