/** Segments and target groups: what rules may speak of, their sizes, checks of rules that are being written, and drafts made of them. */
import { z } from 'zod'
import { getEntityInput, listEntitiesInput, namesInput } from '../../../domain/explorer/index.ts'
import { audienceSizeInput, proposeRuleInput } from '../../../domain/segments/index.ts'
import { account, mutation, query } from '../define.ts'

const types = z.enum(['segment', 'target_group'])

export default {
  list: query({
    input: listEntitiesInput.extend({ account, type: types }),
    run: async ({ input: { account: name, ...asked }, at }) => await (await at(name)).services.explorer.list(asked),
  }),
  /** One as the explorer tells it, and its whole rule. */
  one: query({
    input: z.strictObject({ account, id: getEntityInput.shape.entity }),
    run: async ({ input, at }) => {
      const { audience, explorer } = (await at(input.account)).services
      const rule = await audience.rule(input.id)
      return { ...(await explorer.get({ type: rule.type, entity: rule.id })), rule }
    },
  }),
  vocabulary: query({
    input: z.strictObject({ account }),
    run: async ({ input, at, signal }) => await (await at(input.account)).services.audience.wordedVocabulary(signal),
  }),
  size: query({
    input: audienceSizeInput.extend({ account }),
    run: async ({ input: { account: name, ...asked }, at, signal }) => await (await at(name)).services.audience.size(asked, signal),
  }),
  /** A rule in words, or everything that is wrong with it by path. */
  check: query({
    input: z.strictObject({ account, tree: z.looseObject({}) }),
    run: async ({ input, at, signal }) => await (await at(input.account)).services.audience.check(input.tree, signal),
  }),
  /** Campaigns, flows, brands, folders or tags whose name holds what was typed. */
  names: query({
    input: namesInput.extend({ account }),
    run: async ({ input: { account: name, ...asked }, at }) => await (await at(name)).services.explorer.names(asked),
  }),
  propose: mutation({
    input: proposeRuleInput.extend({ account }),
    run: async ({ input: { account: name, ...asked }, at }) => await (await at(name)).services.audience.propose(asked),
  }),
}
