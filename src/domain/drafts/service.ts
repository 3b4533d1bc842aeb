/** Drafts bound to a person: the inbox, edits, comments, decisions, and the steps of what was approved. */
import { type Principal, requireScopes } from '../../core/access.ts'
import type { EntityStatus } from '../entities/index.ts'
import type { Stores } from '../stores.ts'
import { assertPerson, createScopes, draftOf } from './access.ts'
import { approve, type ApproveInput, type Approved, reject, type RejectInput } from './decide.ts'
import { addNote } from './drafts-repository.ts'
import { type DraftChange, edit, type EditInput, type Proposed } from './edit.ts'
import { details, type DraftDetails, type DraftList, list, type ListInput, tryChange, waiting } from './read.ts'
import { changeOwn, type ChangeStatusInput } from './steps.ts'

/** Everything that changes something throws `not_allowed` for whoever is no person at the dashboard, and `conflict` for what was decided or edited meanwhile. */
export interface DraftsService {
  readonly list: (input: ListInput) => Promise<DraftList>
  /** How many wait for a decision, of all that the principal sees. */
  readonly waiting: () => Promise<number>
  readonly get: (id: string) => Promise<DraftDetails>
  /** As a change would make it, checked and not stored. */
  readonly tryChange: (id: string, change: DraftChange) => Promise<Proposed>
  readonly edit: (input: EditInput) => ReturnType<typeof edit>
  readonly comment: (id: string, text: string) => Promise<void>
  readonly approve: (input: ApproveInput) => Promise<Approved>
  readonly reject: (input: RejectInput) => Promise<{ readonly id: string; readonly status: EntityStatus }>
  /** Pauses, resumes, stops, archives, starts or takes back what was approved here. */
  readonly changeStatus: (input: ChangeStatusInput) => Promise<{ readonly status: EntityStatus }>
}

export function createDrafts(stores: Stores): (principal: Principal) => DraftsService {
  return (principal) => ({
    list: (input) => list(stores, principal, input),
    waiting: () => waiting(stores, principal),
    get: (id) => details(stores, principal, id),
    tryChange: (id, change) => tryChange(stores, principal, id, change),
    edit: (input) => edit(stores, principal, input),
    comment: async (id, text) => {
      assertPerson(principal)
      const { type } = await draftOf(stores.db, principal, id)
      // Whoever may decide or prepare one may speak of it.
      if (!principal.scopes.has('approve:drafts')) requireScopes(principal, createScopes[type])
      await addNote(stores.db, principal.account.id, id, { kind: 'comment', userId: principal.userId, text }, stores.clock())
    },
    approve: (input) => approve(stores, principal, input),
    reject: (input) => reject(stores, principal, input),
    changeStatus: (input) => changeOwn(stores, principal, input),
  })
}
