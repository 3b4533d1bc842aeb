/** Conditions on what was done: of which campaign, in which country, over which amount, or "where channel is …". */
import type { Condition } from '../tree.ts'
import type { Behaviour, Term } from '../vocabulary.ts'
import { type Compared, comparedOf, readComparison, refuseAnd } from './comparison.ts'
import { namesCurrency, readAmount, readSized } from './numbers.ts'
import { readCountry } from './places.ts'
import type { Reader } from './reader.ts'
import type { Frame, Reading } from './reading.ts'
import { readList, readName, readQuoted, readValue } from './values.ts'

/** Reads one condition, or those after "where", into the frame; false when none stands here. */
export function readConditions(reading: Reading, frame: Frame, behaviours: readonly Behaviour[]): boolean {
  const fields = behaviours[0]?.fields.filter(({ name }) => behaviours.every((one) => one.fields.some((field) => field.name === name))) ?? []
  const found =
    readWhere(reading, fields) ??
    readEntity(reading, fields, frame) ??
    readVariant(reading, fields) ??
    readBounce(reading, fields) ??
    readApp(reading, fields) ??
    readAmountOf(reading, fields, frame) ??
    readProduct(reading, fields) ??
    readPlace(reading, fields)
  if (!found) return false
  frame.where.push(...found)
  return true
}

const termNamed = (fields: readonly Term[], name: string) => fields.find((field) => field.name === name)

/** A condition holds by itself: what only a group says, it cannot. */
export function conditionOf(reader: Reader, field: string, { negated, known, ...compared }: Compared, from: number): Condition {
  if (negated || known) throw reader.fault('Cannot be negated within a condition', 'Say it of the customers: "except those who …"', from)
  return { field, ...compared }
}

const comparisonWords = [
  'is',
  'are',
  'contains',
  'starts with',
  'begins with',
  'was',
  'were',
  '=',
  '!=',
  '>',
  '<',
  '>=',
  '<=',
  'does not',
  'more than',
  'over',
  'at least',
  'at most',
  'less than',
  'under',
  'between',
]

function readWhere({ reader, lexicon }: Reading, fields: readonly Term[]): Condition[] | undefined {
  if (!reader.take('where')) return undefined
  const found: Condition[] = []
  const fieldHere = () => {
    const token = reader.token()
    const field = token && fields.find(({ name }) => (token.kind === 'quoted' ? token.value === name : token.word === name.toLowerCase()))
    return field && reader.ahead(comparisonWords, 1) > 0 ? field : undefined
  }
  for (;;) {
    const from = reader.at
    const field = fieldHere()
    if (!field)
      throw reader.unknown(
        'what a condition is on',
        fields.map(({ name }) => name),
      )
    reader.at++
    found.push(conditionOf(reader, field.name, readComparison(reader, field, lexicon), from))
    if (!reader.maybe(() => (reader.take('and', ', and') && fieldHere() ? true : undefined))) return found
  }
}

const valued = (field: string, values: readonly string[]): Condition =>
  values.length === 1 ? { field, op: 'is', value: values[0] as string } : { field, op: 'in', value: [...values] }

const entityFields = ['campaign', 'flow', 'brand', 'folder', 'tag'] as const

/** "of the campaign Summer sale", "the Summer sale campaign", "tagged vip". */
function readEntity({ reader, lexicon }: Reading, fields: readonly Term[], frame: Frame): Condition[] | undefined {
  if (!termNamed(fields, 'campaign')) return undefined
  return reader.maybe(() => {
    reader.take('of', 'from', 'in', 'by', 'with', 'for', 'on')
    reader.take('the', 'a', 'an', 'any', 'their')
    for (const field of entityFields) {
      const again = [`the ${field}`, field]
      if (reader.take(field, `${field}s`, ...(field === 'tag' ? ['tagged', 'tagged with'] : []))) {
        const values = readList(reader, () => readName(reader, field, lexicon), 'or', again)
        if (!values)
          throw reader.unknown(
            `a ${field}`,
            (lexicon.context.names ?? []).filter((one) => one.field === field).map(({ name }) => name),
          )
        frame.object = true
        return [valued(field, values)]
      }
      const named = reader.attempt(() => {
        const value = readName(reader, field, lexicon)
        return value !== undefined && reader.take(field) ? value : undefined
      })
      if (named === undefined) continue
      frame.object = true
      return [valued(field, [named])]
    }
    return undefined
  })
}

function readVariant({ reader, lexicon }: Reading, fields: readonly Term[]): Condition[] | undefined {
  const term = termNamed(fields, 'variant')
  return (
    term &&
    reader.maybe(() => {
      reader.take('of', 'in', 'with')
      reader.take('the')
      if (!reader.take('variant', 'variants')) return undefined
      const values = readList(reader, (later) => readValue(reader, term, lexicon, later), 'or')
      return values && [valued('variant', values.map(String))]
    })
  )
}

function readBounce({ reader }: Reading, fields: readonly Term[]): Condition[] | undefined {
  if (!termNamed(fields, 'bounceType')) return undefined
  if (reader.take('hard')) return [{ field: 'bounceType', op: 'is', value: 'hard' }]
  return reader.take('soft', 'softly') ? [{ field: 'bounceType', op: 'is', value: 'soft' }] : undefined
}

function readApp({ reader, lexicon }: Reading, fields: readonly Term[]): Condition[] | undefined {
  const term = termNamed(fields, 'webapp')
  return (
    term &&
    reader.maybe(() => {
      reader.take('on', 'in', 'of')
      reader.take('the')
      if (!reader.take('webapp', 'web app', 'app')) return undefined
      const values = readList(reader, (later) => readValue(reader, term, lexicon, later), 'or')
      return values && [valued('webapp', values.map(String))]
    })
  )
}

/** "over €100", "worth at least 50 euros", "of more than 20". */
function readAmountOf({ reader, lexicon }: Reading, fields: readonly Term[], { object }: Frame): Condition[] | undefined {
  if (!termNamed(fields, 'amount')) return undefined
  return reader.maybe(() => {
    const from = reader.at
    const said = reader.take('of', 'worth', 'for', 'with an amount of', 'with a value of', 'with amount')
    const sized = readSized(reader, (one) => readAmount(one, lexicon.context.currency))
    // "ordered more than 3" may be of anything: what is no part of an order names its currency.
    if (!sized || (!said && (sized.bare || !(object || namesCurrency(reader, from))))) return undefined
    return [conditionOf(reader, 'amount', comparedOf(sized), from)]
  })
}

function readProduct({ reader }: Reading, fields: readonly Term[]): Condition[] | undefined {
  if (!termNamed(fields, 'product')) return undefined
  return reader.maybe(() => {
    reader.take('with', 'for', 'of', 'containing', 'including')
    reader.take('the', 'a')
    reader.take('product', 'products')
    const values = readList(reader, () => readQuoted(reader), 'or', ['the product'])
    return values && [valued('product', values)]
  })
}

/** "in France": the country of the message or order. */
function readPlace({ reader, lexicon }: Reading, fields: readonly Term[]): Condition[] | undefined {
  const term = termNamed(fields, 'country')
  return (
    term &&
    reader.maybe(() => {
      if (!reader.take('in', 'from')) return undefined
      const values = readList(reader, () => readCountry(reader), 'or', ['in', 'from'])
      if (values) refuseAnd(reader, term, lexicon)
      return values && [valued('country', values)]
    })
  )
}
