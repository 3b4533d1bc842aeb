/**
 * Asks the person before a call that creates something, where their client can show a form (elicitation, 2026-07-28). Keeps nothing: a signed state travels with the question,
 * and whoever repeats a confirmed call finds what it made. Clients that cannot ask are served as ever. Knows no SDK; makes nothing itself.
 */
import { randomBytes } from 'node:crypto'
import type { CallOutcome, CallRequest, Pipeline } from '../catalog/call.ts'
import type { ToolDefinition } from '../catalog/define.ts'
import type { CatalogTool } from '../catalog/offer.ts'
import type { Clock } from '../core/clock.ts'
import { MercatError } from '../core/errors.ts'
import { sha256 } from '../core/hash.ts'
import { canonicalJson, isObject } from '../core/json.ts'
import { clip } from '../core/text.ts'
import type { Identity } from '../identity/index.ts'

/** What the client shows, and what it sends back with the person's answer. */
export interface Question {
  readonly message: string
  readonly requestedSchema: { type: 'object'; properties: Record<'make', { type: 'boolean'; title: string; default: boolean }>; required: string[] }
  readonly requestState: string
}

/** The second round of a call, as it came: neither is to be trusted. */
export interface Round {
  readonly state: unknown
  readonly responses: unknown
}

/** The key of our one question among a round's requests and responses. */
export const confirmKey = 'confirm'

export interface Confirmations {
  /** Whether a call is one to ask about: it would create something, and the client can show a form. */
  readonly concerns: (call: Pick<CallRequest, 'name' | 'arguments'>, capabilities: unknown) => boolean
  /** The question, or how the call ended: made once the person agreed, not made where they declined, refused where the state is not ours for this call. Never throws. */
  readonly call: (request: CallRequest, round: Round) => Promise<{ readonly ask: Question } | { readonly outcome: CallOutcome }>
}

export interface ConfirmOptions {
  readonly pipeline: Pick<Pipeline, 'catalog' | 'call'>
  readonly proofs: Identity['proofs']
  readonly clock: Clock
}

const tenMinutes = 600_000
const nonceBytes = 18
/** A dialog is read in one look. */
const longestMessage = 1500

export function createConfirmations({ pipeline, proofs, clock }: ConfirmOptions): Confirmations {
  const creating = (name: string) => {
    const entry = pipeline.catalog.find(name)
    return entry && entry.tool.effect !== 'read' && 'validateOnly' in entry.tool.input.shape ? entry : undefined
  }

  /** What a state stands for, besides its number and its end: it is good for this person, app, accounts, tool and arguments alone. */
  const signed = ({ tool }: CatalogTool, { principals, arguments: given }: CallRequest, nonce: string, until: string) => {
    const [first] = principals
    const accounts = principals.map(({ account }) => account.id).sort()
    return ['confirm', first?.userId ?? '', first?.clientId ?? '', accounts.join(' '), tool.name, sha256(canonicalJson(given ?? {})), nonce, until]
  }

  /** The number of a state that is ours, for this call, and not too old. */
  function nonceOf(entry: CatalogTool, request: CallRequest, state: unknown): string | undefined {
    const [nonce = '', until = '', proof = ''] = typeof state === 'string' ? state.split('.') : []
    if (!nonce || !(Number(until) > clock().getTime())) return undefined
    try {
      return proofs.verify(proof, ...signed(entry, request, nonce, until)) ? nonce : undefined
    } catch {
      // Arguments nested deeper than anything can be written again: no state of ours is for them.
      return undefined
    }
  }

  const rehearse = async (request: CallRequest) => await pipeline.call({ ...request, arguments: withArguments(request.arguments, { validateOnly: true }) })

  async function ask(entry: CatalogTool, request: CallRequest): ReturnType<Confirmations['call']> {
    const outcome = await rehearse(request)
    if (!outcome.ok) return { outcome }
    const nonce = randomBytes(nonceBytes).toString('base64url')
    const until = String(clock().getTime() + tenMinutes)
    const { title, effect } = entry.tool
    return {
      ask: {
        message: messageOf(entry.tool, outcome.structured, outcome.account),
        requestedSchema: {
          type: 'object',
          properties: { make: { type: 'boolean', title: effect === 'draft' ? 'Make this draft?' : `${title}?`, default: true } },
          required: ['make'],
        },
        requestState: `${nonce}.${until}.${proofs.sign(...signed(entry, request, nonce, until))}`,
      },
    }
  }

  /** An answer like that of `validateOnly`, which is what it is: the schema of the tool's answers holds, and nothing was made. */
  async function declined(request: CallRequest): Promise<CallOutcome> {
    const outcome = await rehearse(request)
    return outcome.ok ? { ...outcome, text: 'The person declined: nothing was made. Do not call the tool again unless they ask for it.' } : outcome
  }

  return {
    concerns: ({ name, arguments: given }, capabilities) => showsForms(capabilities) && creating(name) !== undefined && !(isObject(given) && given.validateOnly === true),
    call: async (request, { state, responses }) => {
      const entry = creating(request.name)
      if (!entry) return { outcome: await pipeline.call(request) }
      const response = isObject(responses) ? responses[confirmKey] : undefined
      if (state === undefined || !isObject(response)) return await ask(entry, request)
      const nonce = nonceOf(entry, request, state)
      if (nonce === undefined) return { outcome: { ok: false, error: notOurs() } }
      const agreed = response.action === 'accept' && isObject(response.content) && response.content.make === true
      if (!agreed) return { outcome: await declined(request) }
      // The state's number is the key of the write: the same confirmed request sent twice makes one thing, and finds it the second time.
      const key = isObject(request.arguments) ? request.arguments.idempotencyKey : undefined
      return { outcome: await pipeline.call({ ...request, arguments: withArguments(request.arguments, { idempotencyKey: key ?? `confirmed-${nonce}` }) }) }
    },
  }
}

function notOurs(): MercatError {
  return new MercatError('invalid_arguments', 'This confirmation is not one for this call, or is older than 10 minutes: nothing was made', {
    argument: 'requestState',
    hint: 'Call the tool again without requestState and inputResponses; the person is asked anew.',
  })
}

/** Form elicitation: said so, or nothing said of what kind (2026-07-28, "Elicitation", capabilities). */
function showsForms(capabilities: unknown): boolean {
  const elicitation = isObject(capabilities) ? capabilities.elicitation : undefined
  return isObject(elicitation) && ('form' in elicitation || !('url' in elicitation))
}

/** Missing arguments are none; what is no object stays as it is, for the pipeline to refuse. */
function withArguments(given: unknown, more: Record<string, unknown>): unknown {
  return given === undefined || given === null || isObject(given) ? { ...given, ...more } : given
}

/** What would be made, for a person to read: the answer's own words, or its text without marks and without what an assistant should do next. */
function messageOf({ title, effect, render }: ToolDefinition, structured: Record<string, unknown>, account: string): string {
  const { words } = structured
  const lines = Array.isArray(words)
    ? words.map(String)
    : render(structured, () => '')
        .split('\n')
        .filter((line) => !line.startsWith('Next: '))
        .map((line) => line.replaceAll('**', '').replace(/\\([|`<>])/g, '$1'))
  const after = effect === 'draft' ? 'It stays a draft until a person approves it in the dashboard.' : 'It is there at once, for everyone in the account.'
  return `${title} in ${account}\n\n${clip(lines.join('\n'), longestMessage)}\n\n${after}`
}
