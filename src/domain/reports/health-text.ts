/** The answer of email_health_report as compact Markdown that says the same as its structured form. Names of users are made inert here. Pure. */
import { inline, percent, table } from '../../core/text.ts'
import type { EmailHealth, HealthChange, HealthMetricAnswer } from './answer.ts'
import type { Cell } from './measure.ts'
import { figure, passportLine, points, probability, signed } from './text.ts'

export function healthText(health: EmailHealth): string {
  const [beforeStart, beforeEnd, start, end] = health.weeks
  const { passport: p, inboxes, worst, campaigns } = health
  return [
    `E-mail health ${p.startDate} to ${p.endDate} (${p.timeZone}), by ${p.timeBasis} day: ${health.sends} sent, ${health.deliveries} delivered`,
    table(
      ['metric', 'value', 'band', 'to the next band', `${start} to ${end} against ${beforeStart} to ${beforeEnd}`],
      health.metrics.map((metric) => [
        metric.metric,
        figure(metric.metric, metric.value),
        metric.band ?? `not judged: ${metric.why}`,
        nextWords(metric),
        changeWords(metric.change),
      ]),
    ),
    '**What to do**',
    ...(health.advice.length ? health.advice.map((line) => `- ${inline(line)}`) : ['- Nothing that the figures call for.']),
    ...(inboxes.rows.length
      ? [
          '**Inbox providers**',
          table(
            inboxes.columns,
            inboxes.rows.map(([name, share, ...cells]) => [inline(String(name)), share === null ? '-' : percent(Number(share)), ...cells.map(banded)]),
          ),
        ]
      : []),
    `Provider not known: ${figure('share', inboxes.unknown)} of deliveries`,
    ...(worst.rows.length
      ? [
          '**Worst campaigns**',
          table(
            ['metric', 'campaign', 'value'],
            worst.rows.map(([metric, id, name, cell]) => [String(metric), `${inline(String(name))} (${id})`, banded(cell ?? null)]),
          ),
        ]
      : []),
    `${campaigns.judged} of ${campaigns.active} campaigns have enough volume to be judged`,
    ...health.cautions.map((line) => `- ${line}`),
    passportLine(health),
  ].join('\n')
}

function nextWords({ next }: HealthMetricAnswer): string {
  return next ? `${points(next.distance)} points (${next.messages} messages) to ${next.band}` : '-'
}

function changeWords(change: HealthChange | null): string {
  if (!change) return '-'
  const verdict = change.beyondNoise ? (change.worse ? 'worse' : 'better') : 'within noise'
  return `${figure('rate', change.before)} → ${figure('rate', change.now)}: ${signed(points(change.difference))} points (${points(change.low)} to ${points(change.high)}), ${probability(change.p)}, ${verdict}`
}

/** `1.2% (12/1000) good`. */
function banded(cell: Cell): string {
  if (!Array.isArray(cell)) return '-'
  const [value, numerator, denominator, band] = cell as Cell[]
  return `${figure('rate', [value, numerator, denominator] as Cell)}${typeof band === 'string' ? ` ${band}` : ''}`
}
