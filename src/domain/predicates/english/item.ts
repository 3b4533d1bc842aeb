/** What stands between two connectives: a clause, with who it is said of before it. */
import type { Predicate } from '../tree.ts'
import { readDone, readVerbs } from './behaviours.ts'
import { type Clause, readAdjective, readClause } from './clause.ts'
import { type Done, noted, type Reading, type Time } from './reading.ts'

export interface Item {
  /** null: it was not understood. */
  readonly tree: Predicate | null
  /** Indexes of its tokens, the last not included. */
  readonly from: number
  readonly to: number
  /** Whether it says anew of whom: "who", "whose", or "customers"; otherwise it goes on with what the one before said. */
  readonly own?: 'who' | 'subject'
  readonly clause?: Clause
  readonly time: Time
  /** In brackets: a group that stays one. */
  readonly closed?: true
}

const nouns = ['customers', 'customer', 'people', 'users', 'user', 'subscribers', 'contacts', 'members', 'recipients', 'clients']
const pronouns = ['everyone', 'everybody', 'anyone', 'anybody', 'those', 'all']
const articles = ['all', 'all the', 'all of the', 'all our', 'any', 'the', 'every', 'our', 'those', 'a', 'each']
export const relatives = ['who', 'that', 'which', 'they']

/** "all German customers": the predicates of its adjectives; undefined when nobody is spoken of here. */
export function readSubject(reading: Reading): Item[] | undefined {
  const { reader } = reading
  return reader.maybe(() => {
    reader.take(...articles)
    const adjectives: Item[] = []
    for (;;) {
      const from = reader.at
      const tree = readAdjective(reading, false)
      if (!tree) break
      adjectives.push({ tree: noted(reading, tree, from), from, to: reader.at, own: 'subject', time: 'none' })
    }
    if (reader.take(...nouns)) return adjectives
    if (adjectives.length > 0) return undefined
    reader.at -= reader.word(-1) === 'those' || reader.word(-1) === 'all' ? 1 : 0
    return reader.take(...pronouns) ? [] : undefined
  })
}

/** "who" and the like before a clause. */
export const takeRelative = (reading: Reading) => reading.reader.take(...relatives)

/** A clause after its lead; an adjective alone where one may stand: "who are vip or German". @param adjectival after a form of be */
export function readPlain(reading: Reading, adjectival: boolean): Clause {
  const { reader } = reading
  const from = reader.at
  const adjective = adjectival ? reader.maybe(() => readAdjective(reading, reader.take('not'))) : undefined
  if (adjective) {
    reading.clauses.push(noted(reading, adjective, from))
    return { tree: adjective, time: 'none', helped: false, be: true, verb: false }
  }
  const clause = readClause(reading)
  if (!clause) throw reader.unknown('what customers are, have or did', knownWords(reading))
  if (clause.under === 'be') refuseUnderBe(reading)
  return clause.under && clause.under !== 'be' ? readUnder(reading, clause, from) : clause
}

export function* knownWords({ lexicon }: Reading): Generator<string> {
  yield* lexicon.verbs.phrases
  yield* lexicon.attributes.phrases
  yield* ['signed up', 'consented to', 'spent', 'customers', 'who', 'whose', 'with', 'without', 'except', 'never']
}

/** "are not vip or German": the second may be negated too. */
function refuseUnderBe(reading: Reading): void {
  const { reader } = reading
  const from = reader.at
  const more = reader.attempt(() => {
    if (!reader.take('and', 'or', ', and', ', or')) return undefined
    const place = reader.ahead(['in', 'from', 'based', 'living', 'located', 'reachable', 'outside', 'speaking', 'among', 'of'])
    reader.at += place
    return place > 0 || readAdjective(reading, false) ? true : undefined
  })
  if (more) throw reader.fault('May be negated too, or not', 'Say "neither … nor …", or begin with "who" again', from)
}

/** "haven't ordered or opened an email": the verbs after "or" are negated too; after "and" they may be or not. */
function readUnder(reading: Reading, clause: Clause, from: number): Clause {
  const each: Predicate[] = [clause.tree]
  let { time } = clause
  for (;;) {
    const end = reading.reader.at
    const further = readFurther(reading, clause.under)
    if (!further) break
    if (time === 'open' && further.time === 'said') throw reading.reader.fault(sharedTime.why, sharedTime.hint, from, end)
    time = further.time
    each.push(further.tree)
  }
  return each.length === 1 ? clause : { ...clause, tree: { all: each }, time }
}

/** "or" and a verb in the form that the negation before it wants. */
function readFurther(reading: Reading, under: Clause['under']): Done | undefined {
  const { reader } = reading
  return reader.maybe(() => {
    const start = reader.at
    const and = reader.take('and', ', and')
    if (!and && !reader.take('or', ', or', 'nor')) return undefined
    const begin = reader.at
    const found = readVerbs(reading, false)
    const same = found?.verbs.every(({ form }) => form === under) === true
    const unclear = found ? same === and : reader.ahead(loose) > 0
    if (unclear) throw reader.fault('May be negated too, or not', and ? 'Say "and who …", or "or" for neither' : 'Say "or who …"', start, begin + 1)
    if (!found || !same) return undefined
    const behaviours = found.verbs.map(({ behaviour }) => behaviour)
    const done = readDone(reading, behaviours, found.joined, true, begin)
    reading.clauses.push(noted(reading, done.tree, begin))
    return done
  })
}
const loose = ['spent', 'spend', 'signed', 'sign', 'registered', 'register', 'joined', 'join', 'consented', 'consent', 'agreed', 'agree', 'opted', 'live', 'speak', 'last', 'first']

export const sharedTime = { why: 'The time that follows may be meant here too, or not', hint: 'Say the time in each part, or "ever"; or begin the next part with "who"' }
