/** What customers are and have: countries, consent, stages, orders, custom attributes. */
import type { Condition, Predicate } from '../tree.ts'
import type { Behaviour, Term } from '../vocabulary.ts'
import { predicateOf } from './behaviours.ts'
import { type Compared, comparedOf, opposite, readComparison, readDate, refuseAnd } from './comparison.ts'
import { readCount, readFrame } from './frame.ts'
import { readAttribute } from './lexicon.ts'
import { readNumber, readShare, readSized } from './numbers.ts'
import { countryNames, readCountry, readLanguage } from './places.ts'
import type { Done, Frame, Reading } from './reading.ts'
import { readChannel, readList } from './values.ts'

/** The predicate of an attribute compared so. */
export function attributeOf(name: string, { negated, known, ...compared }: Compared): Predicate {
  const tree: Predicate = { attribute: name, ...compared }
  const whole: Predicate = known ? { all: [{ attribute: name, op: 'known' }, tree] } : tree
  return negated ? { none: [whole] } : whole
}

const withSense = (compared: Compared, negated: boolean) => (negated ? opposite(compared) : compared)
const listed = (values: readonly string[]): Compared => (values.length === 1 ? { op: 'is', value: values[0] as string } : { op: 'in', value: [...values] })

export function termOf({ lexicon }: Reading, name: string): Term {
  const term = lexicon.context.vocabulary.attributes.find((one) => one.name === name)
  if (!term) throw new Error(`The vocabulary has no attribute ${name}`)
  return term
}

/** After "in", "from", "outside": countries, of which "and" joins only those that are left out. Undefined when no country stands here. */
export function readCountries(reading: Reading, negated: boolean, outside: boolean): Predicate | undefined {
  const { reader, lexicon } = reading
  const values = readList(reader, () => readCountry(reader), outside ? 'any' : 'or', ['in', 'from', 'outside', 'outside of'])
  if (!values) return undefined
  refuseAnd(reader, termOf(reading, 'country'), lexicon)
  return attributeOf('country', withSense(listed(values), negated !== outside))
}

/** After "in" without a country: what was probably meant by it. */
export function noCountry({ reader }: Reading) {
  reader.take('the')
  return reader.unknown('a country', countryNames())
}

export function readLanguages({ reader }: Reading, negated: boolean): Predicate {
  const values = readList(reader, () => readLanguage(reader), 'or')
  if (!values) throw reader.unknown('a language', [])
  return attributeOf('language', withSense(listed(values), negated))
}

/** Channels after "consented to": "and" means both, "or" either. */
export function readConsent(reading: Reading, negated: boolean): Predicate {
  const { reader } = reading
  const from = reader.at
  const op = reader.take('one of', 'any of', 'either') ? 'in' : reader.take('none of', 'neither') ? 'notIn' : undefined
  const channels = readList(reader, () => readChannelMessages(reading), 'any')
  const [only] = channels ?? []
  if (!channels || only === undefined) throw reader.unknown('a channel', ['Email', 'SMS', 'WhatsApp', 'Viber', 'mobile push', 'web push'])
  if (op !== undefined) return attributeOf('consent', withSense({ op, value: channels }, negated))
  if (channels.length === 1) return attributeOf('consent', withSense({ op: 'is', value: only }, negated))
  const words = reader.tokens.slice(from, reader.at).map(({ word }) => word)
  const both = words.includes('and')
  if (both && (words.includes('or') || negated)) throw reader.fault('May mean both or either of them', 'Say "or", or each by itself', from)
  if (!both && !words.includes('or')) throw reader.fault('May mean all or one of them', 'Say "and" or "or"', from)
  return both ? { all: channels.map((value) => attributeOf('consent', { op: 'is', value })) } : attributeOf('consent', withSense({ op: 'in', value: channels }, negated))
}

function readChannelMessages({ reader }: Reading): string | undefined {
  const channel = readChannel(reader)
  if (channel !== undefined) reader.take('messages', 'message')
  return channel
}

/** "the top 10 % by total spent", "the top 5% of spenders"; undefined when none stands here. */
export function readTop(reading: Reading, negated: boolean): Predicate | undefined {
  const { reader, lexicon } = reading
  const from = reader.at + (reader.ahead(['in', 'among']) > 0 ? 1 : 0)
  return reader.maybe(() => {
    reader.take('in', 'among')
    reader.take('the')
    if (!reader.take('top')) return undefined
    const share = readShare(reader)
    if (share === undefined) return undefined
    const to = reader.at
    if (reader.take('of spenders')) return attributeOf('total_spent', withSense({ op: 'top', value: share }, negated))
    reader.take('of customers', 'of all customers', 'customers')
    const term = reader.take('by', 'of') ? readAttribute(reader, lexicon) : undefined
    if (term) return attributeOf(term.name, withSense({ op: 'top', value: share }, negated))
    if (reader.at > to && !reader.ended) throw reader.unknown('an attribute', lexicon.attributes.phrases)
    throw reader.fault('The top by what is not said', 'Say "by total spent" or by another number', from, to)
  })
}

/** An attribute that is compared here without "whose": "points > 100", "vip is true"; undefined when none stands here. */
export function readCompared(reading: Reading): Predicate | undefined {
  const { reader, lexicon } = reading
  return reader.maybe(() => {
    const term = readAttribute(reader, lexicon)
    if (
      !term ||
      reader.ahead([
        'is',
        'are',
        'was',
        'were',
        'has',
        '=',
        '!=',
        '>',
        '<',
        '>=',
        '<=',
        '≥',
        '≤',
        'contains',
        'starts',
        'begins',
        'over',
        'under',
        'above',
        'below',
        'more',
        'less',
        'at',
        'between',
        'does',
      ]) === 0
    )
      return undefined
    return attributeOf(term.name, readComparison(reader, term, lexicon))
  })
}

/** After "whose". */
export function readWhose(reading: Reading): Predicate {
  const { reader, lexicon } = reading
  const from = reader.at
  const term = readAttribute(reader, lexicon)
  if (!term) throw unknownAttribute(reading)
  return attributeOf(term.name, readComparison(reader, term, lexicon, from))
}

/** Names all words before the comparison. */
function unknownAttribute({ reader, lexicon }: Reading) {
  const from = reader.at
  let to = from
  while (to < from + 5 && reader.tokens[to]?.kind === 'word' && !['is', 'are', 'was', 'were', 'contains', 'and', 'or'].includes(reader.tokens[to]?.word ?? '')) to++
  const { message, hint } = reader.unknown('an attribute', lexicon.attributes.phrases)
  return reader.fault(message, hint ?? 'Custom attributes are declared in the settings of the account', from, Math.max(to, from + 1))
}

/** "VIP", "are vip": a custom attribute that is true. */
export function readFlag({ reader, lexicon }: Reading): Predicate | undefined {
  return reader.maybe(() => {
    const term = lexicon.attributes.take(reader)
    return term?.type === 'boolean' ? { attribute: term.name, op: 'is', value: true } : undefined
  })
}

/** After "with", "have", "without": orders, points, consent, any attribute. */
export function readHaving(reading: Reading, without: boolean): Done {
  const { reader } = reading
  const none = !without && reader.take('no', 'not a single') ? true : without
  const consent = readHavingConsent(reading, none)
  const done = consent ? undefined : readHavingDone(reading, none)
  if (done) return done
  const tree = consent ?? readHavingNumber(reading, none) ?? readHavingAttribute(reading, none)
  if (!tree) {
    reader.take('a', 'an', 'the')
    throw reader.unknown('what customers have', ['consent', 'orders', ...reading.lexicon.attributes.phrases])
  }
  return { tree, time: 'none' }
}

function readHavingConsent(reading: Reading, without: boolean): Predicate | undefined {
  const { reader } = reading
  return reader.maybe(() => {
    reader.take('a', 'an', 'their', 'any')
    if (reader.take('consent to', 'consent for', 'consent by', 'consented to')) return readConsent(reading, without)
    const channel = reader.attempt(() => readChannel(reader))
    if (channel !== undefined && reader.take('consent')) return attributeOf('consent', withSense({ op: 'is', value: channel }, without))
    const second = channel === undefined || !reader.take('or', 'and') ? undefined : reader.attempt(() => readChannel(reader))
    if (second === undefined || channel === undefined || reader.word() !== 'consent') return undefined
    const both = reader.word(-2) === 'and' || reader.word(-3) === 'and'
    reader.at++
    if (both && without) throw reader.fault('May mean both or either of them', 'Say "or", or each by itself')
    const each = [channel, second]
    return both ? { all: each.map((value) => attributeOf('consent', { op: 'is', value })) } : attributeOf('consent', withSense({ op: 'in', value: each }, without))
  })
}

/** "more than 3 orders", "an order over €100", "at least 2 email clicks in the last 30 days", "a hard bounce". */
function readHavingDone(reading: Reading, without: boolean): Done | undefined {
  const { reader } = reading
  return reader.maybe(() => {
    const count = without ? undefined : readCount(reading)
    const article = reader.take('a', 'an', 'any', 'some')
    const noun = eventNoun(reading)
    if (!noun) return undefined
    const frame = readFrame(reading, [noun.behaviour], without)
    const plain = noun.behaviour.name === 'ordered' && frame.where.length === 0 && !frame.within && !frame.total && !article
    frame.where.unshift(...noun.where)
    if (plain && without) return { tree: attributeOf('orders', { op: 'is', value: '0' }), time: 'none' }
    if (plain && count) return { tree: attributeOf('orders', comparedOf(count.sized)), time: 'none' }
    if (count && frame.count) throw reader.fault('How often is said twice')
    if (count) frame.count = count
    if (without) frame.count = { least: 0, most: 0 }
    return { tree: predicateOf(noun.behaviour, frame), time: timeOf(frame) }
  })
}

/** "orders", "email clicks", "hard bounce". */
function eventNoun({ reader, lexicon }: Reading): { readonly behaviour: Behaviour; readonly where: Condition[] } | undefined {
  const channel = reader.attempt(() => readChannel(reader))
  const bounce = reader.ahead(['hard', 'soft']) > 0 ? reader.word() : undefined
  if (bounce !== undefined) reader.at++
  const behaviour = lexicon.nouns.take(reader)
  if (!behaviour || (bounce !== undefined && behaviour.name !== 'bounced')) return undefined
  const where: Condition[] = []
  if (channel !== undefined) where.push({ field: 'channel', op: 'is', value: channel })
  if (bounce !== undefined) where.push({ field: 'bounceType', op: 'is', value: bounce })
  return { behaviour, where }
}

const timeOf = ({ within, ever }: Frame) => (within || ever ? 'said' : 'open')

/** "more than 100 points". */
function readHavingNumber({ reader, lexicon }: Reading, without: boolean): Predicate | undefined {
  return reader.maybe(() => {
    const sized = readSized(reader, (one) => readNumber(one))
    const term = sized && readAttribute(reader, lexicon)
    if (!sized || term?.type !== 'number') return undefined
    return attributeOf(term.name, withSense(comparedOf(sized), without))
  })
}

/** Where a clause ends: an attribute that stands before it is compared with nothing. */
const ends = ['and', 'or', 'but', ',', ';', ')', ']', 'who', 'whose', 'that', 'with', 'without', 'except', 'in', '.']

/** "a total spent of more than €500", "a known birthday", "a birthday", "stage lead". */
function readHavingAttribute(reading: Reading, without: boolean): Predicate | undefined {
  const { reader, lexicon } = reading
  return reader.maybe(() => {
    reader.take('a', 'an', 'the', 'any', 'their')
    const presence = reader.take('known') ? 'known' : reader.take('unknown') ? 'unknown' : undefined
    const term = readAttribute(reader, lexicon)
    if (!term) return undefined
    if (term.type === 'channels') throw reader.fault('To which channel is not said', 'Say "email consent", "consent to SMS"', reader.at - 1)
    if (presence) return attributeOf(term.name, withSense({ op: presence }, without))
    const dated = term.type === 'date' ? reader.maybe(() => readDate(reader, lexicon.context.today)) : undefined
    if (dated) return attributeOf(term.name, withSense(dated, without))
    if (!reader.ended && !ends.includes(reader.word())) return attributeOf(term.name, withSense(readComparison(reader, term, lexicon), without))
    if (term.type === 'boolean') throw reader.fault('May mean known or true', `Say "whose ${term.name} is true" or "is known"`, reader.at - 1)
    return attributeOf(term.name, { op: without ? 'unknown' : 'known' })
  })
}
