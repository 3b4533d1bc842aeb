/** The ingest API as OpenAPI: one path a kind of row, and one for the webhooks of platforms. Knows no kind and no platform itself. */
import { errorResponses, jsonBody, type Json, refTo } from './parts.ts'

/** A canonical kind of row, as plain data. */
export interface KindDescription {
  /** snake_case. */
  readonly name: string
  /** What its rows are, in a few words. */
  readonly summary: string
  /** JSON Schema of one row. */
  readonly schema: Json
}

export interface WebhookDescription {
  readonly type: string
  readonly title: string
}

const tag = 'ingest'
const lines = {
  type: 'array',
  description: 'The first lines at fault, where lines are.',
  items: { type: 'object', properties: { line: { type: 'integer', minimum: 1 }, reason: { type: 'string' } }, required: ['line'] },
}
const refusals = errorResponses('Ingest', ['wrong_signature', 'not_allowed', 'not_found', 'too_large', 'wrong_shape', 'unavailable'], { lines })
const accepted = {
  type: 'object',
  properties: { accepted: { type: 'integer', minimum: 0, description: 'Items kept: they outlive a crash, and are in the figures within seconds.' } },
  required: ['accepted'],
}
const encoding = { name: 'Content-Encoding', in: 'header', description: 'How the body is packed, if it is.', schema: { type: 'string', enum: ['gzip'] } }
const answers = { 200: { description: 'Kept. Sent again, nothing changes.', content: jsonBody(accepted) }, ...refusals.byStatus }

const pascal = (name: string) => name.replace(/(^|_)([a-z])/g, (_, __, letter: string) => letter.toUpperCase())

export function ingestPart(kinds: readonly KindDescription[], webhooks: readonly WebhookDescription[]) {
  return {
    tags: [{ name: tag, description: 'Data that programs and platforms send.' }],
    paths: { ...Object.fromEntries(kinds.map((kind) => [`/ingest/${kind.name.replaceAll('_', '-')}`, { post: rowsOperation(kind) }])), ...webhookPath(webhooks) } as Json,
    schemas: Object.fromEntries(kinds.map(({ name, schema }) => [`${pascal(name)}Row`, schema])) as Json,
    responses: refusals.components,
    securitySchemes: { ingestKey: { type: 'http', scheme: 'bearer', description: 'The key of a source of the type “Ingest API”, made in the dashboard on the page Sources.' } },
  }
}

function rowsOperation({ name, summary }: KindDescription): Json {
  return {
    operationId: `${tag}_${name}`,
    tags: [tag],
    summary: `Send ${summary}`,
    description: 'NDJSON: one JSON object a line, each as the schema says; up to 100,000 lines.',
    security: [{ ingestKey: [] }],
    parameters: [encoding],
    requestBody: { required: true, content: { 'application/x-ndjson': { schema: refTo('schemas', `${pascal(name)}Row`) } } },
    responses: answers,
  }
}

function webhookPath(webhooks: readonly WebhookDescription[]): Json {
  if (webhooks.length === 0) return {}
  const text = { type: 'string' }
  return {
    '/ingest/{source}/{key}': {
      post: {
        operationId: `${tag}_webhook`,
        tags: [tag],
        summary: 'Deliver a webhook',
        description: `What a platform calls by itself: ${webhooks.map(({ title }) => title).join(', ')}. The body is as the platform sends it, and proved by its signature or password.`,
        security: [],
        parameters: [
          { name: 'source', in: 'path', required: true, description: 'The type of the source.', schema: { ...text, enum: webhooks.map(({ type }) => type) } },
          { name: 'key', in: 'path', required: true, description: 'The key of the source.', schema: { ...text, maxLength: 100 } },
        ],
        requestBody: { required: true, content: { '*/*': {} } },
        // Instead of 503, for platforms that give up at it.
        responses: { ...answers, 429: refTo('responses', 'Ingest503') },
      },
    },
  }
}
