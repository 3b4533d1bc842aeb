/** Outgoing webhooks: what happened is written to an outbox, signed and sent to the account's endpoints, and sent again until it is taken. */
export { announce, type Announcement } from './announce.ts'
export { deliverDue, hearAnnouncements, purgeWebhooksJob, webhookJobs } from './deliver.ts'
export { deliveryStates } from './deliveries-repository.ts'
export { type AnnouncedEvent, type WebhookEvent, webhookEvents } from './events.ts'
export { type WebhookFigures, webhookFigures } from './figures.ts'
export { createSender, type Seals, type Sender } from './sender.ts'
export { createWebhooks, type WebhooksService } from './service.ts'
