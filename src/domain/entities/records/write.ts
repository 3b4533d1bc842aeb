/** Writes the rows of imports that are records: organizations first, since the others belong to one. Knows no principal; callers have checked theirs. */
import type { DbOrTransaction } from '../../../storage/operational/schema.ts'
import { type ParsedRow, type RecordName, wordsOf } from '../rows.ts'
import type { EntityOrigin } from '../define.ts'
import { type Owner, type RecordCall, type RecordType, sameRow } from './define.ts'
import { recordTypes } from './index.gen.ts'

export interface Indexed {
  readonly index: number
  readonly row: ParsedRow
}

interface Outcome {
  created: number
  updated: number
  unchanged: number
  readonly rejected: { index: number; reason: string }[]
}

const byName = new Map(recordTypes.map((type) => [type.type as RecordName, type as unknown as RecordType]))
const order: readonly RecordName[] = ['organization', ...[...byName.keys()].filter((name) => name !== 'organization')]

/** @returns what became of the rows, and the account's organizations by key */
export async function upsertRecords(
  db: DbOrTransaction,
  accountId: string,
  rows: readonly Indexed[],
  { origin = 'import', createdBy }: { origin?: EntityOrigin; createdBy?: string },
): Promise<Outcome & { readonly owners: ReadonlyMap<string, Owner> }> {
  const { currency } = await db.selectFrom('accounts').select('currency').where('id', '=', accountId).executeTakeFirstOrThrow()
  const outcome: Outcome = { created: 0, updated: 0, unchanged: 0, rejected: [] }
  let owners = await readOwners(db, accountId)
  for (const name of order) {
    const given = rows.filter(({ row }) => row.type === name)
    const type = byName.get(name)
    if (!type || given.length === 0) continue
    await upsertOf(db, type, given, { accountId, currency, owners, origin, createdBy: createdBy ?? null }, outcome)
    if (name === 'organization') owners = await readOwners(db, accountId)
  }
  return { ...outcome, owners }
}

async function readOwners(db: DbOrTransaction, accountId: string): Promise<Map<string, Owner>> {
  const rows = await db.selectFrom('organizations').select(['id', 'key', 'currency']).where('account_id', '=', accountId).execute()
  return new Map(rows.map(({ key, ...owner }) => [key, owner]))
}

async function upsertOf(db: DbOrTransaction, type: RecordType, rows: readonly Indexed[], call: RecordCall, outcome: Outcome): Promise<void> {
  const known = await type.known(db, call.accountId)
  const keyOf = new Map([...call.owners].map(([key, { id }]) => [id, key]))
  for (const { index, row } of rows) {
    const reject = (reason: string) => outcome.rejected.push({ index, reason })
    const stored = known.get(row.key)
    const definition = type.definition.safeParse({ ...(stored ? type.definitionOf(stored) : {}), ...row.definition })
    if (!definition.success) {
      reject(`definition: ${wordsOf(definition.error)}`)
      continue
    }
    // What is stored belongs to somebody already; a row may leave that out.
    const owner = row.organization ?? (stored && 'organization_id' in stored ? keyOf.get(String(stored.organization_id)) : undefined)
    if (type.owned && owner !== undefined && !call.owners.has(owner)) {
      reject(`organization: no organization has the key ${JSON.stringify(owner)}; import it first or in the same file`)
      continue
    }
    const given = { key: row.key, name: row.name, organization: row.organization, definition: row.definition ?? {} }
    const made = type.make(given, definition.data, owner === undefined ? undefined : call.owners.get(owner), stored, call)
    if ('reason' in made) {
      reject(made.reason)
    } else if (stored && sameRow(stored, made.row)) {
      outcome.unchanged++
    } else {
      if (stored) outcome.updated++
      else outcome.created++
      known.set(row.key, made.row)
      await type.write(db, made.row, call)
    }
  }
}
