/** Reads a JSON-RPC message, and headers, as they came: unknown, and perhaps no message at all. Judges nothing. */

/** Lower-case names, as node:http gives them. */
export type Headers = Readonly<Record<string, string | string[] | undefined>>

export function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(', ') : header
}

export function methodOf(body: unknown): string | undefined {
  return typeof body === 'object' && body !== null && 'method' in body && typeof body.method === 'string' ? body.method : undefined
}

/** The arguments as they came: the pipeline parses them, whatever they are, and says what is wrong in words a model can act on. */
export function argumentsOf(body: unknown): unknown {
  const { params } = body as { params?: { arguments?: unknown } }
  return params?.arguments
}

/** What the SDK sees of a call. Without the arguments it has nothing to refuse in terms of its own schema, and nothing to copy. */
export function withoutArguments(body: unknown): unknown {
  if (methodOf(body) !== 'tools/call') return body
  const { params, ...rest } = body as { params?: unknown }
  if (typeof params !== 'object' || params === null || !('arguments' in params)) return body
  const { arguments: _, ...others } = params
  return { ...rest, params: others }
}

/** The SDK takes a task for an answer that forgot its content, and adds an empty one: a task has none. */
export async function withoutContent(response: Response): Promise<Response | string> {
  if (!response.headers.get('content-type')?.startsWith('application/json')) return response
  const { result, ...message } = (await response.json()) as { result: Record<string, unknown> }
  const { content: _, ...task } = result
  return JSON.stringify({ ...message, result: task })
}

/**
 * What the SDK reads of a Request when the body is given parsed: method, headers.get, signal. A real one costs a tenth of a whole call
 * (header validation, body stream), and everything in it was checked at the gate.
 */
export function requestShape({ headers, signal }: { readonly headers: Headers; readonly signal: AbortSignal }): Request {
  return {
    method: 'POST',
    headers: { get: (name: string) => single(headers[name.toLowerCase()]) ?? null },
    signal,
  } as unknown as Request
}
