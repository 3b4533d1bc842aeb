/** The Model Context Protocol at the wire: both eras on one endpoint, each request whole. The only importer of the MCP SDK; who is asking was settled before, what a tool does comes after. */
import {
  type CallToolRequest,
  type CallToolResult,
  CLIENT_CAPABILITIES_META_KEY,
  classifyInboundRequest,
  createMcpHandler,
  MissingRequiredClientCapabilityError,
  ProtocolError,
  ProtocolErrorCode,
  Server,
  type ServerContext,
  SERVER_INFO_META_KEY,
  SUPPORTED_PROTOCOL_VERSIONS,
} from '@modelcontextprotocol/server'
import { z } from 'zod'
import type { Principal } from '../core/access.ts'
import { describeError, MercatError } from '../core/errors.ts'
import type { CallOutcome, Pipeline } from '../catalog/call.ts'
import { createListings, type ListedTool } from '../catalog/listing.ts'
import type { Narrowing } from '../catalog/offer.ts'
import { guideParams, type Guides, type GuidesOf } from './guides.ts'
import { instructions } from './instructions.ts'
import { argumentsOf, type Headers, methodOf, requestShape, single, withoutArguments, withoutContent } from './message.ts'
import { throttled } from './progress.ts'
import { answerResult, errorData, errorResult } from './results.ts'
import { declaresTasks, taskMethods, type TaskMethod, taskOf, type Tasks, tasksExtension, tasksRequired } from './tasks.ts'

/** One POST after the gate. */
export interface McpRequest {
  readonly headers: Headers
  /** The JSON that came. */
  readonly body: unknown
  readonly principals: readonly Principal[]
  readonly narrowing: Narrowing
  /** Aborts when the caller leaves. */
  readonly signal: AbortSignal
}

/** An answer, and what of it HTTP says too. */
export interface McpAnswer {
  /** A text is the JSON of an answer with status 200. */
  readonly body: Response | string
  /** Seconds until a retry makes sense, when the call was refused for now. */
  readonly retryAfter: number | undefined
}

export interface McpEndpoint {
  readonly handle: (request: McpRequest) => Promise<McpAnswer>
  /** Ends open streams. */
  readonly close: () => Promise<void>
}

/** What Mercat answers on the server of one request. */
export interface McpHandlers {
  readonly listTools: () => ListedTool[]
  readonly callTool: (request: CallToolRequest, context: ServerContext) => Promise<CallToolResult>
  readonly tasks: (method: TaskMethod, taskId: string, context: ServerContext) => Promise<Record<string, unknown>>
  /** Prompts, resources and completions; a refusal is an error of the protocol. */
  readonly guides: Guides
}

/**
 * Sees the server of each request after our handlers are on it. For tests that need features of the protocol which the product does not have
 * (conformance suites: images, questions back, fixed texts); the product passes none.
 */
export type ExtendMcp = (server: Server, ours: McpHandlers) => void

export interface McpOptions {
  readonly pipeline: Pipeline
  readonly tasks: Tasks
  readonly guides: GuidesOf
  readonly version: string
  readonly origin: string
  readonly onError: (error: Error) => void
  readonly extend?: ExtendMcp | undefined
}

/** How long a client may keep what it was offered, for itself alone: a newly granted scope or a new tool shows within this time, without reconnecting. */
const kept = { ttlMs: 60_000, cacheScope: 'private' } as const
const cacheHints = {
  'server/discover': kept,
  'tools/list': kept,
  'prompts/list': kept,
  'resources/list': kept,
  'resources/templates/list': kept,
  'resources/read': kept,
}

export function createMcpEndpoint({ pipeline, tasks, guides, version, origin, onError, extend }: McpOptions): McpEndpoint {
  const info = { name: 'mercat', title: 'Mercat', version, websiteUrl: origin }
  const list = createListings(pipeline.catalog)

  // Called for every request: it registers the one handler the request needs, and nothing about tools that are not called.
  const handler = createMcpHandler(
    ({ authInfo, era }) => {
      if (!authInfo) throw new Error('A request came to the protocol without passing the gate')
      const { request, told } = authInfo.extra as unknown as { request: McpRequest; told: Told }
      const { principals, narrowing, body } = request
      const server = new Server(info, {
        capabilities: { tools: {}, prompts: {}, resources: {}, completions: {}, ...(era === 'modern' ? { extensions: { [tasksExtension]: {} } } : {}) },
        instructions,
        cacheHints,
      })
      const only = methodOf(body)
      // Of a batch, which has no method of its own, each may be.
      const asked = (method: string) => only === undefined || only === method
      const listTools = () => list(principals, narrowing)
      const callTool: McpHandlers['callTool'] = async ({ params }, { mcpReq }) => {
        const token = mcpReq._meta?.progressToken
        const outcome = await pipeline.call({
          name: params.name,
          arguments: params.arguments ?? argumentsOf(body),
          principals,
          narrowing,
          signal: mcpReq.signal,
          onProgress:
            token === undefined
              ? undefined
              : throttled(
                  (progress, total, message) =>
                    void mcpReq
                      .notify({
                        method: 'notifications/progress',
                        params: { progressToken: token, progress, ...(total === undefined ? {} : { total }), ...(message === undefined ? {} : { message }) },
                      })
                      .catch(onError),
                ),
        })
        return resultOf(outcome, params.name, declares({ mcpReq }), told) as CallToolResult
      }
      const answerTask: McpHandlers['tasks'] = async (method, taskId, context) => {
        if (!declares(context)) throw new MissingRequiredClientCapabilityError(tasksRequired)
        return { ...(await tasks.answer(method, taskId, principals).catch((error: unknown) => refuse(error, told))) }
      }
      if (asked('tools/call')) server.setRequestHandler('tools/call', callTool)
      if (asked('tools/list')) server.setRequestHandler('tools/list', () => ({ tools: listTools() }))
      const task = era === 'modern' ? taskMethods.find((method) => method === only) : undefined
      if (task) server.setRequestHandler(task, { params: taskParams }, ({ taskId }, context) => answerTask(task, taskId, context))
      const guided = refusing(guides(principals, narrowing), told)
      offerGuides(server, guided, asked)
      extend?.(server, { listTools, callTool, tasks: answerTask, guides: guided })
      return server
    },
    { legacy: 'stateless', onerror: onError },
  )

  /** A plain call, answered without the SDK's server: most of what a call would cost there is building a server for one request. */
  async function answerDirectly({ id, name, modern, tasking }: PlainCall, { body, principals, narrowing, signal }: McpRequest, told: Told): Promise<string> {
    const outcome = await pipeline.call({ name, arguments: argumentsOf(body), principals, narrowing, signal })
    try {
      const result = resultOf(outcome, name, tasking, told)
      // What the 2026-07-28 revision adds to every result ("Result", `resultType` and `_meta`).
      if (!modern) return JSON.stringify({ jsonrpc: '2.0', id, result })
      return JSON.stringify({
        jsonrpc: '2.0',
        id,
        result: { resultType: 'complete', ...result, _meta: { ...('_meta' in result ? result._meta : {}), [SERVER_INFO_META_KEY]: info } },
      })
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error
      return JSON.stringify({ jsonrpc: '2.0', id, error: { code: error.code, message: error.message } })
    }
  }

  /** Bad input and refusals are results the model can read and mend; only a tool that does not exist is a protocol error (-32602, in band). */
  function resultOf(outcome: CallOutcome, name: string, tasking: boolean, told: Told) {
    if (outcome.ok) {
      if (!outcome.job || !tasking) return answerResult(outcome)
      told.task = true
      return { resultType: 'task', ...taskOf(outcome.job) }
    }
    const { error } = outcome
    told.retryAfter = error.details.retryAfter
    if (error.code === 'unknown_tool' && !pipeline.catalog.find(name)) throw new ProtocolError(ProtocolErrorCode.InvalidParams, describeError(error))
    return errorResult(error)
  }

  return {
    handle: async (request) => {
      const told: Told = { retryAfter: undefined, task: false }
      if (wantsTaskNotices(request.body)) return { body: Response.json(noNotices(request.body), { status: 400 }), retryAfter: undefined }
      const plain = plainCall(request)
      // A tool that is not of the catalog may be the extension's.
      if (plain && (!extend || pipeline.catalog.find(plain.name))) return { body: await answerDirectly(plain, request, told), retryAfter: told.retryAfter }
      const body = await handler.fetch(requestShape(request), {
        parsedBody: withoutArguments(request.body),
        // The token itself stays outside: nothing behind the gate needs it.
        authInfo: { token: '', clientId: request.principals[0]?.clientId ?? '', scopes: [], extra: { request, told } },
      })
      return { body: told.task ? await withoutContent(body) : body, retryAfter: told.retryAfter }
    },
    close: handler.close,
  }
}

/** What of a request's answer more than its body must know. */
interface Told {
  retryAfter: number | undefined
  /** The answer is a task. */
  task: boolean
}

/** A subscription to tasks by a client that did not declare the extension must be refused ("Task Status Notifications"); one that did is told that it gets none, like every subscription. */
function wantsTaskNotices(body: unknown): boolean {
  if (methodOf(body) !== 'subscriptions/listen') return false
  const { params } = body as { params?: { notifications?: { taskIds?: unknown } | null; _meta?: Record<string, unknown> | null } | null }
  return params?.notifications?.taskIds !== undefined && !declaresTasks(params._meta?.[CLIENT_CAPABILITIES_META_KEY])
}

function noNotices(body: unknown): object {
  const { id } = body as { id?: unknown }
  const { code, message, data } = new MissingRequiredClientCapabilityError(tasksRequired)
  return { jsonrpc: '2.0', id: typeof id === 'string' || typeof id === 'number' ? id : null, error: { code, message, data } }
}

const taskParams = z.object({ taskId: z.string().min(1).max(200) })

/** Whether this request declared the extension. */
function declares({ mcpReq }: Pick<ServerContext, 'mcpReq'>): boolean {
  return declaresTasks((mcpReq.envelope as Record<string, unknown> | undefined)?.[CLIENT_CAPABILITIES_META_KEY])
}

/** What a caller wrote wrong is -32602, in band; anything else that was refused is -32603. The data say which. */
function refuse(error: unknown, told: Told, more: Record<string, unknown> = {}): never {
  if (!(error instanceof MercatError)) throw error
  told.retryAfter = error.details.retryAfter
  const wrong = error.status === 400 || error.status === 404
  throw new ProtocolError(wrong ? ProtocolErrorCode.InvalidParams : ProtocolErrorCode.InternalError, describeError(error), { ...more, 'mercat/error': errorData(error) })
}

function refusing(guides: Guides, told: Told): Guides {
  const refused = (error: unknown) => refuse(error, told)
  return {
    ...guides,
    getPrompt: (params) => guides.getPrompt(params).catch(refused),
    // "Error Handling" of resources: the data should name the address.
    readResource: (params) => guides.readResource(params).catch((error: unknown) => refuse(error, told, { uri: params.uri })),
    complete: (params) => guides.complete(params).catch(refused),
  }
}

function offerGuides(server: Server, guides: Guides, asked: (method: string) => boolean): void {
  if (asked('prompts/list')) server.setRequestHandler('prompts/list', () => guides.listPrompts())
  if (asked('prompts/get')) server.setRequestHandler('prompts/get', { params: guideParams.prompt }, (params) => guides.getPrompt(params))
  if (asked('resources/list')) server.setRequestHandler('resources/list', () => guides.listResources())
  if (asked('resources/templates/list')) server.setRequestHandler('resources/templates/list', () => guides.listTemplates())
  if (asked('resources/read')) server.setRequestHandler('resources/read', { params: guideParams.resource }, (params) => guides.readResource(params))
  if (asked('completion/complete')) server.setRequestHandler('completion/complete', { params: guideParams.completion }, (params) => guides.complete(params))
}

interface PlainCall {
  readonly id: string | number
  readonly name: string
  readonly modern: boolean
  /** Whether its answer may be a task. */
  readonly tasking: boolean
}

const modernRevision = '2026-07-28'

/**
 * The call, when the request is an entirely ordinary tools/call: well-formed by the SDK's own classification, with exactly the headers its revision asks for,
 * and nothing that needs a stream (progress) or a second round. Whatever is only a little unusual goes to the SDK, which answers or refuses it.
 */
function plainCall({ headers, body }: McpRequest): PlainCall | undefined {
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
    return exact ? { ...call, modern: true, tasking: declaresTasks((meta as Record<string, unknown> | undefined)?.[CLIENT_CAPABILITIES_META_KEY]) } : undefined
  }
  if (outcome.kind !== 'legacy' || outcome.reason !== 'no-claim') return undefined
  const accept = single(headers.accept) ?? ''
  const welcome = accept.includes('application/json') && accept.includes('text/event-stream') && (version === undefined || SUPPORTED_PROTOCOL_VERSIONS.includes(version))
  return welcome ? { ...call, modern: false, tasking: false } : undefined
}
