/** The Knowledge page: what the documents say of something, one of them, and which there are. */
import { getDocInput, listDocsInput, searchDocsInput } from '../../../domain/knowledge/index.ts'
import { account, type ApiCall, query } from '../define.ts'

const knowledge = async ({ at }: Pick<ApiCall<unknown>, 'at'>, name: string) => (await at(name)).services.knowledge

export default {
  search: query({
    input: searchDocsInput.extend({ account }),
    run: async ({ input: { account: name, ...asked }, ...call }) => await (await knowledge(call, name)).search(asked),
  }),
  get: query({
    input: getDocInput.extend({ account }),
    run: async ({ input: { account: name, ...asked }, ...call }) => await (await knowledge(call, name)).get(asked),
  }),
  list: query({
    input: listDocsInput.extend({ account }),
    run: async ({ input: { account: name, ...asked }, ...call }) => await (await knowledge(call, name)).list(asked),
  }),
}
