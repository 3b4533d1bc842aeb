/** What tells the pages of one type of entity from those of another. Everything else they share. */
import type { Icon } from '@tabler/icons-react'
import type { ComponentType, ReactNode } from 'react'
import type { EntityName, PartsProps } from './types.ts'

/** A column of the list besides name, status and the last change; a filter besides name and status. */
export type Column = 'channel' | 'brand' | 'folder' | 'flow' | 'tags' | 'when'
export type FilterName = 'channel' | 'brand' | 'folder' | 'tag'

export interface EntityKind<Type extends EntityName = EntityName> {
  readonly type: Type
  /** The page's path and title; `one` and `many` in the middle of a sentence. */
  readonly path: string
  readonly title: string
  readonly one: string
  readonly many: string
  readonly icon: Icon
  /** What they are, for the head of the list. */
  readonly description: string
  readonly columns: readonly Column[]
  readonly filters: readonly FilterName[]
  /** What to do where there is none. */
  readonly whenNone: ReactNode
  /** Links that the parts show at their place. */
  readonly placed: readonly string[]
  /** What its definition says. */
  readonly parts: ComponentType<PartsProps<Type>>
}

/** What the list needs of it. */
export type ListKind = Omit<EntityKind, 'parts'>
