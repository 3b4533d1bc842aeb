/** What customers did or did not do, as predicates. Whoever did something fewer than n times may not have done it at all. */
import type { DidPredicate, Predicate } from '../tree.ts'
import type { Behaviour } from '../vocabulary.ts'
import { objectAhead, readFrame } from './frame.ts'
import { type Lexicon, readEvent, type Verb } from './lexicon.ts'
import { complement, type Done, type Frame, noted, type Reading } from './reading.ts'

/** The predicate of one behaviour. @throws Fault when it holds for everybody or nobody */
export function predicateOf(behaviour: Behaviour, { where, within, count = { least: 1 }, total }: Frame): Predicate {
  const { least, most } = count
  const frame = { ...(where.length > 0 ? { where } : {}), ...(within ? { within } : {}) }
  if (most === 0) return { didNot: behaviour.name, ...frame }
  const did: DidPredicate = { did: behaviour.name, ...frame, ...(total ? { total } : {}) }
  if (least === 0) return { none: [{ ...did, atLeast: (most ?? 0) + 1 }] }
  return { ...did, ...(least === 1 ? {} : { atLeast: least }), ...(most === undefined ? {} : { atMost: most }) }
}

/** Several behaviours that share all that follows: "opened or clicked an email in the last 30 days". */
export type Joined = 'or' | 'and' | 'nor'

/** The verbs that stand here, joined without anything between them; undefined when none does. @param passive after a form of be */
export function readVerbs(reading: Reading, passive: boolean): { readonly verbs: readonly Verb[]; readonly joined: Joined | undefined } | undefined {
  const { reader, lexicon } = reading
  const first = verbAt(lexicon, reader, passive)
  if (!first) return undefined
  const verbs = [first]
  let joined: Joined | undefined
  for (;;) {
    const next = reader.maybe(() => {
      const word: Joined | ',' | undefined = (['or', 'and', 'nor'] as const).find((one) => reader.take(one, `, ${one}`)) ?? (reader.take(',') ? (',' as const) : undefined)
      const verb = word === undefined ? undefined : verbAt(lexicon, reader, passive)
      // "ordered or opened an email": what is opened is not ordered too.
      if (verb && verb.behaviour.kind !== first.behaviour.kind && objectAhead(reading, verb.behaviour)) return undefined
      return word !== undefined && verb && (word !== ',' || reader.ahead([',', 'or', 'and', 'nor']) > 0) ? { word, verb } : undefined
    })
    if (!next) return { verbs, joined }
    if (next.word !== ',' && joined !== undefined && joined !== next.word) throw reader.fault('"and" and "or" without what goes with each verb', 'Say what goes with each verb')
    if (next.word !== ',') joined = next.word
    verbs.push(next.verb)
  }
}

function verbAt(lexicon: Lexicon, reader: Reading['reader'], passive: boolean): Verb | undefined {
  return reader.maybe(() => {
    const verb = lexicon.verbs.take(reader)
    return verb && (verb.passive === true) === passive ? verb : undefined
  })
}

/** Reads what goes with the verbs, and makes the predicate. @param from index of the token it begins with @param negated "did not open or click": neither */
export function readDone(reading: Reading, behaviours: readonly Behaviour[], joined: Joined | undefined, negated: boolean, from: number): Done {
  const { reader } = reading
  const verb = reader.word(-1)
  const frame = readFrame(reading, behaviours, negated)
  if (['marked', 'mark'].includes(verb)) readSpam(reading, behaviours, frame, negated)
  if (['placed', 'place', 'made', 'make'].includes(verb) && !frame.object) throw reader.unknown('what was done', ['an order', 'a purchase'])
  const object = frame.object || frame.where.length > 0
  if (new Set(behaviours.map(({ kind }) => kind)).size > 1 && object)
    throw reader.fault('Does not go with all of these verbs', 'Say what goes with each of them, and when', from, frame.objectEnd ?? reader.at)
  if (negated && joined === 'and') throw reader.fault('May mean not both, or none of them', 'Say "neither … nor …", or both by itself', from)
  if (negated && frame.count?.most === 0) throw reader.fault('Two negations', 'Say it once', from)
  const kind = behaviours[0]?.kind
  if (kind === 'message') reading.it = frame.where
  const each = behaviours.map((behaviour) => {
    const tree = predicateOf(behaviour, frame)
    return noted(reading, negated ? complement(tree) : tree, from)
  })
  const time = frame.within !== undefined || frame.ever === true ? 'said' : 'open'
  const tree = together(each, negated ? 'and' : joined)
  return { tree: noted(reading, tree, from), time, ...(kind && kind !== 'web' ? { wants: { kind, object } } : {}) }
}

function together(each: readonly Predicate[], joined: Joined | undefined): Predicate {
  const [only] = each
  if (each.length === 1 && only) return only
  if (joined === 'nor') return { none: each }
  return joined === 'or' ? { any: each } : { all: each }
}

/** "as spam", without which to mark says nothing; what stands after it belongs to the verb too. */
function readSpam(reading: Reading, behaviours: readonly Behaviour[], frame: Frame, negated: boolean): void {
  if (!reading.reader.take('as spam')) throw reading.reader.unknown('"as spam"', [])
  const { where, ...later } = readFrame(reading, behaviours, negated)
  const object = frame.object || later.object
  Object.assign(frame, later, { object })
  frame.where.push(...where)
}

/** "did "upload"", "did add to cart": the event, quoted or not; undefined when none stands here. */
export const readNamedEvent = ({ reader, lexicon }: Reading): Behaviour | undefined => readEvent(reader, lexicon)
