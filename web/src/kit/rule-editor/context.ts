/** What every part of the editor knows of the rule that is edited. */
import { createContext, useContext } from 'react'
import type { Account } from '../../server.ts'
import type { Fault } from './live.ts'
import type { Place, Predicate, Vocabulary } from './types.ts'

/** A control of the editor, for the focus after a change. */
export type Spot = 'subject' | 'up' | 'down' | 'remove' | 'add'
export const spotName = (place: Place, spot: Spot): string => `${place.join('.')}:${spot}`

/** As a screen reader says where something stands: `2.1`. */
export const numberOf = (place: Place): string => place.map((index) => index + 1).join('.')

export interface Editing {
  readonly account: Account
  readonly vocabulary: Vocabulary
  readonly tree: Predicate
  readonly faults: ReadonlyMap<string, Fault>
  readonly counts: ReadonlyMap<string, string>
  readonly names: Readonly<Record<string, string>>
  /** Whether no more predicates go in. */
  readonly full: boolean
  /** Takes a new tree; then the focus goes to a control, and a screen reader is told. */
  readonly change: (tree: Predicate, then?: { readonly focus?: readonly [Place, Spot]; readonly say?: string }) => void
}

export const EditingContext = createContext<Editing | undefined>(undefined)

export function useEditing(): Editing {
  const editing = useContext(EditingContext)
  if (!editing) throw new Error('A part of the rule editor stands outside of it')
  return editing
}
