/** Shapes the answer of email_health_report: judged metrics, inbox providers, worst campaigns, what to do. Pure. */
import type { Principal } from '../../core/access.ts'
import { label } from '../../core/match.ts'
import { addDays, dayOf, type Period } from '../../core/period.ts'
import type { EmailHealth, HealthChange } from './answer.ts'
import { cautionsOf } from './cautions.ts'
import { total } from './groups.ts'
import { adviceFor, type Findings, type Part, type Rate } from './health-advice.ts'
import { type HealthMetric, judge, type Judged, judgements, leastVolume, worseFirst } from './health-bands.ts'
import { type Cell, measure, type Measure, toCell } from './measure.ts'
import { passportOf } from './passport.ts'
import type { Plan } from './plan.ts'
import { contextOf } from './report.ts'
import { shareOf } from './rows.ts'
import { type Facts, itemOf } from './run.ts'
import { differenceOfShares } from './statistics.ts'
import { channelOf, sumOf, type Tally } from './tally.ts'

/** Providers and campaigns that an answer lists by themselves. */
const listedProviders = 6
const listedCampaigns = 3

export interface Weeks {
  readonly last: Period
  readonly before: Period
}

/** The last seven days of the period that have data, and the seven before them. */
export function weeksOf({ period, account }: Pick<Plan, 'period' | 'account'>, dataAsOf: Date | null): Weeks {
  const newest = dataAsOf === null ? period.end : dayOf(dataAsOf, account.timeZone)
  const isWhole = newest >= period.end
  const end = isWhole ? period.end : newest
  return { last: { start: addDays(end, -6), end }, before: { start: addDays(end, -13), end: addDays(end, -7) } }
}

export interface HealthFacts {
  readonly plan: Plan
  readonly facts: Facts
  readonly weeks: Weeks
  /** `now`: the last week, `before`: the week before. */
  readonly week: Facts
  readonly inboxes: ReadonlyMap<string, Tally>
  readonly principal: Principal
  readonly now: Date
}

interface JudgedMetric extends Judged {
  readonly metric: HealthMetric
  readonly measure: Measure
}

const divisor = (metric: HealthMetric) => (metric === 'bounceRate' ? 'sends' : 'deliveries')

export function shapeHealth(at: HealthFacts): EmailHealth {
  const { plan, facts, weeks, inboxes } = at
  const context = contextOf(plan, facts)
  const judged = (tally: Tally): JudgedMetric[] =>
    judgements.flatMap((judgement) => {
      const metric = plan.metrics.find(({ id }) => id === judgement.metric)
      if (!metric) return []
      const value = measure(metric, tally, context)
      return [{ metric: judgement.metric, measure: value, ...judge(judgement, value, divisor(judgement.metric)) }]
    })
  const tally = total(plan, facts.now.values())
  const whole = judged(tally)
  const changes = changesOf(at, judged)
  const providers = providersOf(tally, inboxes)
  const campaigns = [...facts.now].map(([key, own]) => ({ id: itemOf(plan, key).campaign.id, name: label(itemOf(plan, key).campaign.name), judged: judged(own) }))
  const worst = worstOf(campaigns)
  const partOf = (name: string, metrics: readonly JudgedMetric[]): Part => ({ name, rates: ratesOf(metrics) })
  const { messages: counts } = channelOf(tally, 'Email')
  const findings: Findings = {
    rates: ratesOf(whole),
    counts,
    worst: Object.fromEntries(judgements.map(({ metric }) => [metric, (worst.get(metric) ?? []).map(({ name, judged: own }) => partOf(name, own))])),
    providers: providers.known.map(({ name, tally: own }) => partOf(name, judged(own))).filter(({ rates }) => Object.keys(rates).length > 0),
    unknownProvider: providers.unknown,
    changes: whole.flatMap(({ metric }) => {
      const change = changes.get(metric)
      return change?.beyondNoise ? [{ metric, before: rateIn(change.before), now: rateIn(change.now), worse: change.worse }] : []
    }),
    lastWeek: weeks.last.start,
  }
  const cell = ({ metric, measure: value }: JudgedMetric): Cell => cellOf(plan, metric, value)
  return {
    legend: 'rate: [value, numerator, denominator, 95 % interval]; in rows [value, numerator, denominator, band]; null: unknown or not judged',
    sends: counts.sends,
    deliveries: counts.deliveries,
    metrics: whole.map((own) => ({
      metric: own.metric,
      value: cell(own),
      band: own.band,
      ...(own.why ? { why: own.why } : {}),
      next: own.next,
      change: changes.get(own.metric) ?? null,
    })),
    weeks: [weeks.before.start, weeks.before.end, weeks.last.start, weeks.last.end],
    inboxes: {
      unknown: [shareOf(providers.unknown, counts.deliveries), providers.unknown, counts.deliveries],
      columns: ['inbox', 'share', ...judgements.map(({ metric }) => metric)],
      rows: providers.rows.map(({ name, tally: own }) => [name, shareOf(channelOf(own, 'Email').messages.deliveries, counts.deliveries), ...judged(own).map(bandCell)]),
    },
    worst: {
      columns: ['metric', 'id', 'campaign', 'value'],
      rows: [...worst].flatMap(([metric, rows]) => rows.map((row): Cell[] => [metric, row.id, row.name, bandCell(row.judged.find((own) => own.metric === metric))])),
    },
    campaigns: { active: campaigns.length, judged: campaigns.filter((own) => own.judged.some(({ band }) => band !== null)).length },
    advice: adviceFor(findings),
    cautions: cautionsFor(at, whole, counts.deliveries),
    passport: passportOf(plan, facts, tally, at.now),
  }
}

function cellOf(plan: Plan, id: HealthMetric, value: Measure): Cell {
  const metric = plan.metrics.find((candidate) => candidate.id === id)
  return metric ? toCell(metric, value, { intervals: true, deliveries: undefined }) : null
}

/** [value, numerator, denominator, band]. */
function bandCell(own: JudgedMetric | undefined): Cell {
  if (!own || own.measure.numerator === null) return null
  return [own.measure.value, own.measure.numerator, own.measure.denominator, own.band]
}

/** Rates that are judged. */
function ratesOf(metrics: readonly JudgedMetric[]): Partial<Record<HealthMetric, Rate>> {
  return Object.fromEntries(
    metrics.flatMap(({ metric, measure: { numerator, denominator }, band }) =>
      band === null ? [] : [[metric, { numerator: Number(numerator), denominator: Number(denominator), band }]],
    ),
  )
}

const rateIn = (cell: Cell) => Number(Array.isArray(cell) ? cell[0] : cell)

/** The last week against the one before; nothing where a week has no messages. */
function changesOf({ plan, week }: HealthFacts, judged: (tally: Tally) => JudgedMetric[]): Map<HealthMetric, HealthChange> {
  const [last, before] = [judged(total(plan, week.now.values())), judged(total(plan, week.before.values()))]
  return new Map(
    judgements.flatMap(({ metric, better }) => {
      const [a, b] = [last, before].map((side) => side.find((own) => own.metric === metric)?.measure)
      if (!a || !b) return []
      const sides = [a, b].map(({ numerator, denominator }) => ({ successes: Number(numerator), trials: denominator ?? 0 })) as [Trial, Trial]
      const difference = differenceOfShares(...sides)
      if (!difference) return []
      const { low, high, p } = difference
      const plainCell = ({ value, numerator, denominator }: Measure): Cell => [value, numerator, denominator]
      const beyondNoise = low > 0 || high < 0
      const worse = beyondNoise && (better === 'higher' ? high < 0 : low > 0)
      return [[metric, { before: plainCell(b), now: plainCell(a), difference: difference.difference, low, high, p, beyondNoise, worse }] as const]
    }),
  )
}
interface Trial {
  readonly successes: number
  readonly trials: number
}

interface Named {
  readonly name: string
  readonly tally: Tally
}

/** Providers by deliveries; what is not listed by itself as one row. What facts by provider do not cover (yet) is not known. */
function providersOf(whole: Tally, inboxes: ReadonlyMap<string, Tally>): { rows: Named[]; known: Named[]; unknown: number } {
  const deliveries = (tally: Tally) => channelOf(tally, 'Email').messages.deliveries
  const known = [...inboxes]
    .filter(([name, tally]) => name !== '' && channelOf(tally, 'Email').messages.sends > 0)
    .map(([name, tally]): Named => ({ name, tally }))
    .sort((a, b) => deliveries(b.tally) - deliveries(a.tally) || (a.name < b.name ? -1 : 1))
  const rest = known.slice(listedProviders)
  const rows = [...known.slice(0, listedProviders), ...(rest.length ? [{ name: `${rest.length} more`, tally: sumOf(rest.map(({ tally }) => tally)) }] : [])]
  return { rows, known, unknown: deliveries(whole) - known.reduce((sum, { tally }) => sum + deliveries(tally), 0) }
}

/** Per metric, the judged campaigns that are not excellent, worst first. */
function worstOf<Campaign extends { id: string; judged: readonly JudgedMetric[] }>(campaigns: readonly Campaign[]): Map<HealthMetric, Campaign[]> {
  return new Map(
    judgements.map((judgement) => {
      const own = (campaign: Campaign) => campaign.judged.find(({ metric }) => metric === judgement.metric)
      const none: Measure = { value: null, numerator: null, denominator: null }
      const found = campaigns
        .filter((campaign) => ['good', 'poor'].includes(own(campaign)?.band ?? ''))
        .sort((a, b) => worseFirst(judgement, own(a)?.measure ?? none, own(b)?.measure ?? none) || (a.id < b.id ? -1 : 1))
      return [judgement.metric, found.slice(0, listedCampaigns)]
    }),
  )
}

function cautionsFor({ plan, principal, facts, weeks }: HealthFacts, whole: readonly JudgedMetric[], deliveries: number): string[] {
  const summary = Object.fromEntries(whole.map(({ metric, measure: value }) => [metric, cellOf(plan, metric, value)]))
  const newest = facts.dataAsOf === null ? null : dayOf(facts.dataAsOf, plan.account.timeZone)
  return [
    ...cautionsOf({ plan, principal, facts, summary, foreignOrders: 0, automatic: false, moreUplift: 0 }),
    ...(deliveries < leastVolume ? [`Low volume: ${deliveries} deliveries, fewer than 1,000; rates over fewer than 1,000 are not judged.`] : []),
    ...(newest !== null && newest >= weeks.last.start && weeks.last.start <= plan.today
      ? ['Messages of the last days still gather opens, clicks, unsubscribes and complaints: their rates rise for some days.']
      : []),
  ]
}
