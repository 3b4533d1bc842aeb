/** The words of an account: its attributes, what customers do, and what campaigns and the like are called. Made from the context of a question. */
import type { Behaviour, Term } from '../vocabulary.ts'
import { Phrases, type Reader } from './reader.ts'
import type { EnglishContext } from './types.ts'

/** How a verb stands: `open`, `opened`. */
export type VerbForm = 'base' | 'past'
export interface Verb {
  readonly behaviour: Behaviour
  readonly form: VerbForm
  /** "were sent": after a form of be only. */
  readonly passive?: true
}

/** A name of several things is known, but stands for none of them. */
export type NameMeaning = { readonly key: string } | 'several'

export interface Names {
  /** Without quotes. */
  readonly phrases: Phrases<NameMeaning>
  /** In quotes, in lower case. */
  readonly whole: ReadonlyMap<string, NameMeaning>
}

export interface Lexicon {
  readonly context: EnglishContext
  readonly attributes: Phrases<Term>
  readonly verbs: Phrases<Verb>
  /** "opens", "places", "is sent": of an event that a trigger waits for. */
  readonly thirds: Phrases<Behaviour>
  /** "clicks" as in "with more than 5 clicks". */
  readonly nouns: Phrases<Behaviour>
  readonly names: ReadonlyMap<string, Names>
}

const moreNames: Readonly<Record<string, readonly string[]>> = {
  signed_up: ['signup date', 'sign-up date', 'signup', 'registration date', 'registration', 'day of signing up'],
  stage: ['lifecycle stage'],
  orders: ['number of orders', 'order count', 'purchases'],
  total_spent: ['total spend', 'total spending', 'spending', 'spend', 'lifetime spend', 'amount spent'],
  first_order: ['first order date', 'first purchase', 'date of the first order'],
  last_order: ['last order date', 'last purchase', 'latest order', 'date of the last order'],
}

/** Base and past of what customers do; a past form that is also the name of another event is left out. */
const verbForms: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  delivered: [['receive', 'received']],
  opened: [['open', 'opened']],
  clicked: [['click', 'clicked']],
  unsubscribed: [['unsubscribe', 'unsubscribed']],
  complained: [
    ['complain', 'complained'],
    ['mark', 'marked'],
  ],
  bounced: [['bounce', 'bounced']],
  ordered: [
    ['place', 'placed'],
    ['order', 'ordered'],
    ['buy', 'bought'],
    ['purchase', 'purchased'],
    ['make', 'made'],
  ],
}
const eventNouns: Readonly<Record<string, readonly string[]>> = {
  opened: ['open', 'opens'],
  clicked: ['click', 'clicks'],
  bounced: ['bounce', 'bounces'],
  ordered: ['order', 'orders', 'purchase', 'purchases'],
  visit: ['visit', 'visits'],
}

const spoken = (name: string) => name.replaceAll('_', ' ')

export function lexiconOf(context: EnglishContext): Lexicon {
  const { attributes, behaviours } = context.vocabulary
  const terms = new Phrases<Term>()
  for (const term of attributes) terms.add(term.name, term)
  for (const term of attributes) terms.add(spoken(term.name), term).add(term.source ? term.name : term.description, term)
  for (const term of attributes) for (const name of moreNames[term.name] ?? []) terms.add(name, term)
  const verbs = new Phrases<Verb>()
  const nouns = new Phrases<Behaviour>()
  const thirds = new Phrases<Behaviour>()
  for (const behaviour of behaviours) {
    for (const [base, past] of verbForms[behaviour.name] ?? []) {
      verbs.add(base, { behaviour, form: 'base' }).add(past, { behaviour, form: 'past' })
      thirds.add(`${base}s`, behaviour)
    }
    for (const noun of eventNouns[behaviour.name] ?? []) nouns.add(noun, behaviour)
  }
  for (const behaviour of behaviours) {
    if (behaviour.name === 'sent') {
      verbs.add('sent', { behaviour, form: 'past', passive: true })
      thirds.add('is sent', behaviour)
    }
    if (behaviour.kind !== 'web') continue
    addWebVerbs(verbs, behaviour)
    thirds.add(`${spoken(behaviour.name)}s`, behaviour)
  }
  return { context, attributes: terms, verbs, nouns, thirds, names: namesOf(context) }
}

/** A web event is called by its name, which people use as a verb: upload, uploaded. */
function addWebVerbs(verbs: Phrases<Verb>, behaviour: Behaviour): void {
  const base = spoken(behaviour.name)
  if (!/^[a-z]+$/.test(base)) return
  verbs.add(base, { behaviour, form: 'base' }).add(base.endsWith('e') ? `${base}d` : `${base}ed`, { behaviour, form: 'past' })
}

function namesOf({ names = [] }: EnglishContext): Map<string, Names> {
  const found = new Map<string, { phrases: Phrases<NameMeaning>; whole: Map<string, NameMeaning> }>()
  for (const { field, name, key } of names) {
    const ofField = found.get(field) ?? { phrases: new Phrases<NameMeaning>(), whole: new Map<string, NameMeaning>() }
    found.set(field, ofField)
    for (const said of [name.toLowerCase(), key.toLowerCase()]) {
      const known = ofField.whole.get(said)
      ofField.whole.set(said, known === undefined || (known !== 'several' && known.key === key) ? { key } : 'several')
    }
  }
  for (const { phrases, whole } of found.values()) for (const [said, meaning] of whole) phrases.add(said, meaning)
  return found
}

/** The attribute that stands here: by name, in quotes or not, or by its words. */
export function readAttribute(reader: Reader, { attributes, context }: Lexicon): Term | undefined {
  const token = reader.token()
  if (token?.kind === 'quoted') {
    const term = context.vocabulary.attributes.find(({ name }) => name === token.value)
    if (term) reader.at++
    return term
  }
  return attributes.take(reader)
}

/** The web event that "did add to cart" names, in quotes or not. */
export function readEvent(reader: Reader, { context }: Lexicon): Behaviour | undefined {
  const token = reader.token()
  const web = context.vocabulary.behaviours.filter(({ kind }) => kind === 'web')
  if (token?.kind === 'quoted') {
    const behaviour = web.find(({ name }) => name === token.value)
    if (behaviour) reader.at++
    return behaviour
  }
  const phrases = new Phrases<Behaviour>()
  for (const behaviour of web) phrases.add(behaviour.name, behaviour).add(spoken(behaviour.name), behaviour)
  return phrases.take(reader)
}
