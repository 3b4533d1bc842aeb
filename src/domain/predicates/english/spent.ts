/** What customers spent: of all their orders an attribute, within a time the total of their orders. */
import type { Predicate, Within } from '../tree.ts'
import { type Compared, comparedOf } from './comparison.ts'
import { readAmount, readSized, type Sized } from './numbers.ts'
import { readWithin } from './periods.ts'
import { complement, type Done, noted, type Reading } from './reading.ts'

/** After "spent". @param from index of the token it begins with */
export function readSpent(reading: Reading, negated: boolean, from: number): Done {
  const { reader, lexicon } = reading
  const { today, currency } = lexicon.context
  const early = readWithin(reader, today, negated)
  const start = reader.at
  const sized = readSized(reader, (one) => readAmount(one, currency), 'an amount')
  if (!sized) throw reader.fault('Not an amount', `Say more than, at least … and an amount in ${currency}`, start, start + (reader.ahead(['a', 'an']) > 0 ? 2 : 1))
  if (sized.bare) throw reader.fault('May mean exactly or at least so much', 'Say "more than", "at least" or "exactly"', start)
  reader.take('in total', 'ever', 'overall')
  const within = early ?? readWithin(reader, today, negated)
  if (reader.ahead(['in', 'from', 'on', 'for']) > 0)
    throw reader.fault('What was spent is of all orders, or of those in a time', 'Say where customers are with "and who live in"', reader.at, reader.at + 2)
  const tree = within ? totalOf(sized, within, reading, start) : lifetime(comparedOf(sized))
  return { tree: noted(reading, negated ? complement(tree) : tree, from), time: within ? 'said' : 'open' }
}

const lifetime = ({ op, value }: Compared): Predicate => ({ attribute: 'total_spent', op, ...(value === undefined ? {} : { value }) })

/** Whoever ordered nothing spent 0, and thus less than any amount. */
function totalOf({ op, value }: Sized, within: Within, { reader }: Reading, start: number): Predicate {
  const over = (least: '>' | '>=', amount: string): Predicate => ({ did: 'ordered', within, total: { op: least, value: amount } })
  if (typeof value !== 'string') return { all: [over('>=', value[0]), { none: [over('>', value[1])] }] }
  if (op === '<') return { none: [over('>=', value)] }
  if (op === '<=') return { none: [over('>', value)] }
  if (op === '>' || op === '>=') return over(op, value)
  throw reader.fault('A total within a time is compared in size', 'Say more than, at least, less than or between', start)
}
