/** The Model Context Protocol at the wire: both eras on one endpoint, each request whole. Who is asking was settled before, what a tool does comes after. */
import {
  type CallToolRequest,
  type CallToolResult,
  CLIENT_CAPABILITIES_META_KEY,
  createMcpHandler,
  type InputRequiredResult,
  inputRequired,
  MissingRequiredClientCapabilityError,
  ProtocolError,
  ProtocolErrorCode,
  Server,
  type ServerContext,
  SERVER_INFO_META_KEY,
} from '@modelcontextprotocol/server'
import { z } from 'zod'
import type { Principal } from '../core/access.ts'
import { describeError, MercatError } from '../core/errors.ts'
import type { CallOutcome, Pipeline } from '../catalog/call.ts'
import { createListings, type ListedTool } from '../catalog/listing.ts'
import type { Narrowing } from '../catalog/offer.ts'
import { type BuiltViews, viewsExtension } from '../catalog/views.ts'
import { type Confirmations, confirmKey, type Question } from './confirm.ts'
import { guideParams, type Guides, type GuidesOf } from './guides.ts'
import { instructions } from './instructions.ts'
import { argumentsOf, type Headers, methodOf, requestShape, withoutArguments, withoutContent } from './message.ts'
import { type PlainCall, plainCall } from './plain-call.ts'
import { throttled } from './progress.ts'
import { answerResult, errorData, errorResult, viewedResult } from './results.ts'
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
  readonly callTool: (request: CallToolRequest, context: ServerContext) => Promise<CallToolResult | InputRequiredResult>
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
  readonly confirmations: Confirmations
  readonly views: Pick<BuiltViews, 'has'>
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

export function createMcpEndpoint({ pipeline, tasks, guides, confirmations, views, version, origin, onError, extend }: McpOptions): McpEndpoint {
  const info = { name: 'mercat', title: 'Mercat', version, websiteUrl: origin }
  const list = createListings(pipeline.catalog, views)

  // Called for every request: it registers the one handler the request needs, and nothing about tools that are not called.
  const handler = createMcpHandler(
    ({ authInfo, era }) => {
      if (!authInfo) throw new Error('A request came to the protocol without passing the gate')
      const { request, told } = authInfo.extra as unknown as { request: McpRequest; told: Told }
      const { principals, narrowing, body } = request
      const server = new Server(info, {
        capabilities: { tools: {}, prompts: {}, resources: {}, completions: {}, extensions: { [viewsExtension]: {}, ...(era === 'modern' ? { [tasksExtension]: {} } : {}) } },
        instructions,
        cacheHints,
      })
      const only = methodOf(body)
      // Of a batch, which has no method of its own, each may be.
      const asked = (method: string) => only === undefined || only === method
      const listTools = () => list(principals, narrowing)
      const callTool: McpHandlers['callTool'] = async ({ params }, { mcpReq }) => {
        const token = mcpReq._meta?.progressToken
        const call = {
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
        }
        const capabilities = capabilitiesOf({ mcpReq })
        const done = confirmations.concerns(call, capabilities)
          ? await confirmations.call(call, { state: mcpReq.requestState(), responses: mcpReq.inputResponses })
          : { outcome: await pipeline.call(call) }
        return 'ask' in done ? asking(done.ask) : (resultOf(done.outcome, params.name, declaresTasks(capabilities), told) as CallToolResult)
      }
      const answerTask: McpHandlers['tasks'] = async (method, taskId, context) => {
        if (!declaresTasks(capabilitiesOf(context))) throw new MissingRequiredClientCapabilityError(tasksRequired)
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
  async function answerDirectly({ id, name, modern, capabilities }: PlainCall, { body, principals, narrowing, signal }: McpRequest, told: Told): Promise<string> {
    const outcome = await pipeline.call({ name, arguments: argumentsOf(body), principals, narrowing, signal })
    try {
      const result = resultOf(outcome, name, declaresTasks(capabilities), told)
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
      const { view } = pipeline.catalog.find(name)?.tool ?? {}
      if (!outcome.job || !tasking) return view && views.has(view) ? viewedResult(outcome) : answerResult(outcome)
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
      // A tool that is not of the catalog may be the extension's; one that must be confirmed takes two rounds.
      const direct =
        plain && (!extend || pipeline.catalog.find(plain.name)) && !confirmations.concerns({ name: plain.name, arguments: argumentsOf(request.body) }, plain.capabilities)
      if (direct) return { body: await answerDirectly(plain, request, told), retryAfter: told.retryAfter }
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

/** What the client of this request says it can do; undefined in the older era. */
function capabilitiesOf({ mcpReq }: Pick<ServerContext, 'mcpReq'>): unknown {
  return (mcpReq.envelope as Record<string, unknown> | undefined)?.[CLIENT_CAPABILITIES_META_KEY]
}

function asking({ message, requestedSchema, requestState }: Question): InputRequiredResult {
  return inputRequired({ inputRequests: { [confirmKey]: inputRequired.elicit({ mode: 'form', message, requestedSchema }) }, requestState })
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
