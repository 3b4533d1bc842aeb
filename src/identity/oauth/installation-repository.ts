/** The signing key of the installation: made once, by whichever process is first, sealed in the store. */
import { generateKeyPairSync, type JsonWebKey, randomUUID } from 'node:crypto'
import type { Db } from '../../storage/operational/schema.ts'
import type { Secrets } from '../secrets.ts'

const place = 'oauth_signing_keys'

/** The private JWK set. Throws when the store was sealed under another installation secret. */
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
  try {
    return JSON.parse(secrets.open(String(value?.sealed), place)) as { keys: JsonWebKey[] }
  } catch (cause) {
    throw new Error('This store was sealed under another MERCAT_SECRET. Start with the secret it was made with.', { cause })
  }
}
