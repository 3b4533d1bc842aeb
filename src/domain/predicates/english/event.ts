/** The event that a trigger waits for, and conditions on its parameters, which the vocabulary need not know. */
import type { Condition, Scalar } from '../tree.ts'
import type { Behaviour } from '../vocabulary.ts'
import { conditionOf } from './conditions.ts'
import { readComparison } from './comparison.ts'
import { readFrame } from './frame.ts'
import { readEvent as readWebEvent } from './lexicon.ts'
import { readAmount, readSized } from './numbers.ts'
import type { Reader } from './reader.ts'
import { opposites, type Reading } from './reading.ts'
import { isDuration, readList } from './values.ts'
import { reserved } from './words.ts'

export interface Event {
  /** As the vocabulary calls it, or as the sentence does. */
  readonly name: string
  readonly known?: Behaviour
  /** Its parameters are called as the sentence calls them: web events have more than the vocabulary says. */
  readonly free: boolean
  readonly where: Condition[]
}

const whens = ['when', 'whenever', 'as soon as', 'every time', 'each time', 'once']
const somebodies = ['a customer', 'the customer', 'a user', 'someone', 'somebody', 'anyone', 'anybody', 'a person', 'customers']

/** "when a customer opens an email", "on a deposit event". @throws Fault when no event stands here */
export function readEvent(reading: Reading): Event {
  const { reader, lexicon } = reading
  if (reader.take(...whens)) {
    if (!reader.take(...somebodies)) throw reader.unknown('a customer', somebodies)
    const behaviour = lexicon.thirds.take(reader) ?? lexicon.verbs.take(reader)?.behaviour
    if (!behaviour) throw reader.unknown('what a customer does', lexicon.thirds.phrases)
    return eventOf(reading, behaviour)
  }
  if (!reader.take('on', 'upon', 'for')) throw reader.unknown('"on" an event, or "when a customer …"', ['on', 'when'])
  reader.take('a', 'an', 'the', 'any', 'each', 'every')
  const named = reader.take('event')
  const behaviour = readWebEvent(reader, lexicon) ?? vocabularyEvent(reading) ?? (named ? undefined : lexicon.nouns.take(reader))
  const event = behaviour ?? readFreeName(reading)
  reader.take('event', 'events')
  return typeof event === 'string' ? { name: event, free: true, where: [] } : eventOf(reading, event)
}

function eventOf(reading: Reading, behaviour: Behaviour): Event {
  const { where, count } = readFrame(reading, [behaviour], false, true)
  if (count) throw reading.reader.fault('A trigger waits for one event', 'Leave out how many', reading.reader.at - 1)
  return { name: behaviour.name, known: behaviour, free: behaviour.kind === 'web', where }
}

function vocabularyEvent({ reader, lexicon }: Reading): Behaviour | undefined {
  const token = reader.token()
  const found = lexicon.context.vocabulary.behaviours.find(({ name }) => name === (token?.kind === 'quoted' ? token.value : token?.word))
  if (found) reader.at++
  return found
}

/** One word, or what is in quotes. */
function readFreeName({ reader }: Reading): string {
  const token = reader.token()
  const name = token?.value.trim() ?? ''
  if (!token || !(token.kind === 'quoted' || (token.kind === 'word' && !reserved.has(token.word))) || name === '' || name.length > 200)
    throw reader.unknown('the name of an event', ['opened', 'clicked', 'ordered', 'visit'])
  reader.at++
  return name
}

/** "with amount greater than 100 and method "card""; undefined when no conditions stand here. */
export function readParameters(reading: Reading, event: Event): Condition[] | undefined {
  const { reader } = reading
  if (!reader.take('with', 'where', 'whose', 'having')) return undefined
  const found = [readParameter(reading, event)]
  for (;;) {
    const next = reader.maybe(() => {
      if (!reader.take('and', ', and', 'and with', 'and where')) return undefined
      if (reader.ahead(['within', 'after', 'for', 'only', 'if']) > 0) return undefined
      return readParameter(reading, event)
    })
    if (!next) return found
    found.push(next)
  }
}

function readParameter(reading: Reading, { known, free }: Event): Condition {
  const { reader, lexicon } = reading
  const from = reader.at
  reader.take('a', 'an', 'the')
  const field = known?.fields.find(({ name }) => reader.word() === name.toLowerCase())
  if (field) {
    reader.at++
    return conditionOf(reader, field.name, readComparison(reader, field, lexicon), from)
  }
  if (known && !free)
    throw reader.unknown(
      `a parameter of ${known.name}`,
      known.fields.map(({ name }) => name),
    )
  const name = readFreeName(reading)
  return { field: name, ...readFreeComparison(reading) }
}

/** Numbers that are whole stay numbers, others are decimals as text. */
const numberOf = (text: string): Scalar => (Number.isSafeInteger(Number(text)) && !text.includes('.') ? Number(text) : text)

type Compared = Omit<Condition, 'field'>

function readFreeComparison(reading: Reading): Compared {
  const { reader } = reading
  const copula = reader.take('is', 'are', 'was', 'of', 'equals', '=')
  const negated = reader.take('not', '!=')
  if (reader.take('known')) return { op: negated ? 'unknown' : 'known' }
  if (!negated && reader.take('unknown')) return { op: 'unknown' }
  const found = readFreeText(reading) ?? (reader.ahead(['one of', 'any of']) > 0 ? undefined : readFreeSize(reading)) ?? readFreeValues(reading, copula || negated)
  if (!found) throw reader.unknown('a value', [])
  if (!negated) return found
  const op = opposites[found.op]
  if (!op) throw reader.fault('Cannot be negated within a condition', 'Say the opposite', reader.at - 1)
  return { ...found, op }
}

function readFreeText({ reader }: Reading): Compared | undefined {
  const op = reader.take('contains', 'containing') ? 'contains' : reader.take('starts with', 'starting with', 'begins with') ? 'startsWith' : undefined
  const value = op && readFreeValue(reader, true)
  return op && value !== undefined ? { op, value } : undefined
}

function readFreeSize({ reader, lexicon }: Reading): Compared | undefined {
  const sized = readSized(reader, (one) => (one.token()?.kind === 'quoted' ? undefined : readAmount(one, lexicon.context.currency)))
  return sized && { op: sized.op, value: typeof sized.value === 'string' ? numberOf(sized.value) : sized.value.map(numberOf) }
}

function readFreeValues({ reader }: Reading, plain: boolean): Compared | undefined {
  const some = reader.take('one of', 'any of')
  const values = readList(reader, () => readFreeValue(reader, plain || some), some ? 'quoted' : 'or')
  const [only] = values ?? []
  if (!values || only === undefined) return undefined
  return values.length === 1 && !some ? { op: 'is', value: only } : { op: 'in', value: values }
}

/** @param plain whether a word without quotes is a value here */
function readFreeValue(reader: Reader, plain: boolean): Scalar | undefined {
  const token = reader.token()
  if (!token) return undefined
  if (plain && reader.take('true')) return true
  if (plain && reader.take('false')) return false
  if (token.kind === 'number') {
    if (isDuration(reader)) return undefined
    reader.at++
    return numberOf(token.value)
  }
  // Codes in capitals, such as AT, are no words of the grammar.
  const word = token.kind === 'word' && (!reserved.has(token.word) || /^[A-Z]{2,}$/.test(token.value))
  if (token.kind !== 'quoted' && token.kind !== 'day' && !(plain && word)) return undefined
  reader.at++
  return token.value
}
