/** Tools called in a test: over HTTP as a person, or without a server as the pipeline does. */
import { parseArguments } from '../src/catalog/arguments.ts'
import { tools } from '../src/catalog/tools/index.gen.ts'
import type { Principal } from '../src/core/access.ts'
import { createServices, type Stores } from '../src/domain/index.ts'
import { callBody, messageOf, type PersonName, type TestApp, type ToolAnswer } from './app.ts'

export interface CallOptions {
  /** `/c/acme` unless given; `/mcp`, `/c/acme?read_only=1` … */
  readonly path?: string
  /** Scopes of the token; default: all the person may have. */
  readonly scope?: string
}

/** The HTTP answer to a tool call of a person. */
export async function askAs(app: TestApp, person: PersonName, tool: string, args?: unknown, { path = '/c/acme', scope }: CallOptions = {}): Promise<Response> {
  return await app.post(path, callBody(tool, args), { authorization: `Bearer ${await app.token(person, path.replace(/^\/|\?.*$/g, ''), scope)}` })
}

/** What a tool answers to a person, or its refusal as an answer. Throws on an error of the protocol. */
export async function callAs(app: TestApp, person: PersonName, tool: string, args?: unknown, options?: CallOptions): Promise<ToolAnswer> {
  return await answerOf(await askAs(app, person, tool, args, options))
}

/** The tool's answer in an HTTP answer. Throws when there is none. */
export async function answerOf(response: Response): Promise<ToolAnswer> {
  const { result, error } = await messageOf(response)
  if (response.status !== 200 || !result || error) throw new Error(`No result (${response.status}): ${JSON.stringify(error)}`)
  return result
}

/** The code of a refused call. */
export const codeOf = (answer: { readonly _meta?: Record<string, unknown> | undefined }): string | undefined =>
  (answer._meta?.['mercat/error'] as { code: string } | undefined)?.code

/** Structured answer and text of a tool without a server: strict parse, run, output check, render. Throws the MercatError a caller would get. */
export async function callTool<Answer = Record<string, unknown>>(
  stores: Stores,
  principal: Principal,
  name: string,
  given: unknown = {},
): Promise<{ structured: Answer; text: string }> {
  const tool = tools.find((entry) => entry.tool.name === name)?.tool
  if (!tool) throw new Error(`No tool ${name}`)
  const ctx = { ...createServices(stores)(principal), principal, signal: new AbortController().signal, progress: () => {} }
  const structured = tool.output.parse(await tool.run({ input: parseArguments(tool.input, given), ctx }))
  return { structured: structured as Answer, text: tool.render(structured, () => '') }
}
