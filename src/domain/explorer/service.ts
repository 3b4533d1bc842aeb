/** The explorer service: what there is in an account, as far as the member may see it. Only reads. */
import type { Principal } from '../../core/access.ts'
import type { Stores } from '../stores.ts'
import type { Choices, EntityDetails, EntityList, OpenedEntity, SearchAnswer } from './answer.ts'
import type { GetEntityInput, ListEntitiesInput, SearchCatalogInput } from './arguments.ts'
import type { EntityType } from '../entities/index.ts'
import { choicesOf } from './choices.ts'
import { getEntity, openEntity } from './get.ts'
import { listEntities } from './list.ts'
import { type Names, type NamesInput, namesLike } from './names.ts'
import { searchCatalog } from './search.ts'

/** All methods throw `missing_scopes` where the principal lacks the read scope of the type, and `unknown_value` for arguments that name nothing here. */
export interface ExplorerService {
  readonly list: (input: ListEntitiesInput) => Promise<EntityList>
  readonly get: (input: GetEntityInput) => Promise<EntityDetails>
  /** Nothing of it shortened: for the dashboard. */
  readonly open: (input: GetEntityInput) => Promise<OpenedEntity>
  readonly choices: (type: EntityType) => Promise<Choices>
  readonly search: (input: SearchCatalogInput, signal?: AbortSignal) => Promise<SearchAnswer>
  readonly names: (input: NamesInput) => Promise<Names>
}

export function createExplorer(stores: Stores): (principal: Principal) => ExplorerService {
  return (principal) => ({
    list: (input) => listEntities(stores, principal, input),
    get: (input) => getEntity(stores, principal, input),
    open: (input) => openEntity(stores, principal, input),
    choices: (type) => choicesOf(stores, principal, type),
    search: (input, signal) => searchCatalog(stores, principal, input, signal),
    names: (input) => namesLike(stores, principal, input),
  })
}
