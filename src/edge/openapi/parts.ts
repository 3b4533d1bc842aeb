/** What both halves of the OpenAPI document are written with: its JSON, its errors by status, and names as words. Pure. */
import { type ErrorCode, errorTable } from '../../core/errors.ts'

export type Json = Readonly<Record<string, unknown>>

export const refTo = (kind: 'schemas' | 'responses', name: string): Json => ({ $ref: `#/components/${kind}/${name}` })
export const jsonBody = (schema: unknown): Json => ({ 'application/json': { schema } })

const textual = { type: 'string' }
const texts = { type: 'array', items: textual }

/** What every refusal of the API holds (core/errors.ts, ErrorDetails). */
export const errorSchema: Json = {
  type: 'object',
  properties: {
    error: {
      type: 'object',
      properties: {
        code: { ...textual, description: 'Which error: stays the same from version to version.' },
        message: { ...textual, description: 'A sentence for people.' },
        hint: { ...textual, description: 'What to do next.' },
        argument: { ...textual, description: 'The argument at fault, as a path.' },
        value: { ...textual, description: 'The value at fault, clipped.' },
        nearest: { ...texts, description: 'Near misses, best first.' },
        allowed: { ...texts, description: 'All allowed values, where they are few.' },
        scopes: { ...texts, description: 'Scopes that are missing.' },
        retryAfter: { type: 'integer', description: 'Seconds until a retry makes sense.' },
        reference: { ...textual, description: 'Where the log of this Mercat has more.' },
      },
      required: ['code', 'message'],
    },
  },
  required: ['error'],
}

/**
 * The errors as responses by status: each says its codes and what they mean.
 * @param prefix of their names among the components
 * @param more members of `error` that only these have
 */
export function errorResponses(prefix: string, codes: readonly ErrorCode[], more: Json = {}): { readonly components: Json; readonly byStatus: Json } {
  const statuses = Map.groupBy(codes, (code) => errorTable[code].status)
  const components = [...statuses].map(([status, same]) => {
    const members = { type: 'object', properties: { error: { type: 'object', properties: { code: { enum: same }, ...more } } } }
    return [
      `${prefix}${status}`,
      {
        description: same.map((code) => `\`${code}\`: ${errorTable[code].means}`).join(' '),
        ...(status === 429 || status === 503 ? { headers: { 'Retry-After': { description: 'Seconds until a retry makes sense.', schema: { type: 'integer' } } } } : {}),
        content: jsonBody({ allOf: [refTo('schemas', 'Error'), members] }),
      },
    ] as const
  })
  return {
    components: Object.fromEntries(components),
    byStatus: Object.fromEntries([...statuses.keys()].map((status) => [status, refTo('responses', `${prefix}${status}`)])),
  }
}

/** "changeStatus" → "Change status". */
export function wordsOf(name: string): string {
  const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
  return words.charAt(0).toUpperCase() + words.slice(1)
}
