/** What a predicate may speak of: attributes, behaviours, their fields, and the operators of each type; each with its words and where its values are kept. Pure: the caller says what the account declares. */
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
  /** Of built-in attributes: SQL of the value, NULL where it is not known, in a customer's row or over all their orders (segments). Others are in what the account keeps by name. */
  readonly source?: { readonly of: 'customers' | 'orders'; readonly sql: string }
  /** A value that no group of customers has is refused; it is a column of customers. */
  readonly checked?: true
}

export interface Behaviour {
  readonly name: string
  /** `message`: counted in messages; `order`: in orders; `web`: in times. */
  readonly kind: 'message' | 'order' | 'web'
  readonly description: string
  readonly fields: readonly Term[]
  readonly engaged?: MessageBehaviour['engaged']
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

const column = (sql: string) => ({ of: 'customers', sql }) as const
const overOrders = (sql: string) => ({ of: 'orders', sql }) as const

/** Attributes that every customer may have. Orders are those of the account's first goal; total_spent is in the account's currency. */
export const builtInAttributes: readonly Term[] = [
  { name: 'country', type: 'code', description: 'Country, ISO 3166-1 alpha-2', source: column("nullIf(country, '')"), checked: true },
  { name: 'language', type: 'code', description: 'Language, BCP 47', source: column("nullIf(language, '')"), checked: true },
  { name: 'signed_up', type: 'date', description: 'Day of signing up', source: column('signed_up') },
  { name: 'stage', type: 'text', description: 'Lifecycle stage', source: column("nullIf(stage, '')"), checked: true },
  { name: 'consent', type: 'channels', description: 'Channels the customer agreed to', values: channelNames },
  { name: 'orders', type: 'number', description: 'Orders of the first goal; 0 without one', source: overOrders('toDecimal128(count(), 6)') },
  {
    name: 'total_spent',
    type: 'money',
    description: 'Amount of those orders in the account’s currency; 0 without one',
    source: overOrders('sumIf(amount, currency = {currency:String})'),
  },
  { name: 'first_order', type: 'date', description: 'Day of the first of those orders', source: overOrders('toDate32(min(placed_at), {zone:String})') },
  { name: 'last_order', type: 'date', description: 'Day of the last of those orders', source: overOrders('toDate32(max(placed_at), {zone:String})') },
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

/** A message event in the words of docs/figures.md: human opens and clicks only. */
interface MessageBehaviour {
  readonly description: string
  /** What goes with "who" and a count of messages. */
  readonly did: string
  readonly didNot: string
  /** Kinds of rows of `engagements`, and SQL of whether a row of `messages` says so; not where the whole of `messages` is read (segments). */
  readonly engaged?: { readonly kinds: readonly string[]; readonly happened: string }
}

export const messageBehaviours: Readonly<Record<string, MessageBehaviour>> = {
  sent: { description: 'A message was sent to the customer', did: 'were sent', didNot: 'were not sent' },
  delivered: { description: 'A message was delivered, as the reports count it', did: 'received', didNot: 'did not receive' },
  opened: {
    description: 'The customer opened a message; machine opens do not count',
    did: 'opened',
    didNot: 'did not open',
    engaged: { kinds: ['opened'], happened: 'notEmpty(opens)' },
  },
  clicked: {
    description: 'The customer clicked in a message; bot clicks do not count',
    did: 'clicked in',
    didNot: 'did not click in',
    engaged: { kinds: ['clicked'], happened: 'notEmpty(clicks)' },
  },
  unsubscribed: {
    description: 'The customer unsubscribed by a message; bots do not count',
    did: 'unsubscribed by',
    didNot: 'did not unsubscribe by',
    engaged: { kinds: ['unsubscribed'], happened: 'unsubscribed > 0' },
  },
  complained: {
    description: 'The customer marked a message as spam',
    did: 'complained about',
    didNot: 'did not complain about',
    engaged: { kinds: ['complained'], happened: 'complained > 0' },
  },
  bounced: {
    description: 'A message bounced, hard or soft',
    did: 'bounced',
    didNot: 'did not bounce',
    engaged: { kinds: ['hard', 'soft'], happened: '(hard > 0 OR soft > 0)' },
  },
}
const bounceType: Term = { name: 'bounceType', type: 'text', description: 'hard or soft', values: ['hard', 'soft'] }

/** A declared attribute with the name of a built-in one cannot be named. @param webKinds kinds of web events the account has; `visit` is always one */
export function vocabularyOf(declared: readonly DeclaredAttribute[] = [], webKinds: readonly string[] = []): Vocabulary {
  const taken = new Set(builtInAttributes.map(({ name }) => name))
  const reserved = new Set([...Object.keys(messageBehaviours), 'ordered'])
  const kinds = [...new Set(['visit', ...webKinds])].filter((kind) => !reserved.has(kind))
  return {
    attributes: [...builtInAttributes, ...declared.filter(({ name }) => !taken.has(name)).map(({ name, type, title }) => ({ name, type, description: title ?? name }))],
    behaviours: [
      ...Object.entries(messageBehaviours).map(([name, { description, engaged }]) => ({
        name,
        kind: 'message' as const,
        description,
        fields: name === 'bounced' ? [...messageFields, bounceType] : messageFields,
        ...(engaged ? { engaged } : {}),
      })),
      { name: 'ordered', kind: 'order', description: 'The customer placed an order of the first goal', fields: orderFields },
      ...kinds.map((name) => ({ name, kind: 'web' as const, description: `Web event ${name}`, fields: webFields })),
    ],
  }
}
