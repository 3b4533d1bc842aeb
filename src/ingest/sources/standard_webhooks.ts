/** Any sender that signs by Standard Webhooks, with Mercat's own rows as the data: for systems that are not in the list of sources. Takes no provider's form. */
import { z } from 'zod'
import { kinds, type StoredKind, storedKinds } from '../kinds/index.ts'
import { quoted } from '../readers/cells.ts'
import { defineWebhook, itemOf, unknownItem, wrongItem, wrongShape } from './define.ts'
import { isObject } from '../../core/json.ts'
import { jsonBody } from './parts.ts'
import { assertStandardSignature, signingSecret } from './standard-signature.ts'

const itemSchema = z.object({ type: z.string(), data: z.record(z.string(), z.unknown()) })

const isStored = (type: string): type is StoredKind => storedKinds.some((kind) => kind === type)

export default defineWebhook({
  type: 'standard_webhooks',
  title: 'Standard Webhooks',
  summary: 'Rows of your own systems: message events, orders, customers, web events and order items, signed by Standard Webhooks or Svix.',
  settings: z.object({
    signingSecret: signingSecret.meta({
      title: 'Signing secret',
      description: 'whsec_ and base64, as the sender shows it. For a sender of your own: whsec_ and what “openssl rand -base64 32” prints.',
      secret: true,
    }),
  }),
  steps: ({ url }) => [
    { title: 'Add the endpoint', text: 'At the sender add a webhook endpoint with the address.', copy: [{ label: 'Endpoint URL', value: url }] },
    { title: 'Copy the signing secret', text: 'Copy the signing secret of the endpoint: Mercat needs it.' },
    {
      title: 'Send rows',
      text: 'The type is events, orders, customers, web_events or order_items; data is a row, or a list of rows, with the fields of that kind as in imports.',
      copy: [
        {
          label: 'Example of a body',
          value:
            '{"type":"events","timestamp":"2026-03-31T09:00:00Z","data":{"campaign_id":"spring","message_id":"m-1","customer_id":"c-1","event":"sent","channel":"Email","occurred_at":"2026-03-31T09:00:00Z","event_id":"e-1"}}',
        },
      ],
    },
  ],
  verify: (request, settings) => assertStandardSignature(request, settings.signingSecret),
  read: (request) => {
    const body = jsonBody(request)
    if (!isObject(body)) throw wrongShape('The body is not an object with type and data')
    return [body.data].flat().map((data) => ({ type: body.type, data }))
  },
  normalise: (given) => {
    const { type, data } = itemOf(itemSchema, given)
    if (!isStored(type)) throw unknownItem(`type is not one of ${storedKinds.join(', ')}`)
    const { fields } = kinds[type]
    const unknown = Object.keys(data).find((name) => !Object.hasOwn(fields, name))
    if (unknown !== undefined) throw wrongItem(`${quoted(unknown)} is not a field of ${type}`)
    const missing = Object.entries(fields).find(([name, field]) => 'required' in field && field.required && isAbsent(data[name]))
    if (missing) throw wrongItem(`${missing[0]} is missing`)
    return [{ is: 'row', kind: type, fields: data }]
  },
})

const isAbsent = (value: unknown) => value === undefined || value === null || value === ''
