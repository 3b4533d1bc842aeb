/** What is opened, bought or visited: the nouns that stand after a verb, and the conditions they mean. */
import type { Condition } from '../tree.ts'
import type { Behaviour } from '../vocabulary.ts'
import type { Reading } from './reading.ts'
import { readChannel, readList, readQuoted } from './values.ts'

const messages = ['message', 'messages', 'notification', 'notifications']

/** "emails", "SMS message", "email or SMS", "message": the condition on the channel, if any; undefined when no message stands here. */
export function messageNoun({ reader }: Reading): Condition[] | undefined {
  if (reader.take(...messages)) return []
  const channels = readList(
    reader,
    () => {
      const channel = readChannel(reader)
      if (channel !== undefined) reader.take(...messages)
      return channel
    },
    'or',
    ['a', 'an', 'any', 'the'],
  )
  const [only] = channels ?? []
  if (!channels || only === undefined) return undefined
  return [channels.length === 1 ? { field: 'channel', op: 'is', value: only } : { field: 'channel', op: 'in', value: channels }]
}

/** The conditions that the noun means for the behaviours; undefined when none of their nouns stands here. */
export function objectNoun(reading: Reading, behaviours: readonly Behaviour[]): Condition[] | undefined {
  const kinds = new Set(behaviours.map(({ kind }) => kind))
  if (kinds.has('message')) return messageObject(reading)
  return kinds.has('order') ? orderObject(reading) : webObject(reading, behaviours)
}

function messageObject(reading: Reading): Condition[] | undefined {
  const noun = messageNoun(reading)
  if (noun) {
    reading.reader.take('sent to them')
    return noun
  }
  if (reading.reader.ahead(['it']) === 0) return undefined
  if (!reading.it?.some(({ field, op }) => field === 'campaign' && op === 'is')) throw reading.reader.fault('Stands for one named campaign only', 'Say which messages again')
  reading.reader.at++
  return [...reading.it]
}

function orderObject({ reader }: Reading): Condition[] | undefined {
  if (reader.take('order', 'orders', 'purchase', 'purchases', 'something', 'anything', 'thing')) return []
  const named = reader.take('product', 'products')
  const values = readList(reader, () => readQuoted(reader), 'or', ['the product', 'a product'])
  const [only] = values ?? []
  if (!values || only === undefined) {
    if (named) throw reader.fault('Which product is not clear', 'Put its name in quotes', reader.at - 1)
    return undefined
  }
  return [values.length === 1 ? { field: 'product', op: 'is', value: only } : { field: 'product', op: 'in', value: values }]
}

function webObject({ reader }: Reading, [behaviour]: readonly Behaviour[]): Condition[] | undefined {
  return behaviour?.name === 'visit' && reader.take('website', 'site', 'web site') ? [] : undefined
}
