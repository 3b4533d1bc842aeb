/** The canonical kinds, by name. */
import customers from './customers.ts'
import type { KindDefinition } from './define.ts'
import entities from './entities.ts'
import events from './events.ts'
import orderItems from './order_items.ts'
import orders from './orders.ts'
import webEvents from './web_events.ts'

export const kinds = { entities, customers, events, orders, order_items: orderItems, web_events: webEvents } as const satisfies Record<string, KindDefinition>
export type Kind = keyof typeof kinds
/** Kinds whose rows go to the analytics store. */
export type StoredKind = Exclude<Kind, 'entities'>
export const kindNames = Object.keys(kinds) as [Kind, ...Kind[]]
export const storedKinds = kindNames.filter((kind) => kind !== 'entities') as [StoredKind, ...StoredKind[]]
