/** The ingest API: programs of the account's own send canonical rows, one JSON object a line, with the source's key. How they are read is the door's business. */
import { z } from 'zod'
import { defineApi } from './define.ts'

export default defineApi({
  type: 'api',
  title: 'Ingest API',
  summary: 'Canonical rows from programs of your own: message events, orders, customers, web events, entities, as NDJSON.',
  settings: z.object({}),
  steps: ({ url, key }) => [
    {
      title: 'Send a first row',
      text: 'Rows are JSON objects, one a line, with the fields of docs/import.md; up to 100,000 lines a request, packed by gzip or not.',
      copy: [
        {
          label: 'curl',
          value: `curl ${url} -H 'Authorization: Bearer ${key}' -H 'Content-Type: application/x-ndjson' --data-binary '{"campaign_id":"welcome","message_id":"m-1","customer_id":"c-1","event":"sent","occurred_at":"2026-03-31T09:00:00Z","channel":"Email"}'`,
        },
      ],
    },
    { title: 'Keep the key', text: 'It is shown once. Whoever has it can add data to this account, and read none.', copy: [{ label: 'Key', value: key }] },
    { title: 'Other kinds of rows', text: 'The same address ending in orders, order-items, customers, web-events or entities takes those; /openapi.json describes all of them.' },
  ],
})
