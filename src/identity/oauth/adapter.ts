/** oidc-provider's adapter: the records, plus the one protocol rule that storage decides, "once" (trap 1). */
import { type Adapter, errors, Provider } from 'oidc-provider'
import type { RecordPayload, Records } from './records-repository.ts'

/** Another request consumed this refresh token an instant ago. */
export class LostRaceError extends errors.InvalidGrant {}

export function createAdapter(records: Records): (model: string) => Adapter {
  return (model) => {
    const store = records.of(model)
    return {
      upsert: (id, payload, expiresIn) => store.upsert(id, payload as RecordPayload, expiresIn),
      find: async (id) => {
        const atToken = Provider.ctx?.oidc?.route === 'token'
        const found = await store.find(id)
        if (model !== 'RefreshToken' || !atToken || !found) return found
        // refresh.ts has judged used tokens before. One that another request uses between its look and this one must come to `consume` and lose there:
        // shown as used, oidc-provider would end the family of a client that only refreshed twice at once.
        const { consumed: _, ...unused } = found
        return unused
      },
      findByUid: store.findByUid,
      // No device flow: nothing has a user code.
      findByUserCode: () => Promise.resolve(undefined),
      destroy: store.destroy,
      revokeByGrantId: store.revokeByGrantId,
      consume: async (id) => {
        if (await store.consume(id)) return
        if (model === 'RefreshToken') throw new LostRaceError('refresh token already used')
        // Two redemptions of one code at once: one of them is a thief. Nobody keeps anything.
        const grantId = (await store.find(id))?.grantId
        if (grantId !== undefined) await records.endGrant(grantId)
        throw new errors.InvalidGrant('already consumed')
      },
    }
  }
}
