/** The page Sources: who delivers data, how to connect one more, what came and what was set aside. */
import { z } from 'zod'
import { campaignRuleSchema, sourceNameSchema } from '../../../domain/sources/index.ts'
import { account, mutation, query } from '../define.ts'

const id = z.string().regex(/^src_[a-z0-9]{1,40}$/, 'is no id of a source')
const ofSource = z.strictObject({ account, id })
const settings = z.record(z.string().min(1).max(60), z.string().max(5_000)).refine((given) => Object.keys(given).length <= 20, 'has too many members')
const ofReason = z.strictObject({ account, id, reason: z.string().min(1).max(500).optional() })

export default {
  types: query({
    input: z.strictObject({ account }),
    run: async ({ input, at }) => ({ types: (await at(input.account)).services.sources.types() }),
  }),
  list: query({
    input: z.strictObject({ account }),
    run: async ({ input, at }) => ({ sources: await (await at(input.account)).services.sources.list() }),
  }),
  get: query({
    input: ofSource,
    run: async ({ input, at }) => await (await at(input.account)).services.sources.get(input.id),
  }),
  add: mutation({
    input: z.strictObject({ account, type: z.string().min(1).max(40), name: sourceNameSchema, settings: settings.optional() }),
    run: async ({ input: { account: name, ...source }, at }) => await (await at(name)).services.sources.add(source),
  }),
  change: mutation({
    input: z.strictObject({
      account,
      id,
      name: sourceNameSchema.optional(),
      settings: settings.optional(),
      campaignRules: z.array(campaignRuleSchema).min(1).max(10).nullable().optional(),
    }),
    run: async ({ input: { account: name, id: source, ...changes }, at }) => await (await at(name)).services.sources.change(source, changes),
  }),
  rotate: mutation({
    input: ofSource,
    run: async ({ input, at }) => await (await at(input.account)).services.sources.rotate(input.id),
  }),
  setEnabled: mutation({
    input: z.strictObject({ account, id, enabled: z.boolean() }),
    run: async ({ input, at }) => await (await at(input.account)).services.sources.setEnabled(input.id, input.enabled),
  }),
  remove: mutation({
    input: ofSource,
    run: async ({ input, at }) => await (await at(input.account)).services.sources.remove(input.id),
  }),
  replay: mutation({
    input: ofReason,
    run: async ({ input, at }) => await (await at(input.account)).services.sources.replay(input.id, input.reason),
  }),
  discard: mutation({
    input: ofReason,
    run: async ({ input, at }) => await (await at(input.account)).services.sources.discard(input.id, input.reason),
  }),
  pull: mutation({
    input: ofSource,
    run: async ({ input, at }) => await (await at(input.account)).services.sources.pull(input.id),
  }),
}
