/** Finds the calls that need nothing of the SDK's server, so that they can be answered without building one. Judges no token and runs no tool. */
import { CLIENT_CAPABILITIES_META_KEY, classifyInboundRequest, SUPPORTED_PROTOCOL_VERSIONS } from '@modelcontextprotocol/server'
import { type Headers, methodOf, single, withoutArguments } from './message.ts'

export interface PlainCall {
  readonly id: string | number
  readonly name: string
  readonly modern: boolean
  /** What the client says it can do; undefined in the older era, whose calls do not say. */
  readonly capabilities: unknown
}

const modernRevision = '2026-07-28'

/**
 * The call, when the request is an entirely ordinary tools/call: well-formed by the SDK's own classification, with exactly the headers its revision asks for,
 * and nothing that needs a stream (progress) or a second round. Whatever is only a little unusual goes to the SDK, which answers or refuses it.
 */
export function plainCall({ headers, body }: { readonly headers: Headers; readonly body: unknown }): PlainCall | undefined {
  if (methodOf(body) !== 'tools/call') return undefined
  const { id, params } = body as { id?: unknown; params?: unknown }
  if (typeof id !== 'string' && !Number.isSafeInteger(id)) return undefined
  if (typeof params !== 'object' || params === null || !('name' in params) || typeof params.name !== 'string') return undefined
  const known = Object.keys(params).every((key) => key === 'name' || key === 'arguments' || key === '_meta')
  const meta = '_meta' in params ? params._meta : undefined
  if (!known || (meta !== undefined && (typeof meta !== 'object' || meta === null || 'progressToken' in meta))) return undefined
  const version = single(headers['mcp-protocol-version'])
  const method = single(headers['mcp-method'])
  const name = single(headers['mcp-name'])
  const outcome = classifyInboundRequest({
    httpMethod: 'POST',
    body: withoutArguments(body),
    ...(version === undefined ? {} : { protocolVersionHeader: version }),
    ...(method === undefined ? {} : { mcpMethodHeader: method }),
    ...(name === undefined ? {} : { mcpNameHeader: name }),
  })
  const call = { id: id as string | number, name: params.name }
  if (outcome.kind === 'modern') {
    const exact = outcome.classification.revision === modernRevision && version === modernRevision && method === 'tools/call' && name === params.name
    return exact ? { ...call, modern: true, capabilities: (meta as Record<string, unknown> | undefined)?.[CLIENT_CAPABILITIES_META_KEY] } : undefined
  }
  if (outcome.kind !== 'legacy' || outcome.reason !== 'no-claim') return undefined
  const accept = single(headers.accept) ?? ''
  const welcome = accept.includes('application/json') && accept.includes('text/event-stream') && (version === undefined || SUPPORTED_PROTOCOL_VERSIONS.includes(version))
  return welcome ? { ...call, modern: false, capabilities: undefined } : undefined
}
