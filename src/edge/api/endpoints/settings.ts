/** An account's name, calendar, money and settings, and whether assistants may use it. */
import { z } from 'zod'
import { tools } from '../../../catalog/tools/index.gen.ts'
import { toolsetNames, toolsetTitles } from '../../../core/access.ts'
import { account, mutation, query } from '../define.ts'

export default {
  read: query({
    input: z.strictObject({ account }),
    run: async ({ input, at }) => ({
      ...(await (await at(input.account)).services.settings.read()),
      toolsets: toolsetNames.map((name) => ({
        name,
        title: toolsetTitles[name],
        tools: tools.filter((entry) => entry.toolset === name).map(({ tool }) => ({ name: tool.name, title: tool.title })),
      })),
    }),
  }),
  /** Custom attributes of imported customers that no setting declares: names and counts. */
  seenAttributes: query({
    input: z.strictObject({ account }),
    run: async ({ input, at }) => await (await at(input.account)).services.settings.seenAttributes(),
  }),
  /** Of `settings`, the given ones are replaced whole; which there are, the service knows. */
  change: mutation({
    input: z.strictObject({
      account,
      name: z.string().max(200).optional(),
      timeZone: z.string().max(100).optional(),
      currency: z.string().max(10).optional(),
      settings: z.record(z.string().max(40), z.unknown()).optional(),
    }),
    run: async ({ input: { account: name, ...changes }, at }) => await (await at(name)).services.settings.change(changes),
  }),
  setMcp: mutation({
    input: z.strictObject({ account, enabled: z.boolean() }),
    run: async ({ input, at }) => await (await at(input.account)).services.settings.setMcp(input.enabled),
  }),
}
