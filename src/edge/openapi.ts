/** The OpenAPI 3.1 document of everything that is called over plain HTTP: the ingest API and the dashboard's. Made of what is served; a pure function, and nothing of any account is in it. */
import { dashboardPart } from './openapi/dashboard.ts'
import { ingestPart, type KindDescription, type WebhookDescription } from './openapi/ingest.ts'
import { errorSchema, type Json } from './openapi/parts.ts'

export interface OpenApiSubject {
  /** What clients see, without a trailing slash. */
  readonly origin: string
  readonly version: string
  /** Kinds of rows that programs may send. */
  readonly kinds: readonly KindDescription[]
  /** Platforms that deliver by themselves. */
  readonly webhooks: readonly WebhookDescription[]
}

export function makeOpenApi({ origin, version, kinds, webhooks }: OpenApiSubject): Json {
  const ingest = ingestPart(kinds, webhooks)
  const dashboard = dashboardPart(origin.startsWith('https:'))
  return {
    openapi: '3.1.0',
    info: {
      title: 'Mercat',
      version,
      description: 'Sending data to Mercat, and the API of its dashboard. Assistants are served by MCP: /manifest.json describes its tools.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: origin }],
    tags: [...ingest.tags, ...dashboard.tags],
    paths: { ...ingest.paths, ...dashboard.paths },
    components: {
      schemas: { Error: errorSchema, ...ingest.schemas },
      responses: { ...ingest.responses, ...dashboard.responses },
      securitySchemes: { ...ingest.securitySchemes, ...dashboard.securitySchemes },
    },
  }
}
