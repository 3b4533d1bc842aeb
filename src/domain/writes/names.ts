/** The rule of the names that people type: in an account a name is of one entity of its type, so that it says which is meant. It locks nothing. */
import type { Principal } from '../../core/access.ts'
import { MercatError } from '../../core/errors.ts'
import { label } from '../../core/match.ts'
import type { DbOrTransaction } from '../../storage/operational/schema.ts'
import { type EntityType, entityType } from '../entities/index.ts'
import { nameTaken } from './rows-repository.ts'

/**
 * Throws `conflict` where another of the type has the name, whatever its case and organization. What the principal does not see takes no name: a refusal would tell of it;
 * nor does what is archived, such as a draft that was rejected. Lock the account first (`lockAccount`): of two that take the same name at once, the second sees the first.
 * @param except the id of the one that is being named
 */
export async function assertNameFree(db: DbOrTransaction, principal: Principal, type: EntityType, name: string, except?: string): Promise<void> {
  const taken = await nameTaken(db, principal, type, name, except)
  if (!taken) return
  throw new MercatError('conflict', `There is a ${entityType(type).title.toLowerCase()} called ${JSON.stringify(label(taken.name))} already: ${taken.id}`, {
    argument: 'name',
    hint: 'Go on with that one, or choose another name.',
  })
}
