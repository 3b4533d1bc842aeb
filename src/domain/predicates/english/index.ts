/** Reads a rule that is written in plain English. Pure. */
import type { Condition, Predicate } from '../tree.ts'
import type { Vocabulary } from '../vocabulary.ts'

export interface EnglishContext {
  readonly vocabulary: Vocabulary
  /** `yyyy-MM-dd`. */
  readonly today: string
  readonly currency: string
  readonly names?: readonly { readonly field: 'campaign' | 'flow' | 'brand' | 'folder' | 'tag'; readonly name: string; readonly key: string }[]
}

interface Phrase {
  readonly text: string
  readonly from: number
  readonly to: number
  readonly path: string
  readonly means: string
}
interface Unknown {
  readonly text: string
  readonly from: number
  readonly to: number
  readonly why: string
  readonly hint?: string
}

export interface English {
  readonly tree: Predicate | null
  readonly phrases: readonly Phrase[]
  readonly notUnderstood: readonly Unknown[]
}

export interface EnglishTrigger extends Pick<English, 'phrases' | 'notUnderstood'> {
  readonly event: string | null
  readonly where: readonly Condition[]
  readonly audience: Predicate | null
  readonly windowHours: number | null
  readonly delayMinutes: number | null
}

const forms: readonly [RegExp, (match: RegExpExecArray) => Predicate][] = [
  [/^whose country is "?(\w+)"?$/, (match) => ({ attribute: 'country', op: 'is', value: match[1] ?? '' })],
  [/^who consented to (\w+)$/, (match) => ({ attribute: 'consent', op: 'is', value: match[1] ?? '' })],
  [/^who did not place any order in the last (\d+) days$/, (match) => ({ didNot: 'ordered', within: { days: Number(match[1]) } })],
]

export function parseEnglish(text: string, _: EnglishContext): English {
  const notUnderstood: Unknown[] = []
  const members: Predicate[] = []
  const phrases: Phrase[] = []
  for (const part of text.replace(/^customers /i, '').split(' and ')) {
    const from = text.indexOf(part)
    const at = { text: part, from, to: from + part.length }
    const form = forms.find(([pattern]) => pattern.test(part))
    const match = form?.[0].exec(part)
    if (!form || !match) notUnderstood.push({ ...at, why: 'no phrase of the grammar' })
    else phrases.push({ ...at, path: `all[${members.push(form[1](match)) - 1}]`, means: part })
  }
  const [only] = members
  return { tree: notUnderstood.length ? null : members.length === 1 && only ? only : { all: members }, phrases, notUnderstood }
}

export function parseTrigger(text: string, _: EnglishContext): EnglishTrigger {
  const match = /^fires on an? (\w+) event(?: with (\w+) greater than (\d+))?$/.exec(text)
  const at = { text, from: 0, to: text.length }
  if (!match) return { event: null, where: [], audience: null, windowHours: null, delayMinutes: null, phrases: [], notUnderstood: [{ ...at, why: 'no phrase of the grammar' }] }
  const [, event = '', field, value] = match
  return {
    event,
    where: field === undefined ? [] : [{ field, op: '>', value: value ?? '' }],
    audience: null,
    windowHours: null,
    delayMinutes: null,
    phrases: [{ ...at, path: '', means: `event ${event}` }],
    notUnderstood: [],
  }
}
