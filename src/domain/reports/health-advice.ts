/** What to do about the health of e-mail: one table of rules, each tied to figures of the answer (docs/reports.md lists them). A rule whose figures are not there says nothing. Pure. */
import { percent } from '../../core/text.ts'
import { differenceOfShares } from './statistics.ts'
import type { Band, HealthMetric } from './health-bands.ts'
import type { MessageCounts } from './tally.ts'

/** A metric over some messages. */
export interface Rate {
  readonly numerator: number
  readonly denominator: number
  readonly band: Band | null
}
export interface Part {
  readonly name: string
  readonly rates: Readonly<Partial<Record<HealthMetric, Rate>>>
}
/** What the rules may look at. */
export interface Findings {
  readonly rates: Readonly<Partial<Record<HealthMetric, Rate>>>
  readonly counts: MessageCounts
  /** Judged campaigns, the worst of a metric first. */
  readonly worst: Readonly<Partial<Record<HealthMetric, readonly Part[]>>>
  /** Known providers with enough volume to be judged. */
  readonly providers: readonly Part[]
  /** Deliveries whose provider is not known. */
  readonly unknownProvider: number
  /** Changes of the last week that are more than noise: rates before and now. */
  readonly changes: readonly { readonly metric: HealthMetric; readonly before: number; readonly now: number; readonly worse: boolean }[]
  readonly lastWeek: string
}

const share = ({ numerator, denominator }: Rate) => `${percent(numerator / denominator)} (${numerator}/${denominator})`
const names = (parts: readonly Part[]) => parts.map(({ name }) => name).join(', ')
const words: Readonly<Record<HealthMetric, string>> = {
  openRate: 'open rate',
  clickRate: 'click rate',
  bounceRate: 'hard bounce rate',
  unsubscribeRate: 'unsubscribe rate',
  spamRate: 'spam rate',
}

/** The provider that does worst in a metric, where it is worse than all others together by more than noise. */
function outlier({ rates, providers }: Findings, metric: HealthMetric, higherIsWorse: boolean): { part: Part; own: Rate; rest: Rate } | undefined {
  const whole = rates[metric]
  if (!whole) return undefined
  return providers
    .flatMap((part) => {
      const own = part.rates[metric]
      if (!own || own.denominator >= whole.denominator) return []
      const rest: Rate = { numerator: whole.numerator - own.numerator, denominator: whole.denominator - own.denominator, band: null }
      const difference = differenceOfShares({ successes: own.numerator, trials: own.denominator }, { successes: rest.numerator, trials: rest.denominator })
      const worse = difference !== null && (higherIsWorse ? difference.low > 0 : difference.high < 0)
      return worse && own.band === 'poor' ? [{ part, own, rest, by: Math.abs(difference.difference) }] : []
    })
    .sort((a, b) => b.by - a.by)[0]
}

/** The campaign that holds at least half of a metric's events, where there are others. */
function culprit({ rates, worst }: Findings, metric: HealthMetric): { part: Part; own: Rate } | undefined {
  const total = rates[metric]?.numerator ?? 0
  return (worst[metric] ?? []).flatMap((part) => {
    const own = part.rates[metric]
    return own && own.numerator * 2 >= total && own.denominator < (rates[metric]?.denominator ?? 0) ? [{ part, own }] : []
  })[0]
}

const isPoor = ({ rates }: Findings, metric: HealthMetric) => rates[metric]?.band === 'poor'
const isFine = ({ rates }: Findings, metric: HealthMetric) => rates[metric]?.band === 'good' || rates[metric]?.band === 'excellent'

/** In the order of their urgency. */
const rules: readonly { readonly id: string; readonly advise: (at: Findings) => string | undefined }[] = [
  {
    id: 'spam-at-provider',
    advise: (at) => {
      const found = outlier(at, 'spamRate', true)
      return (
        found &&
        `Spam complaints at ${found.part.name} are ${share(found.own)}, elsewhere ${share(found.rest)}: send there only to people who opened or clicked lately until it is below 0.2 %.`
      )
    },
  },
  {
    id: 'spam',
    advise: (at) => {
      const rate = at.rates.spamRate
      if (!rate || !isPoor(at, 'spamRate')) return undefined
      const found = culprit(at, 'spamRate')
      return found
        ? `Spam rate ${share(rate)}: ${found.own.numerator} of the ${rate.numerator} complaints are about ${found.part.name}; stop it, or narrow whom it goes to, first.`
        : `Spam rate ${share(rate)}, spread over campaigns: providers filter senders above 0.2 %. Check where the addresses come from and that consent was asked for; unsubscribing must be easier than complaining.`
    },
  },
  {
    id: 'bounce-at-provider',
    advise: (at) => {
      const found = outlier(at, 'bounceRate', true)
      return (
        found &&
        `${found.part.name} rejects ${share(found.own)}, the others ${share(found.rest)}: that looks like a block rather than dead addresses. Read its reasons with list_execution_errors, and check SPF, DKIM, DMARC and your standing there.`
      )
    },
  },
  {
    id: 'bounces',
    advise: (at) => {
      const rate = at.rates.bounceRate
      if (!rate || !isPoor(at, 'bounceRate')) return undefined
      const found = culprit(at, 'bounceRate')
      return found
        ? `Hard bounce rate ${share(rate)}: ${found.own.numerator} of ${rate.numerator} come from ${found.part.name}; check where its audience's addresses come from before it is sent again.`
        : `Hard bounce rate ${share(rate)}, spread over campaigns: take the ${rate.numerator} bounced messages' addresses out of every audience, and confirm new addresses when they are given.`
    },
  },
  {
    id: 'soft-bounces',
    advise: ({ counts }) =>
      counts.sends >= 1000 && counts.softBounces * 20 > counts.sends
        ? `${percent(counts.softBounces / counts.sends)} of the sends bounced softly (${counts.softBounces}/${counts.sends}): mailboxes are full or providers slow you down; see list_execution_errors for the reasons.`
        : undefined,
  },
  {
    id: 'opens-at-provider',
    advise: (at) => {
      const found = outlier(at, 'openRate', false)
      return (
        found &&
        `Only ${share(found.own)} open at ${found.part.name}, ${share(found.rest)} elsewhere: mail probably lands in its spam folder. Send a test to an inbox there before changing any content.`
      )
    },
  },
  {
    id: 'opens',
    advise: (at) => {
      const rate = at.rates.openRate
      if (!rate || !isPoor(at, 'openRate') || outlier(at, 'openRate', false)) return undefined
      const lowest = (at.worst.openRate ?? []).filter(({ rates }) => rates.openRate?.band === 'poor')
      return `Open rate ${share(rate)} at every provider that is known${isFine(at, 'clickRate') ? ', while clicks are fine' : ''}: test subject, sender and time of sending${lowest.length ? `, first of ${names(lowest)}` : ''}.`
    },
  },
  {
    id: 'clicks',
    advise: (at) => {
      const rate = at.rates.clickRate
      if (!rate || !isPoor(at, 'clickRate') || !isFine(at, 'openRate')) return undefined
      const lowest = (at.worst.clickRate ?? []).filter(({ rates }) => rates.clickRate?.band === 'poor')
      return `Messages are opened, but the click rate is ${share(rate)}: what is inside does not lead on. Look at offer and links${lowest.length ? ` of ${names(lowest)}` : ''}.`
    },
  },
  {
    id: 'unsubscribes',
    advise: (at) => {
      const rate = at.rates.unsubscribeRate
      if (!rate || !isPoor(at, 'unsubscribeRate')) return undefined
      const found = culprit(at, 'unsubscribeRate')
      return found
        ? `Unsubscribe rate ${share(rate)}: ${found.own.numerator} of ${rate.numerator} leave after ${found.part.name}; narrow its audience.`
        : `Unsubscribe rate ${share(rate)}, spread over campaigns: people get more than they want. Send less often to those who have not opened lately.`
    },
  },
  {
    id: 'worse-lately',
    advise: ({ changes, lastWeek }) => {
      const worse = changes.filter((change) => change.worse)
      return worse.length
        ? `Since ${lastWeek}, worse than in the week before by more than noise: ${worse.map(({ metric, before, now }) => `${words[metric]} ${percent(before)} → ${percent(now)}`).join(', ')}. Compare what was sent, to whom and from where in the two weeks.`
        : undefined
    },
  },
  {
    id: 'machine-opens',
    advise: ({ counts: { opens, machineOpens } }) =>
      opens + machineOpens >= 1000 && machineOpens * 10 > (opens + machineOpens) * 3
        ? `${percent(machineOpens / (opens + machineOpens))} of the opened messages were opened by machines only (not in the open rate): judge content by clicks.`
        : undefined,
  },
  {
    id: 'no-complaints',
    advise: ({ counts }) =>
      counts.deliveries >= 10_000 && counts.complaints === 0
        ? `No complaint at all in ${counts.deliveries} deliveries: probably none is reported. Check that the feedback loops of your sending platform are imported (event complained) before trusting the spam rate.`
        : undefined,
  },
  {
    id: 'no-bounces',
    advise: ({ counts }) =>
      counts.sends >= 10_000 && counts.hardBounces + counts.softBounces === 0
        ? `No bounce at all in ${counts.sends} sends: probably none is imported (event bounced); the hard bounce rate then says nothing.`
        : undefined,
  },
  {
    id: 'unknown-providers',
    advise: ({ counts, unknownProvider }) =>
      counts.deliveries >= 1000 && unknownProvider * 2 > counts.deliveries
        ? `The inbox provider of ${percent(unknownProvider / counts.deliveries)} of the deliveries is not known: import events with inbox, or with addresses as customer_id (only hashes are kept), to see where a problem is.`
        : undefined,
  },
]

/** The advice of every rule that applies. */
export function adviceFor(findings: Findings): string[] {
  return rules.flatMap(({ advise }) => advise(findings) ?? [])
}
