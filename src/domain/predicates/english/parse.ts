/** Reads a description of an audience in English as a predicate tree: deterministic, in time that grows with its length, and whole or not at all. The grammar is in docs/audiences-in-english.md. */
import { MercatError } from '../../../core/errors.ts'
import { clip } from '../../../core/text.ts'
import { explain } from '../explain.ts'
import { groupOf, pathText, predicateSchema } from '../schema.ts'
import type { Predicate } from '../tree.ts'
import { understand } from '../understand.ts'
import { lexiconOf } from './lexicon.ts'
import { Fault, Reader } from './reader.ts'
import type { Reading } from './reading.ts'
import { readSequence } from './sequence.ts'
import type { English, EnglishContext, NotUnderstood, Understood } from './types.ts'

/** Longest text that is read, in characters. */
export const mostEnglish = 2000

const leadIns = [
  'find',
  'find me',
  'show',
  'show me',
  'list',
  'get',
  'give me',
  'select',
  'target',
  'reach',
  'i want',
  'we want',
  'i want to reach',
  'we want to reach',
  'please find',
]

/** The predicate tree that the text says, if every word of it is understood, in one way only. Never throws for what people write. */
export function parseEnglish(text: string, context: EnglishContext): English {
  if (text.length > mostEnglish) return { tree: null, phrases: [], notUnderstood: [tooLong(text)] }
  const reading = readingOf(text, context)
  reading.reader.take(...leadIns)
  const tree = readWhole(reading, () => readAudience(reading))
  return answerOf(reading, tree)
}

export const tooLong = (text: string): NotUnderstood => ({ text: clip(text, 60), from: 0, to: text.length, why: `Longer than ${mostEnglish} characters` })

export function readingOf(text: string, context: EnglishContext): Reading {
  return { reader: new Reader(text), lexicon: lexiconOf(context), spans: new Map(), clauses: [], faults: [] }
}

/** Runs what reads, and keeps its fault. */
export function readWhole<Value>(reading: Reading, read: () => Value): Value | null {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    reading.faults.push(error)
    return null
  }
}

/** A sequence up to the end of the sentence. */
export function readAudience(reading: Reading): Predicate | null {
  const { reader } = reading
  const tree = readSequence(reading, 1)
  reader.take('.', '!')
  if (!reader.ended && reading.faults.length === 0) throw reader.fault('Does not belong here')
  return tree
}

/** The tree as the vocabulary understands it; null, with a fault where it stands in the sentence, when it does not. */
export function checked(reading: Reading, tree: Predicate): Predicate | null {
  const parsed = predicateSchema.safeParse(tree)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    reading.faults.push(faultAt(reading, tree, pathText((issue?.path ?? []) as (string | number)[]), issue?.message ?? 'Not a rule'))
    return null
  }
  try {
    return understand(tree, reading.lexicon.context.vocabulary)
  } catch (error) {
    if (!(error instanceof MercatError)) throw error
    const { argument = '', nearest } = error.details as { argument?: string; nearest?: readonly string[] }
    reading.faults.push(faultAt(reading, tree, argument, error.message, nearest?.length ? `Nearest: ${nearest.join(', ')}` : undefined))
    return null
  }
}

/** A fault at the predicate the path leads to, or the closest around it that was noted. */
function faultAt({ reader, spans }: Reading, tree: Predicate, path: string, why: string, hint?: string): Fault {
  let found = spans.get(tree)
  walk(tree, [], (predicate, at) => {
    if (path === at || path.startsWith(`${at}.`)) found = spans.get(predicate) ?? found
  })
  return new Fault(why, found?.from ?? 0, found?.to ?? reader.text.length, hint)
}

function walk(tree: Predicate, path: (string | number)[], visit: (predicate: Predicate, path: string) => boolean | void): void {
  if (visit(tree, pathText(path)) === false) return
  const inner = groupOf(tree)
  for (const [index, member] of (inner?.members ?? []).entries()) walk(member, [...path, inner?.group ?? '', index], visit)
}

function answerOf(reading: Reading, raw: Predicate | null): English {
  const tree = raw && reading.faults.length === 0 ? checked(reading, raw) : null
  return { tree, phrases: phrasesOf(reading, tree ? raw : null), notUnderstood: notUnderstood(reading) }
}

/** What each part became: of a tree with the paths, of what came to nothing the clauses that were read. */
export function phrasesOf(reading: Reading, tree: Predicate | null): Understood[] {
  const found: Understood[] = []
  const shown = new Map((reading.lexicon.context.names ?? []).map(({ key, name }) => [key, name]))
  const add = (predicate: Predicate, path: string) => {
    const span = reading.spans.get(predicate)
    if (!span) return false
    found.push({ text: clip(reading.reader.text.slice(span.from, span.to), 200), ...span, path, means: explain(predicate, shown).text.replace(/^Customers /, '') })
    return true
  }
  if (!tree) for (const clause of reading.clauses) add(clause, '')
  else
    walk(tree, [], (predicate, path) => {
      const members = groupOf(predicate)?.members
      if (members?.every((member) => reading.spans.has(member))) return true
      return !add(predicate, path)
    })
  return found
}

export function notUnderstood({ faults, reader }: Reading): NotUnderstood[] {
  return faults.map(({ from, to, message, hint }) => ({ text: clip(reader.text.slice(from, to), 200), from, to, why: message, ...(hint ? { hint } : {}) }))
}
