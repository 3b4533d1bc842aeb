/** The words of the settings page: the API's answers by name. */
import type { Output } from '../../server.ts'

export type Settings = Output<'settings', 'read'>
export type Goal = Settings['settings']['goals'][number]
export type OrderStatus = Goal['statuses'][number]
export type ChannelName = Goal['channels'][number]
export type CustomerAttribute = Settings['settings']['customerAttributes'][number]
export type AttributeType = CustomerAttribute['type']
export type SeenAttribute = Output<'settings', 'seenAttributes'>['attributes'][number]
