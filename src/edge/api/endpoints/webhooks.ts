/** Outgoing webhooks: endpoints of an account, and what became of each message. */
import { z } from 'zod'
import { deliveryStates } from '../../../domain/webhooks/index.ts'
import { account, mutation, query } from '../define.ts'

const endpoint = z.string().regex(/^whe_[a-z0-9]{1,40}$/, 'is no id of an endpoint')
const delivery = z.int().positive()
const ofEndpoint = z.strictObject({ account, id: endpoint })

export default {
  list: query({
    input: z.strictObject({ account }),
    run: async ({ input, at }) => await (await at(input.account)).services.webhooks.list(),
  }),
  add: mutation({
    input: z.strictObject({ account, url: z.string().max(3_000) }),
    run: async ({ input, at }) => await (await at(input.account)).services.webhooks.add(input.url),
  }),
  rotate: mutation({
    input: ofEndpoint,
    run: async ({ input, at }) => await (await at(input.account)).services.webhooks.rotate(input.id),
  }),
  setEnabled: mutation({
    input: z.strictObject({ account, id: endpoint, enabled: z.boolean() }),
    run: async ({ input, at }) => await (await at(input.account)).services.webhooks.setEnabled(input.id, input.enabled),
  }),
  remove: mutation({
    input: ofEndpoint,
    run: async ({ input, at }) => await (await at(input.account)).services.webhooks.remove(input.id),
  }),
  test: mutation({
    input: ofEndpoint,
    run: async ({ input, at, signal }) => await (await at(input.account)).services.webhooks.test(input.id, signal),
  }),
  deliveries: query({
    input: z.strictObject({ account, state: z.enum(deliveryStates).optional(), cursor: z.string().max(1_000).optional() }),
    run: async ({ input: { account: name, ...question }, at }) => await (await at(name)).services.webhooks.deliveries(question),
  }),
  payload: query({
    input: z.strictObject({ account, id: delivery }),
    run: async ({ input, at }) => await (await at(input.account)).services.webhooks.payload(input.id),
  }),
  replay: mutation({
    input: z.strictObject({ account, id: delivery }),
    run: async ({ input, at }) => await (await at(input.account)).services.webhooks.replay(input.id),
  }),
}
