/** Reads a JSON-RPC message, and headers, as they came: unknown, and perhaps no message at all. Judges nothing. */

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
