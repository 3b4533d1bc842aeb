/** What a predicate may speak of: attributes, behaviours, their fields, and the operators of each type. Pure: the caller says what the account declares. */
import { channelNames } from '../channels.ts'
import type { Operator } from './tree.ts'

/** `channels`: a set of channels; `entity`: something of the account by name, key or id; `code`: text without regard to case. */
export type ValueType = 'text' | 'code' | 'number' | 'money' | 'date' | 'boolean' | 'channels' | 'channel' | 'entity'

const some = ['is', 'isNot', 'in', 'notIn'] as const
const presence = ['known', 'unknown'] as const
const order = ['>', '>=', '<', '<=', 'between'] as const

/** The operators of a type of attributes. In conditions of behaviours there is no `top`. */
export const operatorsOf: Record<ValueType, readonly Operator[]> = {
  text: [...some, 'contains', 'startsWith', ...presence],
  code: [...some, 'contains', 'startsWith', ...presence],
  number: [...some, ...order, ...presence, 'top'],
  money: [...some, ...order, ...presence, 'top'],
  date: ['is', 'isNot', ...order, ...presence, 'inLast', 'notInLast'],
  boolean: ['is', 'isNot', ...presence],
  channels: some,
  channel: some,
  entity: some,
}

/** A name that can be compared. */
export interface Term {
  readonly name: string
  readonly type: ValueType
  /** What it is, for people and models. */
  readonly description: string
  /** All values there are, where they are few and fixed. */
  readonly values?: readonly string[]
}

export interface Behaviour {
  readonly name: string
  /** `message`: counted in messages; `order`: in orders; `web`: in times. */
  readonly kind: 'message' | 'order' | 'web'
  readonly description: string
  readonly fields: readonly Term[]
}

export interface Vocabulary {
  readonly attributes: readonly Term[]
  readonly behaviours: readonly Behaviour[]
}

/** A custom attribute as an account declares it (accounts/settings.ts). */
export interface DeclaredAttribute {
  readonly name: string
  readonly type: 'text' | 'number' | 'date' | 'boolean'
  readonly title?: string | undefined
}

/** Attributes that every customer may have. Orders are those of the account's first goal; total_spent is in the account's currency. */
export const builtInAttributes: readonly Term[] = [
  { name: 'country', type: 'code', description: 'Country, ISO 3166-1 alpha-2' },
  { name: 'language', type: 'code', description: 'Language, BCP 47' },
  { name: 'signed_up', type: 'date', description: 'Day of signing up' },
  { name: 'stage', type: 'text', description: 'Lifecycle stage' },
  { name: 'consent', type: 'channels', description: 'Channels the customer agreed to', values: channelNames },
  { name: 'orders', type: 'number', description: 'Orders of the first goal; 0 without one' },
  { name: 'total_spent', type: 'money', description: 'Amount of those orders in the account’s currency; 0 without one' },
  { name: 'first_order', type: 'date', description: 'Day of the first of those orders' },
  { name: 'last_order', type: 'date', description: 'Day of the last of those orders' },
]

const messageFields: readonly Term[] = [
  { name: 'channel', type: 'channel', description: 'Channel of the message', values: channelNames },
  { name: 'campaign', type: 'entity', description: 'Campaign by name, key or id' },
  { name: 'flow', type: 'entity', description: 'Flow of the campaign' },
  { name: 'brand', type: 'entity', description: 'Brand of the campaign' },
  { name: 'folder', type: 'entity', description: 'Folder of the campaign' },
  { name: 'tag', type: 'entity', description: 'Tag of the campaign' },
  { name: 'country', type: 'code', description: 'Country of the message' },
  { name: 'variant', type: 'text', description: 'Variant of the message' },
]
const orderFields: readonly Term[] = [
  { name: 'amount', type: 'money', description: 'Amount of the order, in the account’s currency' },
  { name: 'currency', type: 'code', description: 'Currency of the order' },
  { name: 'country', type: 'code', description: 'Country of the order' },
  { name: 'product', type: 'text', description: 'A product among its items' },
]
const webFields: readonly Term[] = [{ name: 'webapp', type: 'text', description: 'Key of the webapp' }]

/** Message events in the words of docs/figures.md: human opens and clicks only. */
export const messageBehaviours = ['sent', 'delivered', 'opened', 'clicked', 'unsubscribed', 'complained', 'bounced'] as const
export type MessageBehaviour = (typeof messageBehaviours)[number]

const messageDescriptions: Record<MessageBehaviour, string> = {
  sent: 'A message was sent to the customer',
  delivered: 'A message was delivered, as the reports count it',
  opened: 'The customer opened a message; machine opens do not count',
  clicked: 'The customer clicked in a message; bot clicks do not count',
  unsubscribed: 'The customer unsubscribed by a message; bots do not count',
  complained: 'The customer marked a message as spam',
  bounced: 'A message bounced, hard or soft',
}
const bounceType: Term = { name: 'bounceType', type: 'text', description: 'hard or soft', values: ['hard', 'soft'] }

/** A declared attribute with the name of a built-in one cannot be named. @param webKinds kinds of web events the account has; `visit` is always one */
export function vocabularyOf(declared: readonly DeclaredAttribute[] = [], webKinds: readonly string[] = []): Vocabulary {
  const taken = new Set(builtInAttributes.map(({ name }) => name))
  const reserved = new Set<string>([...messageBehaviours, 'ordered'])
  const kinds = [...new Set(['visit', ...webKinds])].filter((kind) => !reserved.has(kind))
  return {
    attributes: [...builtInAttributes, ...declared.filter(({ name }) => !taken.has(name)).map(({ name, type, title }) => ({ name, type, description: title ?? name }))],
    behaviours: [
      ...messageBehaviours.map((name) => ({
        name,
        kind: 'message' as const,
        description: messageDescriptions[name],
        fields: name === 'bounced' ? [...messageFields, bounceType] : messageFields,
      })),
      { name: 'ordered', kind: 'order', description: 'The customer placed an order of the first goal', fields: orderFields },
      ...kinds.map((name) => ({ name, kind: 'web' as const, description: `Web event ${name}`, fields: webFields })),
    ],
  }
}
