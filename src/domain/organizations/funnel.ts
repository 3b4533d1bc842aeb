/** The funnel of a webapp, from its Google Analytics property where it has one and the installation may ask, otherwise from Mercat's own web events. Changes nothing. */
import { z } from 'zod'
import { type Principal, requireScopes } from '../../core/access.ts'
import { asked as askedOnce } from '../../core/asked.ts'
import { textUpTo } from '../../core/arguments.ts'
import { label } from '../../core/match.ts'
import { dayOf, type Period, parsePeriod } from '../../core/period.ts'
import { inline, percent, table } from '../../core/text.ts'
import { readSettings } from '../accounts/index.ts'
import { webappDefinition } from '../entities/index.ts'
import type { Stores } from '../stores.ts'
import type { Installation } from './context.ts'
import { entityOf, nameArgument, oneOf } from './find.ts'
import { ownFunnel, ownFunnelCost } from './funnel/own-events.ts'
import { type FunnelCounts, type FunnelStep, type FunnelType, funnelTypes } from './funnel/steps.ts'

export const funnelInput = z.strictObject({
  webappId: nameArgument.describe('Id, key or exact name'),
  funnelType: textUpTo(20).optional().describe('closed (default): a visitor counts at a step after all steps before it; open: whoever did the step'),
  startDate: textUpTo(40).optional().describe('yyyy-MM-dd, inclusive. Default: 30 days up to endDate'),
  endDate: textUpTo(40).optional().describe('yyyy-MM-dd, inclusive. Default: today'),
})
type FunnelInput = z.output<typeof funnelInput>

const usualDays = 30

const step = z.object({
  step: z.string(),
  visitors: z.int().nullable().describe('null: not known, or hidden: see shown'),
  shown: z.string(),
  events: z.int().nullable(),
  ofPrevious: z.number().nullable().describe('Visitors / visitors of the step before'),
  ofFirst: z.number().nullable().describe('Visitors / visitors of the first step'),
})

export const funnelOutput = z.object({
  webapp: z.object({ id: z.string(), key: z.string(), name: z.string(), status: z.string() }),
  source: z.string().describe('mercat: own web events; google_analytics: the property'),
  propertyId: z.string().optional(),
  funnelType: z.string(),
  startDate: z.string(),
  endDate: z.string(),
  timeZone: z.string(),
  steps: z.array(step),
  dataAsOf: z.string().nullable().describe('The newest web event of the webapp; null: none, or the source does not tell'),
  notes: z.array(z.string()),
})
export type Funnel = z.output<typeof funnelOutput>

/** What the arguments mean. */
interface Meaning {
  readonly webapp: Funnel['webapp']
  readonly type: FunnelType
  readonly period: Period
  readonly chosen: boolean
  /** Set where the property is to be asked. */
  readonly property: { readonly id: string; readonly events: Record<FunnelStep, string> } | undefined
  /** It names a property that may not be asked. */
  readonly without: boolean
}

/** GA4's recommended events where there is one, otherwise the step's own name. */
const usualEvents: Record<FunnelStep, string> = { visit: 'page_view', start: 'start', upload: 'upload', checkout: 'begin_checkout', order: 'purchase' }

export interface FunnelReader {
  readonly funnel: (input: FunnelInput, signal?: AbortSignal) => Promise<Funnel>
  /** Rows of the store that it would read; a property's report reads none. */
  readonly cost: (input: FunnelInput, signal?: AbortSignal) => Promise<number>
}

export function createFunnels(stores: Stores, principal: Principal, { googleAnalytics, googleProperties = {} }: Installation): FunnelReader {
  const { db, analytics, clock } = stores
  const { account } = principal

  const understood = askedOnce(async (input: FunnelInput): Promise<Meaning> => {
    requireScopes(principal, 'read:webapps')
    const { id, key, name, status, definition } = await entityOf(db, principal, 'webapp', input.webappId, 'webappId')
    const { googleAnalytics: property } = webappDefinition.partial().safeParse(definition).data ?? {}
    const own = Object.hasOwn(googleProperties, account.systemName) ? (googleProperties[account.systemName] ?? []) : []
    const may = googleAnalytics !== undefined && property !== undefined && own.includes(property.propertyId)
    return {
      webapp: { id, key, name, status },
      type: input.funnelType?.trim() ? oneOf(input.funnelType, funnelTypes, 'funnelType', { one: 'type of funnel', many: 'types of funnels' }) : 'closed',
      period: parsePeriod(input, dayOf(clock(), account.timeZone), account.timeZone, { usual: usualDays }),
      chosen: input.startDate !== undefined || input.endDate !== undefined,
      property: may ? { id: property.propertyId, events: { ...usualEvents, ...(property.events as Partial<Record<FunnelStep, string>>) } } : undefined,
      without: property !== undefined && !may,
    }
  })
  const own = ({ webapp, period, type }: Meaning) => ({ accountId: account.id, webapp: webapp.key, period, timeZone: account.timeZone, type })

  return {
    cost: async (input, signal) => {
      const meaning = await understood.ask(input)
      return meaning.property ? 0 : await ownFunnelCost(analytics, own(meaning), signal)
    },
    funnel: async (input, signal) => {
      const meaning = await understood.take(input)
      const { privacyFloor } = await readSettings(db, account.id)
      const { webapp, type, period, property } = meaning
      const common = { webapp, funnelType: type, startDate: period.start, endDate: period.end }
      if (property && googleAnalytics) {
        const found = await googleAnalytics.funnel({ propertyId: property.id, events: property.events, period, type }, signal)
        return {
          ...common,
          source: 'google_analytics',
          propertyId: property.id,
          timeZone: found.timeZone ?? 'of the property',
          steps: stepsOf(found.steps, privacyFloor),
          dataAsOf: null,
          notes: [...notesOf(meaning), ...found.notes],
        }
      }
      const found = await ownFunnel(analytics, own(meaning), signal ? { signal } : {})
      // Nothing was ever told of this webapp: that is not the same as nobody having come.
      const steps = found.lastEventAt === null ? found.steps.map((one) => ({ ...one, visitors: null, events: null })) : found.steps
      return {
        ...common,
        source: 'mercat',
        timeZone: account.timeZone,
        steps: stepsOf(steps, privacyFloor),
        dataAsOf: found.lastEventAt?.toISOString() ?? null,
        notes: [
          ...notesOf(meaning),
          ...(found.lastEventAt === null ? [`No web event of the webapp ${JSON.stringify(label(webapp.key))} was ever imported: null stands where a count would be.`] : []),
        ],
      }
    },
  }
}

function notesOf({ type, chosen, without }: Meaning): string[] {
  return [
    type === 'closed'
      ? 'Closed: a visitor counts at a step only after all steps before it, in their order, within the period.'
      : 'Open: whoever did the step in the period counts, whatever they did before; a later step may have more visitors.',
    ...(chosen ? [] : [`The default period, the last ${usualDays} days.`]),
    ...(without
      ? [
          'The webapp names a Google Analytics property that this Mercat may not read for the account (MERCAT_GOOGLE_CREDENTIALS_FILE, MERCAT_GOOGLE_PROPERTIES): these are Mercat’s own web events.',
        ]
      : []),
  ]
}

/** Small groups are not shown, nor what would tell of one: a step that differs from the one before by a few people shows no number, and no share is made of what is hidden. */
function stepsOf(steps: FunnelCounts['steps'], floor: number): Funnel['steps'] {
  const seen: number[] = []
  const shown = steps.map(({ visitors }) => {
    if (visitors === null) return { visitors: null, shown: 'not known' }
    if (visitors === 0) return { visitors, shown: '0' }
    if (visitors < floor) return { visitors: null, shown: `fewer than ${floor}` }
    if (seen.some((other) => other !== visitors && Math.abs(other - visitors) < floor)) return { visitors: null, shown: `within ${floor} of another step` }
    seen.push(visitors)
    return { visitors, shown: visitors.toLocaleString('en') }
  })
  const share = (part: number | null | undefined, whole: number | null | undefined) => (typeof part === 'number' && typeof whole === 'number' && whole > 0 ? part / whole : null)
  return steps.map(({ step: name, events }, index) => ({
    step: name,
    visitors: shown[index]?.visitors ?? null,
    shown: shown[index]?.shown ?? 'not known',
    // How often few people did something tells how many they were.
    events: shown[index]?.visitors === null ? null : events,
    ofPrevious: index === 0 ? null : share(shown[index]?.visitors, shown[index - 1]?.visitors),
    ofFirst: share(shown[index]?.visitors, shown[0]?.visitors),
  }))
}

export function funnelText({ webapp, source, propertyId, funnelType, startDate, endDate, timeZone, steps, dataAsOf, notes }: Funnel): string {
  const rate = (value: number | null) => (value === null ? '-' : percent(value))
  return [
    `Funnel of **${inline(label(webapp.name))}** (${webapp.id}, ${webapp.status}), ${funnelType}, ${startDate} to ${endDate} (${timeZone}), from ${source === 'mercat' ? 'Mercat’s own web events' : `Google Analytics, property ${propertyId}`}`,
    table(
      ['step', 'visitors', 'of the step before', 'of the first', 'events'],
      steps.map((one) => [one.step, one.shown, rate(one.ofPrevious), rate(one.ofFirst), one.events === null ? '-' : String(one.events)]),
    ),
    ...(dataAsOf === null ? [] : [`Newest web event ${dataAsOf}`]),
    ...notes.map((line) => `- ${line}`),
  ].join('\n')
}
