/** Every event that goes out, with the words people see. What a receiver may rely on: a type is added here, never renamed. */

export const webhookEvents = {
  'draft.approved': 'A draft was approved',
  'draft.rejected': 'A draft was rejected',
  'draft.expired': 'A draft expired',
  'entity.scheduled': 'Scheduled',
  'entity.activated': 'Activated',
  'entity.paused': 'Paused',
  'entity.resumed': 'Resumed',
  'entity.stopped': 'Stopped',
  'entity.completed': 'Completed',
  'entity.archived': 'Archived',
  'entity.taken_back': 'Taken back: a draft again',
  'webhook.test': 'A test from the dashboard',
} as const satisfies Record<string, string>
export type WebhookEvent = keyof typeof webhookEvents
/** What is announced; a test is sent to one endpoint and announced to nobody. */
export type AnnouncedEvent = Exclude<WebhookEvent, 'webhook.test'>

/** An event of a stored row in words; one of a later version has its own name. */
export const eventWords = (type: string): string => (Object.hasOwn(webhookEvents, type) ? webhookEvents[type as WebhookEvent] : type)
