/** What an entity type is. A type file calls defineEntityType and nothing else; it never reads a store. */
import type { z } from 'zod'
import type { Scope } from '../../core/access.ts'
import type { IdKind } from '../../core/ids.ts'
import type { Predicate } from '../predicates/index.ts'

/** Every status an entity can have, whatever its type (domain.md, "Entities"). */
export const entityStatuses = ['draft', 'scheduled', 'active', 'paused', 'completed', 'stopped', 'archived'] as const
export type EntityStatus = (typeof entityStatuses)[number]

/** Where a row came from; `observed`: seen in events before it was imported. */
export type EntityOrigin = 'import' | 'observed' | 'dashboard' | 'mcp' | 'demo'

/**
 * Which rows of a type a member sees who is restricted to organizations or brands. `own`: those that carry one of theirs (a row without could be anyone's);
 * `used`: brands and folders, those that something of theirs uses; `shared`: all, because they are the whole account's.
 */
export type SightRule = 'own' | 'used' | 'shared'

/** Another entity that a definition names, by the platform's own id. */
export interface EntityLink {
  readonly rel: string
  readonly type: string
  readonly key: string
}

export interface EntityRule {
  readonly path: string
  readonly tree: Predicate
}

export interface EntityTypeDefinition<Type extends IdKind = IdKind, Definition extends z.ZodObject = z.ZodObject> {
  /** Equal to the file's name and to the kind of its ids. */
  readonly type: Type
  readonly title: string
  /** What it is, for people and models. */
  readonly description: string
  /** What reading it needs besides read:mcp; null: nothing. */
  readonly scope: Scope | null
  readonly sight: SightRule
  /** Kept in the account's settings, not in rows: listed and searched like any other, never imported. */
  readonly inSettings?: true
  /** Statuses the type knows; the first is that of a record which names none. */
  readonly statuses: readonly [EntityStatus, ...EntityStatus[]]
  /** A record of this type must name its channel. */
  readonly needsChannel?: boolean
  readonly definition: Definition
  /** One line that tells the entity apart from others of its type. Plain text, unfenced. */
  readonly summary: (definition: z.output<Definition>) => string
  /** Entities named inside the definition; brand, folder and flow are columns. */
  readonly links: (definition: z.output<Definition>) => EntityLink[]
  /** The predicate trees inside the definition, each with its path. */
  readonly rules: (definition: z.output<Definition>) => EntityRule[]
}

/** Types the definition; derives nothing. */
export function defineEntityType<const Type extends IdKind, Definition extends z.ZodObject>(type: EntityTypeDefinition<Type, Definition>): EntityTypeDefinition<Type, Definition> {
  return type
}
