/** Entities: campaigns, flows, segments and all other types that are rows, and organizations. They go to the operational store (domain/entities), not through SQL here. */
import { defineKind } from './define.ts'

export default defineKind({
  kind: 'entities',
  summary: 'campaigns, flows, segments and all other entities; organizations, contracts, invoices',
  fields: {
    type: { type: 'key', required: true, description: 'campaign, flow, segment … (docs/explorer.md, but goal), organization, contract or invoice.' },
    key: { type: 'key', required: true, description: 'The platform’s own id.' },
    name: { type: 'text', description: 'Default: the key.' },
    status: { type: 'text', description: 'draft, scheduled, active, paused, completed, stopped or archived, as the type allows.' },
    channel: { type: 'channel', description: 'Email, SMS, WhatsApp, Viber, MobilePush or WebPush.' },
    organization: { type: 'key', description: 'Key of an organization.' },
    brand: { type: 'key', description: 'Key of a brand.' },
    folder: { type: 'key', description: 'Key of a folder.' },
    flow: { type: 'key', description: 'Key of the flow a campaign belongs to.' },
    tags: { type: 'text', description: 'Separated by ; or as a JSON list.' },
    created_at: { type: 'instant', description: 'When the platform made it: ISO 8601 with a zone, or a date.' },
    starts_at: { type: 'instant', description: 'ISO 8601 with a zone, or a date.' },
    ends_at: { type: 'instant', description: 'ISO 8601 with a zone, or a date.' },
    definition: { type: 'json', description: 'A JSON object as the type’s schema asks.' },
  },
  checks: [],
  columns: {},
})
