/** One clause about customers, without and/or between clauses: "in Germany", "who haven't ordered in 90 days", "with email consent". */
import type { Predicate } from '../tree.ts'
import { attributeOf, noCountry, readCompared, readConsent, readCountries, readFlag, readHaving, readLanguages, readTop, readWhose, termOf } from './attributes.ts'
import { readDone, readNamedEvent, readVerbs } from './behaviours.ts'
import { opposite, readComparison, readDate } from './comparison.ts'
import { readDemonym, readSpeaking } from './places.ts'
import { type Done, noted, type Reading, type Time } from './reading.ts'
import { readSpent } from './spent.ts'
import { readChannel } from './values.ts'

/** Helping verbs and negations before a verb. */
interface Helpers {
  readonly be: boolean
  readonly have: boolean
  readonly can: boolean
  /** "did not" wants the bare verb after it, "have not" and "never" the past form: what else follows stands by itself. */
  readonly did: boolean
  readonly negated: boolean
  readonly never: boolean
  readonly any: boolean
}

export interface Clause {
  readonly tree: Predicate
  readonly time: Time
  readonly be: boolean
  /** It begins with a verb, not with with, in or whose. */
  readonly verb: boolean
  /** It begins with a helping verb or a negation of its own. */
  readonly helped: boolean
  readonly wants?: Done['wants']
  /** After a negation: the form in which further verbs are under it too. */
  readonly under?: 'base' | 'past' | 'be'
}

const be = ['are', 'is', 'were', 'was', 'be', 'been']
const have = ['have', 'has', 'had']
const did = ['did', 'do', 'does']
const can = ['can', 'could', 'may']

function readHelpers({ reader }: Reading): Helpers {
  const found = { be: false, have: false, can: false, did: false, negated: false, never: false, any: false }
  for (;;) {
    if (reader.take(...be)) found.be = true
    else if (reader.take(...have)) found.have = true
    else if (reader.take(...can)) found.can = true
    else if (reader.take(...did)) found.did = true
    else if (reader.take('not', 'never')) {
      if (found.negated) throw reader.fault('Two negations', 'Say it once', reader.at - 1)
      found.negated = true
      found.never = reader.word(-1) === 'never'
    } else if (!reader.take('also', 'already', 'ever', 'both')) return found
    found.any = true
  }
}

/** What stands here once "who" is taken, or without it; undefined when no clause begins here. */
export function readClause(reading: Reading): Clause | undefined {
  const { reader } = reading
  const from = reader.at
  const prepositional = readPhrase(reading)
  if (prepositional) return { ...prepositional, tree: read(reading, prepositional.tree, from), helped: false, be: false, verb: false }
  const helpers = readHelpers(reading)
  const found = readPredicate(reading, helpers, from)
  if (!found) {
    reader.at = helpers.any ? reader.at : from
    return undefined
  }
  const under = !helpers.negated ? undefined : helpers.be && !found.wants ? 'be' : helpers.did ? 'base' : 'past'
  const time = helpers.never && found.time === 'open' ? 'none' : found.time
  return {
    tree: read(reading, found.tree, from),
    time,
    helped: helpers.any,
    be: helpers.be,
    verb: true,
    ...(under ? { under } : {}),
    ...(found.wants ? { wants: found.wants } : {}),
  }
}

function read(reading: Reading, tree: Predicate, from: number): Predicate {
  reading.clauses.push(noted(reading, tree, from))
  return tree
}

const still = (tree: Predicate | undefined): Done | undefined => tree && { tree, time: 'none' }

/** Clauses that begin with no verb. */
function readPhrase(reading: Reading): Done | undefined {
  const { reader } = reading
  if (reader.take('whose')) return readWhoseChannel(reading) ?? still(readWhose(reading))
  if (reader.take('without')) return readHaving(reading, true)
  if (reader.take('with', 'having')) return readHaving(reading, false)
  const negated = reader.ahead(['not in', 'not from', 'not with', 'not reachable', 'not among']) > 0
  if (negated) reader.at++
  if (negated && reader.take('with')) return readHaving(reading, true)
  return still(readTop(reading, negated) ?? readPlace(reading, negated) ?? readSpeaker(reading, negated) ?? (negated ? undefined : readCompared(reading)))
}

/** "whose email bounced". */
function readWhoseChannel(reading: Reading): Done | undefined {
  const { reader, lexicon } = reading
  return reader.maybe(() => {
    const from = reader.at
    const channel = reader.attempt(() => readChannel(reader))
    const behaviour = lexicon.context.vocabulary.behaviours.find(({ name }) => name === 'bounced')
    if (channel === undefined || !behaviour || !reader.take('bounced')) return undefined
    const done = readDone(reading, [behaviour], undefined, false, from)
    const tree = done.tree
    if (!('did' in tree)) return undefined
    return { ...done, tree: { ...tree, where: [{ field: 'channel', op: 'is', value: channel }, ...(tree.where ?? [])] } }
  })
}

/** "in Germany", "from France", "in the stage lead", "reachable by email". */
function readPlace(reading: Reading, negated: boolean): Predicate | undefined {
  const { reader, lexicon } = reading
  if (reader.take('reachable by', 'reachable via', 'reachable on')) return readConsent(reading, negated)
  if (reader.take('outside', 'outside of')) return readCountries(reading, negated, true) ?? failed(noCountry(reading))
  const based = reader.take('based', 'living', 'located', 'resident')
  const stage = reader.maybe(() => {
    reader.take('in', 'at')
    reader.take('the')
    const token = reader.token()
    if (token && reader.word(1) === 'stage' && ['word', 'quoted'].includes(token.kind)) {
      reader.at += 2
      return attributeOf('stage', { op: negated ? 'isNot' : 'is', value: token.value })
    }
    if (!reader.take('stage', 'lifecycle stage')) return undefined
    const compared = readComparison(reader, termOf(reading, 'stage'), lexicon)
    return attributeOf('stage', negated ? opposite(compared) : compared)
  })
  if (stage) return stage
  if (!reader.take('in', 'from')) return undefined
  return readCountries(reading, negated, false) ?? (based || reader.word(-1) === 'in' || !reader.ended ? failed(noCountry(reading)) : undefined)
}

function failed(error: Error): never {
  throw error
}

function readSpeaker(reading: Reading, negated: boolean): Predicate | undefined {
  const { reader } = reading
  if (reader.take('speaking')) return readLanguages(reading, negated)
  return undefined
}

/** What follows the helping verbs. */
function readPredicate(reading: Reading, helpers: Helpers, from: number): Done | undefined {
  const { reader } = reading
  const { negated } = helpers
  if (helpers.can) return reader.take('be reached by', 'be reached via', 'reached by', 'reached via', 'reached on') ? still(readConsent(reading, negated)) : undefined
  if (helpers.be) {
    const state = still(readTop(reading, negated) ?? readPlace(reading, negated) ?? readSpeaker(reading, negated) ?? readAdjective(reading, negated))
    if (state) return state
  }
  return readAct(reading, helpers, from) ?? still(readDates(reading, negated) ?? readSettled(reading, negated)) ?? readHas(reading, helpers)
}

/** "German", "VIP", "French-speaking". */
export function readAdjective(reading: Reading, negated: boolean): Predicate | undefined {
  const { reader } = reading
  const country = readDemonym(reader)
  if (country !== undefined) {
    const codes = [country]
    for (let next = moreOf(reading); next !== undefined; next = moreOf(reading)) codes.push(next)
    return attributeOf('country', { op: codes.length > 1 ? (negated ? 'notIn' : 'in') : negated ? 'isNot' : 'is', value: codes.length > 1 ? codes : country })
  }
  const language = readSpeaking(reader)
  if (language !== undefined) return attributeOf('language', { op: negated ? 'isNot' : 'is', value: language })
  const flag = readFlag(reading)
  return flag && negated && 'attribute' in flag ? { ...flag, op: 'isNot' } : flag
}

/** "Swiss and Austrian customers" are customers of either. */
const moreOf = ({ reader }: Reading) => reader.maybe(() => (reader.take('and', 'or', ',', ', and', ', or') ? readDemonym(reader) : undefined))

function readAct(reading: Reading, { be: passive, did: asked, negated }: Helpers, from: number): Done | undefined {
  const { reader } = reading
  if (asked) {
    reader.take('do')
    const event = reader.maybe(() => {
      reader.take('a', 'an', 'any')
      return readNamedEvent(reading)
    })
    if (event) return readDone(reading, [event], undefined, negated, from)
  }
  if (reader.take('spent', 'spend')) return readSpent(reading, negated, from)
  const found = readVerbs(reading, passive)
  if (!found) return undefined
  const [first] = found.verbs
  if (first?.form === 'base' && !asked && !negated) {
    reader.at--
    throw reader.fault('The present says no time', `Say what they did: "${first.behaviour.name}"`)
  }
  return readDone(
    reading,
    found.verbs.map(({ behaviour }) => behaviour),
    found.joined,
    negated,
    from,
  )
}

/** Dates that have words of their own: signing up, the first and the last order. */
function readDates({ reader, lexicon }: Reading, negated: boolean): Predicate | undefined {
  const attribute = reader.take('signed up', 'sign up', 'registered', 'register', 'joined', 'join', 'signed-up')
    ? 'signed_up'
    : reader.take('last ordered', 'last bought', 'last purchased')
      ? 'last_order'
      : reader.take('first ordered', 'first bought', 'first purchased')
        ? 'first_order'
        : undefined
  if (attribute === undefined) return undefined
  const compared = readDate(reader, lexicon.context.today)
  if (!compared) throw reader.fault('When is not said', 'Say in the last … days, before or after a date')
  return attributeOf(attribute, negated ? opposite(compared) : compared)
}

function readSettled(reading: Reading, negated: boolean): Predicate | undefined {
  const { reader } = reading
  if (reader.take('live in', 'lives in', 'come from', 'comes from', 'lived in')) return readCountries(reading, negated, false) ?? failed(noCountry(reading))
  if (reader.take('speak', 'speaks')) return readLanguages(reading, negated)
  if (reader.ahead(['opted out', 'opt out']) > 0)
    throw reader.fault('May mean no consent, or an unsubscription', 'Say "without email consent" or "who unsubscribed"', reader.at, reader.at + 2)
  const consented = [
    'consented to',
    'consent to',
    'agreed to',
    'agree to',
    'opted in to',
    'opt in to',
    'opted into',
    'opt into',
    'opted in for',
    'given consent to',
    'gave consent to',
    'give consent to',
    'given consent for',
    'gave consent for',
  ]
  return reader.take(...consented) ? readConsent(reading, negated) : undefined
}

/** "have more than 10 orders", "do not have email consent". */
function readHas(reading: Reading, { have: had, negated }: Helpers): Done | undefined {
  return had && !reading.reader.ended ? readHaving(reading, negated) : undefined
}
