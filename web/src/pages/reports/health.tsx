/** Is e-mail healthy: each rate judged, how it moved in the last week, where it hurts and what to do. */
import { Text } from '@mantine/core'
import { useApi } from '../../api.ts'
import { Card, dayWords, figure, Section } from '../../kit/index.ts'
import { Band, ratioWords, rateOf } from './band.tsx'
import { Foot } from './foot.tsx'
import { Inboxes, Worst } from './health-tables.tsx'
import { MetricInfo } from './info.tsx'
import type { PartProps } from './part.ts'
import classes from './health.module.css'
import { Results } from './results.tsx'
import type { Frame, Health } from './types.ts'
import { rate } from './words.ts'

type Judged = Health['metrics'][number]

export function HealthReport(part: PartProps) {
  const { frame, asked } = part
  const report = useApi('reports', 'health', { account: frame.account.systemName, ...asked } as never, { keep: true })
  return (
    <Results of={report} part={part}>
      {(answer) => (
        <>
          <Section
            title="Rates"
            description={`${figure(answer.deliveries)} of ${figure(answer.sends)} e-mails delivered. ${figure(answer.campaigns.judged)} of ${figure(answer.campaigns.active)} campaigns have enough volume to be judged.`}
          >
            <div className={classes.judged}>
              {answer.metrics.map((own) => (
                <Judgement key={own.metric} own={own} metrics={frame.metrics} weeks={answer.weeks} />
              ))}
            </div>
          </Section>
          <Section title="What to do">
            <Card>
              {answer.advice.length > 0 ? (
                <ul className={classes.advice}>
                  {answer.advice.map((line) => (
                    <li key={line}>{line}</li>
                  ))}
                </ul>
              ) : (
                <Text size="sm">Nothing that the figures call for.</Text>
              )}
            </Card>
          </Section>
          <Inboxes answer={answer} metrics={frame.metrics} />
          <Worst answer={answer} metrics={frame.metrics} />
          <Foot passport={answer.passport} cautions={answer.cautions} />
        </>
      )}
    </Results>
  )
}

const points = (value: number) => `${Number((value * 100).toPrecision(3))}`

function Judgement({ own: { metric, value, band, why, next, change }, metrics, weeks }: { own: Judged; metrics: Frame['metrics']; weeks: Health['weeks'] }) {
  const [, , , low, high] = Array.isArray(value) ? value : []
  return (
    <Card>
      <div className={classes.judgedHead}>
        <h3 className={classes.cardTitle}>{metrics.get(metric)?.title ?? metric}</h3>
        <MetricInfo metric={metrics.get(metric)} />
        {band === null ? null : <Band band={band} />}
      </div>
      <div className={classes.big}>{rate(rateOf(value))}</div>
      <Text size="xs" c="dimmed">
        {ratioWords(value)}
        {typeof low === 'number' && typeof high === 'number' ? `, 95% interval ${rate(low)} to ${rate(high)}` : ''}
      </Text>
      {band === null && why ? (
        <Text size="sm" mt={6}>
          Not judged: {why}
        </Text>
      ) : null}
      {next ? (
        <Text size="sm" mt={6}>
          {points(next.distance)} points ({figure(next.messages)} e-mails) to {next.band}
        </Text>
      ) : null}
      {change ? <Week change={change} weeks={weeks} /> : null}
    </Card>
  )
}

function Week({ change: { before, now, difference, beyondNoise, worse }, weeks }: { change: NonNullable<Judged['change']>; weeks: Health['weeks'] }) {
  const [beforeStart = '', beforeEnd = '', start = '', end = ''] = weeks
  const verdict = beyondNoise ? (worse ? 'worse' : 'better') : 'within noise'
  return (
    <Text size="sm" mt={6} title={`${dayWords(start, undefined)} to ${dayWords(end, undefined)} against ${dayWords(beforeStart, undefined)} to ${dayWords(beforeEnd, undefined)}`}>
      Last week {rate(rateOf(now))} after {rate(rateOf(before))} ({difference < 0 ? '−' : '+'}
      {points(Math.abs(difference))} points): {verdict}
    </Text>
  )
}
