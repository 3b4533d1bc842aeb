/** Customers: what segments know of a person, without anything that names one. */
import { customerHash, defineKind } from './define.ts'

export default defineKind({
  kind: 'customers',
  summary: 'customers and their attributes',
  fields: {
    customer_id: { type: 'id', required: true, description: 'The same id as in message events.' },
    country: { type: 'country', description: 'ISO 3166-1 alpha-2.' },
    language: { type: 'language', description: 'BCP 47, like de or pt-BR.' },
    signed_up: { type: 'date', description: 'yyyy-MM-dd.' },
    stage: { type: 'text', description: 'Lifecycle stage.' },
    consent: { type: 'channels', description: 'Channels the customer agreed to, separated by ; or as a JSON list.' },
    attributes: { type: 'json', description: 'A JSON object of custom attributes, without names, addresses or phone numbers.' },
    updated_at: { type: 'instant', description: 'When this state was written; the latest copy wins. Default: the time of the import.' },
  },
  checks: [{ when: 'f_attributes != v_attributes', reason: 'attributes hold an address: personal data is not kept' }],
  columns: {
    customer: customerHash('f_customer_id'),
    country: 'v_country',
    language: 'v_language',
    signed_up: "if(f_signed_up = '', NULL, v_signed_up)",
    stage: 'f_stage',
    consent: 'v_consent',
    attributes: "JSONExtract(if(v_attributes = '', '{}', v_attributes), 'Map(String, String)')",
    updated_at: "if(f_updated_at = '', fromUnixTimestamp64Milli({now:Int64}, 'UTC'), v_updated_at)",
  },
})
