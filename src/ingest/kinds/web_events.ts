/** Web events: what a customer did on a site or in an app. */
import { customerHash, defineKind } from './define.ts'

export default defineKind({
  kind: 'web_events',
  summary: 'what customers did on a site: visit, …',
  fields: {
    customer_id: { type: 'id', required: true, description: 'The same id as in message events.' },
    kind: { type: 'key', required: true, description: 'What happened; `visit` is what uplift counts.' },
    occurred_at: { type: 'instant', required: true, description: 'When it happened.' },
    event_id: { type: 'id', description: 'Id of this event: tells two events of one instant apart.' },
    webapp: { type: 'text', description: 'Key of the webapp.' },
    properties: { type: 'json', description: 'A JSON object. Addresses in it are taken out.' },
  },
  checks: [],
  columns: {
    customer: customerHash('f_customer_id'),
    kind: 'f_kind',
    occurred_at: 'v_occurred_at',
    event_key: "sipHash64(if(f_event_id != '', concat('i\\0', f_event_id), concat('t\\0', f_webapp, '\\0', v_properties)))",
    webapp: 'f_webapp',
    properties: 'v_properties',
  },
})
