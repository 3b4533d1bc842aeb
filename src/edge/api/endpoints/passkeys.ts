/** A person's own passkeys: adding one in two steps, renaming, removing. */
import { z } from 'zod'
import { mutation } from '../define.ts'

const id = z.string().min(1).max(1400)
const name = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(60)
  .regex(/^\P{Cc}*$/u, 'must not have control characters')

export default {
  /** What the browser's `navigator.credentials.create` needs. */
  begin: mutation({
    input: z.strictObject({}),
    run: ({ identity, person }) => identity.security(person).passkeys.begin(),
  }),
  /** `response`: what the browser gave, as JSON. */
  finish: mutation({
    input: z.strictObject({ response: z.looseObject({}), name }),
    run: ({ identity, person, input }) => identity.security(person).passkeys.finish(input.response, input.name),
  }),
  rename: mutation({
    input: z.strictObject({ id, name }),
    run: ({ identity, person, input }) => identity.security(person).passkeys.rename(input.id, input.name),
  }),
  remove: mutation({
    input: z.strictObject({ id }),
    run: ({ identity, person, input }) => identity.security(person).passkeys.remove(input.id),
  }),
}
