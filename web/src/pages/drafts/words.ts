/** Types, fields and steps of drafts as people call them. */
import type { Scope } from '../../server.ts'
import type { DraftRow, DraftType } from './types.ts'

export const typeWords: Readonly<Record<DraftType, { readonly one: string; readonly many: string; readonly creates: Scope }>> = {
  campaign: { one: 'Campaign', many: 'Campaigns', creates: 'create:campaigns' },
  target_group: { one: 'Target group', many: 'Target groups', creates: 'create:segments' },
  segment: { one: 'Segment', many: 'Segments', creates: 'create:segments' },
  trigger: { one: 'Trigger', many: 'Triggers', creates: 'create:flows' },
  stream: { one: 'Stream', many: 'Streams', creates: 'create:flows' },
}

/** Who sees drafts of at least one type. */
export const readers: readonly Scope[] = ['read:campaigns', 'read:segments', 'read:flows']

const fieldWords: Readonly<Record<string, string>> = {
  name: 'Name',
  channel: 'Channel',
  startsAt: 'Starts',
  endsAt: 'Ends',
  'template.subject': 'Subject',
  'template.preheader': 'Preheader',
  'template.content': 'Content',
  'schedule.sendAt': 'Sent at',
  controlShare: 'Control group',
  targetGroup: 'Target group',
  predicate: 'Rule',
  where: 'Conditions',
  windowHours: 'Window in hours',
  followUp: 'Follow-up',
  optIns: 'Opt-ins',
  measurementDays: 'Days measured',
}

/** "Subject" for `definition.template.subject`; what has no words of its own goes by its path. */
export function fieldName(path: string): string {
  const short = path.replace(/^definition\./, '')
  const words = short.replaceAll('.', ' › ')
  return fieldWords[short] ?? words.charAt(0).toUpperCase() + words.slice(1)
}

/** "Claude, by Ida"; "Ida" for what was made here. */
export function proposer({ app, clientId, proposedBy }: Pick<DraftRow, 'app' | 'clientId' | 'proposedBy'>): string {
  const person = proposedBy ?? 'somebody who left'
  return clientId === 'dashboard' ? person : `${app}, by ${person}`
}

/** A name where there is little room: a title, a message. */
export const short = (name: string, most = 80): string => (name.length > most ? `${name.slice(0, most - 1)}…` : name)
