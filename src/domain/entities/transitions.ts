/** How the status of an entity may change: one table. Every step is a person's, in the dashboard; nothing that a client app can call performs one. */
import type { Scope } from '../../core/access.ts'
import type { EntityStatus, EntityTypeDefinition } from './define.ts'

export interface Transition {
  readonly from: EntityStatus
  readonly to: EntityStatus
  /** What the step is called. */
  readonly action: string
  /** No token for a client app can carry it. */
  readonly scope: Scope
  /** Only for types that do not know this status: what can be stopped is stopped before it is archived. */
  readonly unless?: EntityStatus
}

const scope = 'approve:drafts'

export const transitions: readonly Transition[] = [
  { from: 'draft', to: 'scheduled', action: 'approve and schedule', scope },
  { from: 'draft', to: 'active', action: 'approve and activate', scope },
  { from: 'draft', to: 'archived', action: 'discard', scope },
  { from: 'scheduled', to: 'active', action: 'start now', scope },
  { from: 'scheduled', to: 'draft', action: 'take back', scope },
  { from: 'active', to: 'paused', action: 'pause', scope },
  { from: 'active', to: 'completed', action: 'complete', scope },
  { from: 'active', to: 'stopped', action: 'stop', scope },
  { from: 'active', to: 'archived', action: 'archive', scope, unless: 'stopped' },
  { from: 'paused', to: 'active', action: 'resume', scope },
  { from: 'paused', to: 'stopped', action: 'stop', scope },
  { from: 'paused', to: 'archived', action: 'archive', scope, unless: 'stopped' },
  { from: 'completed', to: 'archived', action: 'archive', scope },
  { from: 'stopped', to: 'archived', action: 'archive', scope },
  { from: 'archived', to: 'active', action: 'bring back', scope, unless: 'stopped' },
]

/** The steps that an entity of the type may take from a status. */
export function nextSteps({ statuses, inSettings }: Pick<EntityTypeDefinition, 'statuses' | 'inSettings'>, status: EntityStatus): Transition[] {
  if (inSettings) return []
  return transitions.filter(({ from, to, unless }) => from === status && statuses.includes(to) && !(unless && statuses.includes(unless)))
}
