/** oidc-provider's adapter: the records, plus the one protocol rule that storage decides, "once" (trap 1). */
import { type Adapter, errors } from 'oidc-provider'
import type { RecordPayload, Records } from './records-repository.ts'

/** Another request consumed this refresh token an instant ago. */
export class LostRaceError extends errors.InvalidGrant {}

export function createAdapter(records: Records): (model: string) => Adapter {
  return (model) => {
    const store = records.of(model)
    return {
      upsert: (id, payload, expiresIn) => store.upsert(id, payload as RecordPayload, expiresIn),
      find: store.find,
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
