/** What an answer says about its figures: which rows are uncertain, what to mind, and how they were made. */
import { el, listOf, plain, recordOf, written, type Child } from './dom.ts'
import { day } from './figures.ts'
import { section } from './frame.ts'

type Answer = Readonly<Record<string, unknown>>

const longestCaution = 500

export function cautions({ flags, cautions: given }: Answer): HTMLElement | null {
  const { lowVolume, fewOrders, otherCurrencies } = recordOf(flags)
  // By rank, as the table counts them.
  const rows = (value: unknown) =>
    plain(value, 200)
      .replace(/\d+(?:-\d+)?/g, '#$&')
      .replaceAll(',', ', ')
  const lines = [
    ...(lowVolume ? [`Fewer than 1,000 deliveries, rates uncertain: ${rows(lowVolume)}`] : []),
    ...(fewOrders ? [`Fewer than 50 orders, money uncertain: ${rows(fewOrders)}`] : []),
    ...(otherCurrencies ? [`Orders in other currencies besides: ${rows(otherCurrencies)}`] : []),
    ...listOf(given).map((line) => plain(line, longestCaution)),
  ]
  return lines.length ? section('Mind', el('ul', { class: 'cautions' }, ...lines.map((line) => el('li', {}, el('bdi', {}, line))))) : null
}

/** The account's currency; undefined where the answer names none that could be written beside money. */
export function currencyOf({ passport }: Answer): string | undefined {
  const { currency } = recordOf(passport)
  return typeof currency === 'string' && /^[A-Z]{3}$/.test(currency) ? currency : undefined
}

/** The period and its place, below the title. */
export function about({ passport }: Answer): readonly Child[] {
  const { startDate, endDate, timeZone, currency, timeBasis } = recordOf(passport)
  return [`${day(startDate)} – ${day(endDate)}`, plain(timeZone ?? ''), plain(currency ?? ''), timeBasis === undefined ? '' : `by ${plain(timeBasis)} day`]
}

export function passportLine({ passport }: Answer): HTMLElement {
  const p = recordOf(passport)
  const filters = Object.entries(recordOf(p.filters)).map(([name, value]) => [plain(name), (Array.isArray(value) ? value : [value]) as unknown[]] as const)
  const parts: (readonly Child[])[] = [
    ['Goal ', written(p.goal ?? '–')],
    [plain(p.attribution ?? '', 200)],
    ...filters.map(([name, values]) => [`${name} `, ...values.flatMap((value, at) => [at === 0 ? null : ', ', written(value)])]),
    ...Object.entries(recordOf(p.deliveries)).map(([source, channels]) => [`deliveries ${plain(source)}: `, written(channels, 200)]),
    [`data as of ${plain(p.dataAsOf ?? '–')} (version ${plain(p.dataVersion ?? '–')})`],
    [`attribution settled through ${p.attributionSettledThrough ? day(p.attributionSettledThrough) : '–'}`],
    p.stillSettlingFrom ? [`still settling from ${day(p.stillSettlingFrom)}`] : [],
    [`definitions ${plain(p.definitions ?? '–')}`],
  ]
  return el('footer', {}, ...parts.filter((part) => part.some((child) => child !== '')).flatMap((part, at) => [at === 0 ? null : ' · ', ...part]))
}
