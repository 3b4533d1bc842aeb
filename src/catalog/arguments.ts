/** Turns a caller's arguments into a tool's input, or into one `invalid_arguments` error that says which field, what came and what to send. */
import type { z } from 'zod'
import { MercatError } from '../core/errors.ts'
import { clip, inline, nearest } from '../core/text.ts'

const mostProblems = 5
const mostAllowed = 30

interface Problem {
  readonly argument: string
  readonly text: string
  readonly value?: string
  readonly nearest?: readonly string[]
  readonly allowed?: readonly string[]
}

/** @param given what came as `arguments`; missing or null is the empty object. */
export function parseArguments<Schema extends z.ZodObject>(schema: Schema, given: unknown): z.output<Schema> {
  const parsed = schema.safeParse(given ?? {})
  if (parsed.success) return parsed.data
  throw explain(parsed.error.issues, given, Object.keys(schema.shape))
}

/** One error for all issues of Zod; the first few are named, the rest counted. */
function explain(issues: readonly z.core.$ZodIssue[], given: unknown, fields: readonly string[]): MercatError {
  const problems = issues.flatMap((issue) => problemsOf(issue, given, fields))
  const shown = problems.slice(0, mostProblems)
  const [first] = shown
  const more = problems.length - shown.length
  const message = `${shown.map(({ text }) => text).join('; ')}${more > 0 ? `; and ${more} more` : ''}`
  return new MercatError('invalid_arguments', message, {
    ...(first ? { argument: first.argument } : {}),
    ...(first?.value === undefined ? {} : { value: first.value }),
    // One problem carries its lists as such; of several, each says its own within the message.
    ...(shown.length === 1 && first?.nearest?.length ? { nearest: first.nearest } : {}),
    ...(shown.length === 1 && first?.allowed?.length ? { allowed: first.allowed } : {}),
    ...(shown.length === 1 ? {} : { hint: 'Nothing was done; correct the arguments and call again.' }),
  })
}

function problemsOf(issue: z.core.$ZodIssue, given: unknown, fields: readonly string[]): Problem[] {
  const argument = pathText(issue.path)
  const value = valueAt(given, issue.path)
  const shown = describe(value)
  const wrong = (send: string, lists: Pick<Problem, 'nearest' | 'allowed'> = {}): Problem[] => [
    {
      argument,
      text: value === undefined ? `${argument} is missing: send ${send}` : `${argument} is ${shown}: send ${send}`,
      ...(value === undefined ? {} : { value: shown }),
      ...lists,
    },
  ]
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => {
        const owner = issue.path.length ? [] : fields
        const close = nearest(clip(key, 64), owner)
        const name = `${issue.path.length ? `${argument}.` : ''}${inline(clip(key, 64))}`
        const advice = close.length
          ? `did you mean ${close.join(' or ')}?`
          : owner.length
            ? `the fields are ${owner.join(', ')}`
            : owner === fields
              ? 'this tool takes no arguments'
              : 'leave it out'
        return { argument: name, text: `${name} is not a field here: ${advice}` }
      })
    case 'invalid_value': {
      const allowed = issue.values.slice(0, mostAllowed).map(String)
      const close = typeof value === 'string' ? nearest(clip(value, 64), allowed) : []
      return wrong(`one of ${allowed.join(', ')}${close.length ? ` (nearest: ${close.join(', ')})` : ''}`)
    }
    case 'invalid_type':
      return wrong(article(typeNames[issue.expected] ?? issue.expected))
    case 'too_small':
      return wrong(sizeText(issue.origin, issue.inclusive === false ? 'more than' : 'at least', issue.minimum))
    case 'too_big':
      return wrong(sizeText(issue.origin, issue.inclusive === false ? 'less than' : 'at most', issue.maximum))
    case 'not_multiple_of':
      return wrong(`a multiple of ${issue.divisor}`)
    case 'invalid_format':
      return wrong(issue.format === 'regex' ? clip(issue.message, 160) : `a valid ${issue.format}`)
    case 'invalid_union':
      return wrong(unionText(issue))
    default:
      return wrong(clip(issue.message, 200))
  }
}

const typeNames: Record<string, string> = {
  string: 'text',
  number: 'number',
  int: 'whole number',
  boolean: 'true or false',
  array: 'list',
  object: 'object',
  null: 'null',
  record: 'object',
  date: 'date',
}

function article(name: string): string {
  return name === 'text' || name === 'true or false' || name === 'null' ? name : /^[aeiou]/.test(name) ? `an ${name}` : `a ${name}`
}

function sizeText(origin: string, bound: string, size: number | bigint): string {
  if (origin === 'string') return `text of ${bound} ${size} character${size === 1 ? '' : 's'}`
  if (origin === 'array' || origin === 'set') return `a list of ${bound} ${size} item${size === 1 ? '' : 's'}`
  return `a number of ${bound} ${size}`
}

/** What any branch of a union would take, as far as its branches say it by type or value. */
function unionText(issue: z.core.$ZodIssueInvalidUnion): string {
  const wants = new Set<string>()
  for (const branch of issue.errors) {
    for (const inner of branch.slice(0, 1)) {
      if (inner.code === 'invalid_type') wants.add(article(typeNames[inner.expected] ?? inner.expected))
      else if (inner.code === 'invalid_value') for (const value of inner.values.slice(0, mostAllowed)) wants.add(String(value))
      else wants.add(clip(inner.message, 80))
    }
  }
  return wants.size ? [...wants].join(' or ') : 'one of the forms of the schema'
}

/** `metrics[2]`, `where.all[0].op`; the empty path is the arguments themselves. */
function pathText(path: readonly PropertyKey[]): string {
  if (!path.length) return 'arguments'
  return path.map((part, at) => (typeof part === 'number' ? `[${part}]` : `${at ? '.' : ''}${inline(clip(String(part), 64))}`)).join('')
}

function valueAt(given: unknown, path: readonly PropertyKey[]): unknown {
  let at = path.length ? given : (given ?? {})
  for (const part of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, part)) return undefined
    at = (at as Record<PropertyKey, unknown>)[part]
  }
  return at
}

/** A value as an error may repeat it: short, one line, inert. */
function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(clip(inline(value.slice(0, 200)), 60))
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (value !== null && typeof value === 'object') return 'an object'
  return String(value)
}
