/** The dashboard's API as OpenAPI, made of its endpoints: a path for each. Decides nothing about them. */
import { z } from 'zod'
import { type ErrorCode, errorTable } from '../../core/errors.ts'
import type { Endpoint } from '../api/define.ts'
import { areas } from '../api/endpoints/index.gen.ts'
import { csrfHeader } from '../api/serve.ts'
import { errorResponses, jsonBody, type Json, wordsOf } from './parts.ts'

/** Errors of the doors beside this one, and of a caller that is gone. */
const elsewhere: readonly ErrorCode[] = ['wrong_signature', 'wrong_shape', 'insufficient_scope', 'mcp_disabled', 'read_only', 'unknown_tool', 'cancelled']
const refusals = errorResponses(
  'Api',
  (Object.keys(errorTable) as ErrorCode[]).filter((code) => !elsewhere.includes(code)),
)

const kinds: Readonly<Record<Endpoint['kind'], string>> = {
  query: 'Only reads.',
  mutation: 'Changes something: needs the token of the session.',
  download: 'A file.',
}

/** @param secure whether the origin is https: the session's cookie has another name then */
export function dashboardPart(secure: boolean) {
  return {
    tags: Object.keys(areas).map((name) => ({ name, description: `Dashboard: ${wordsOf(name).toLowerCase()}.` })),
    paths: Object.fromEntries(
      Object.entries(areas).flatMap(([area, endpoints]) =>
        Object.entries(endpoints as unknown as Readonly<Record<string, Endpoint>>).map(([name, endpoint]) => [
          `/api/${area}/${name}`,
          { [endpoint.kind === 'download' ? 'get' : 'post']: operation(area, name, endpoint) },
        ]),
      ),
    ) as Json,
    responses: refusals.components,
    securitySchemes: {
      session: { type: 'apiKey', in: 'cookie', name: secure ? '__Host-mercat' : 'mercat', description: 'The session of a browser that is signed in.' },
      csrf: { type: 'apiKey', in: 'header', name: csrfHeader, description: 'The member csrf of what /api/session/current answers.' },
    },
  }
}

function operation(area: string, name: string, { kind, input }: Endpoint): Json {
  const { $schema: _, ...schema } = z.toJSONSchema(input, { target: 'draft-2020-12', io: 'input', reused: 'inline', unrepresentable: 'any' })
  return {
    operationId: `${area}_${name}`,
    tags: [area],
    summary: wordsOf(name),
    description: kinds[kind],
    security: [kind === 'mutation' ? { session: [], csrf: [] } : { session: [] }],
    ...(kind === 'download' ? { parameters: parametersOf(schema) } : { requestBody: { required: (schema.required ?? []).length > 0, content: jsonBody(schema) } }),
    responses: { 200: kind === 'download' ? file : answer, ...refusals.byStatus },
  }
}

const answer = { description: 'The answer.', content: jsonBody({ type: 'object' }) }
const file = { description: 'The file.', content: { '*/*': {} } }

function parametersOf({ properties = {}, required = [] }: { properties?: Record<string, unknown>; required?: string[] }): Json[] {
  return Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', required: required.includes(name), schema }))
}
