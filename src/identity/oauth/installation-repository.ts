/** The signing key that oidc-provider cannot start without: made once, by whichever process is first, sealed in the store. Mercat signs nothing with it. */
import { generateKeyPairSync, type JsonWebKey, randomUUID } from 'node:crypto'
import type { Db } from '../../storage/operational/schema.ts'
import { signingKeysPlace as place } from '../key-ring-repository.ts'
import type { Secrets } from '../secrets.ts'

/** The private JWK set. Sealed anew at each start, so that it keeps no retired key in the ring. */
export async function signingKeys(db: Db, secrets: Secrets): Promise<{ keys: JsonWebKey[] }> {
  const read = async () => (await db.selectFrom('installation').select('value').where('key', '=', place).executeTakeFirst())?.value
  let value = await read()
  if (!value) {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const jwks = JSON.stringify({ keys: [{ ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), alg: 'ES256', use: 'sig' }] })
    // Processes that start together both try; the first one's key stays.
    await db
      .insertInto('installation')
      .values({ key: place, value: JSON.stringify({ sealed: secrets.seal(jwks, place) }) })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    value = await read()
  }
  const jwks = secrets.open(String(value?.sealed), place)
  await db
    .updateTable('installation')
    .set({ value: JSON.stringify({ sealed: secrets.seal(jwks, place) }) })
    .where('key', '=', place)
    .execute()
  return JSON.parse(jwks) as { keys: JsonWebKey[] }
}
