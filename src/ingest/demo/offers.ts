/** The demo's promotions and products. Promotions come again every year, so that a demo that is kept always has one ahead. */
import { Temporal } from 'temporal-polyfill'
import type { EntityRow } from '../../domain/entities/index.ts'
import { type BrandKey, fjell, lume } from './world.ts'

interface Promotion {
  readonly key: string
  readonly name: string
  readonly brand: BrandKey
  /** First day of each year and for how many; absent: always. */
  readonly from?: readonly [month: number, day: number, days: number]
  readonly status?: 'draft' | 'paused' | 'archived'
  readonly reward: object
  readonly codes?: object
  /** What one redemption costs, in the account's currency. */
  readonly cost?: string
}

const percent = (value: number) => ({ kind: 'percentage', value })
const shared = (code: string) => ({ shared: code })

/** The first twelve are the reasons of each month's offers, January first (world.ts, occasions). */
const promotions: readonly Promotion[] = [
  { key: 'winter_sale', name: 'Winter sale', brand: fjell, from: [1, 2, 30], reward: percent(40), codes: shared('WINTER40') },
  { key: 'last_of_winter', name: 'Last of winter', brand: fjell, from: [2, 1, 28], reward: percent(50), codes: shared('LASTCHANCE') },
  { key: 'spring_start', name: 'Spring start', brand: lume, from: [3, 1, 31], reward: percent(15), codes: shared('SPRING15') },
  { key: 'easter', name: 'Easter weekend', brand: lume, from: [4, 1, 25], reward: { kind: 'gift', gift: 'Set of tea lights' }, cost: '3.20' },
  { key: 'may_days', name: 'May days', brand: fjell, from: [5, 1, 31], reward: { kind: 'free_shipping' }, cost: '4.90' },
  { key: 'midsummer', name: 'Midsummer', brand: fjell, from: [6, 1, 30], reward: percent(20), codes: shared('MIDSUMMER') },
  { key: 'summer_sale', name: 'Summer sale', brand: lume, from: [7, 1, 31], reward: percent(30), codes: shared('SUMMER30') },
  { key: 'back_home', name: 'Back from holidays', brand: lume, from: [8, 1, 31], reward: percent(10), codes: shared('WELCOMEHOME') },
  { key: 'anniversary', name: 'Anniversary', brand: fjell, from: [9, 1, 30], reward: { kind: 'points', value: 200 }, cost: '2.00' },
  { key: 'autumn_favourites', name: 'Autumn favourites', brand: fjell, from: [10, 1, 31], reward: percent(15), codes: shared('AUTUMN15') },
  { key: 'black_friday', name: 'Black Friday', brand: fjell, from: [11, 20, 11], reward: percent(30), codes: shared('BLACK30') },
  { key: 'christmas_gifts', name: 'Christmas gifts', brand: lume, from: [12, 1, 23], reward: { kind: 'gift', gift: 'Wrapping paper' }, cost: '1.40' },
  { key: 'secret_sale', name: 'Secret sale for members', brand: fjell, reward: percent(35), codes: { unique: 4_800 } },
  { key: 'welcome_10', name: '10 % for the first tour', brand: fjell, reward: percent(10), codes: { unique: 12_000 } },
  { key: 'come_back_15', name: '15 % for coming back', brand: fjell, reward: percent(15), codes: { unique: 3_500 } },
  { key: 'birthday_present', name: 'Birthday present', brand: fjell, reward: { kind: 'gift', gift: 'Merino socks' }, cost: '6.50' },
  { key: 'lamp_trade_in', name: 'Old lamp for new', brand: lume, status: 'paused', reward: { kind: 'amount' }, cost: '12.00' },
  { key: 'photo_gift', name: 'A photobook for gold members', brand: fjell, status: 'draft', reward: { kind: 'gift', gift: 'Photobook A5' }, cost: '9.80' },
  { key: 'opening_2023', name: 'Opening of the shop', brand: lume, status: 'archived', reward: percent(25), codes: shared('OPENING') },
]

export const promotionOfMonth = (month: number): string | undefined => promotions[month - 1]?.key

/** When a yearly promotion runs: the next time if that is at most 45 days ahead, otherwise the last time. */
function spanOf([month, day, days]: readonly [number, number, number], today: Temporal.PlainDate): readonly [Temporal.PlainDate, Temporal.PlainDate] {
  const next = [today.year, today.year + 1].map((year) => Temporal.PlainDate.from({ year, month, day })).find((start) => Temporal.PlainDate.compare(start, today) > 0)
  const start = next && today.until(next).days <= 45 ? next : (next ?? today).subtract({ years: 1 })
  return [start, start.add({ days })]
}

function promotionRow({ key, name, brand, from, status, reward, codes, cost }: Promotion, today: Temporal.PlainDate, currency: string): EntityRow {
  const money = (amount: string) => ({ amount, currency })
  const definition = {
    reward: 'kind' in reward && reward.kind === 'amount' ? { ...reward, money: money('20.00') } : reward,
    ...(codes ? { codes } : {}),
    ...(cost === undefined ? {} : { cost: money(cost) }),
  }
  const row: EntityRow = { type: 'promotion', key, name, brand, status: status ?? 'active', definition }
  if (!from) return row
  const [start, end] = spanOf(from, today)
  const state = Temporal.PlainDate.compare(start, today) > 0 ? 'scheduled' : Temporal.PlainDate.compare(end, today) > 0 ? 'active' : 'completed'
  return { ...row, status: state, startsAt: start.toString(), endsAt: end.toString() }
}

const products = [
  { key: 'photobook_a5', name: 'Photobook A5', definition: { kind: 'photobook', size: 'A5', paper: 'matt, 170 g' } },
  { key: 'photobook_a4', name: 'Photobook A4', definition: { kind: 'photobook', size: 'A4', paper: 'matt, 200 g' } },
  { key: 'calendar_a3', name: 'Wall calendar', definition: { kind: 'calendar', size: 'A3', paper: 'silk, 250 g' } },
  { key: 'prints_10x15', name: 'Prints', definition: { kind: 'prints', size: '10 x 15 cm', paper: 'glossy' } },
  { key: 'postcard', name: 'Postcard', definition: { kind: 'postcard', size: 'A6', paper: 'card, 300 g' } },
  { key: 'mug', name: 'Mug', status: 'draft', definition: { kind: 'mug' } },
] as const

const configurations = [
  { key: 'tour_book', product: 'photobook_a5', status: 'active', en: 'Your tour as a book', de: 'Deine Tour als Buch', artwork: ['Ridge', 'Forest'] },
  { key: 'year_outside', product: 'calendar_a3', status: 'active', en: 'A year outside', de: 'Ein Jahr draußen', artwork: ['Seasons'] },
  { key: 'hut_postcard', product: 'postcard', status: 'active', en: 'Card from the hut', de: 'Karte von der Hütte', artwork: ['Stamp', 'Ink', 'Photo'] },
  { key: 'wall_prints', product: 'prints_10x15', status: 'active', en: 'Prints for the wall', de: 'Bilder für die Wand', artwork: ['Frame'] },
  { key: 'thanks_card', product: 'postcard', status: 'active', en: 'Card of thanks', de: 'Karte zum Danken', artwork: ['Linen', 'Star'] },
  { key: 'light_calendar', product: 'calendar_a3', status: 'active', en: 'A year of light', de: 'Ein Jahr Licht', artwork: ['Windows', 'Lanterns'] },
  { key: 'family_book', product: 'photobook_a4', status: 'draft', en: 'Family book', de: 'Familienbuch', artwork: ['Linen'] },
] as const

/** @param today of the account */
export function offerRows(today: Temporal.PlainDate, currency: string): EntityRow[] {
  return [
    ...promotions.map((promotion) => promotionRow(promotion, today, currency)),
    ...products.map((row): EntityRow => ({ status: 'active', ...row, type: 'product' })),
    ...configurations.map(
      ({ key, product, status, en, de, artwork }): EntityRow => ({
        type: 'product_configuration',
        key,
        name: en,
        status,
        definition: { product, names: { en, de }, artwork: artwork.map((name) => ({ name })) },
      }),
    ),
  ]
}
