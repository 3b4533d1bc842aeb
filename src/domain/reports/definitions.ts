/** Answers metric_definitions from the registry. Pure. */
import { channelNames, channelTable } from '../channels.ts'
import type { MetricDefinitionsInput } from './arguments.ts'
import type { Definitions } from './answer.ts'
import { pick } from '../../core/match.ts'
import { isColumn, type Metric } from './metric.ts'
import { metrics } from './metrics/index.gen.ts'
import { definitionsVersion } from './passport.ts'

/** Throws `unknown_value` with the nearest names. */
export function defineMetrics(input: MetricDefinitionsInput): Definitions {
  const choices = metrics.map((metric) => ({ id: metric.id, name: metric.id, metric }))
  const wanted = input.metrics?.length ? pick(input.metrics, choices, 'metrics', { one: 'metric', many: 'metrics' }) : choices
  return { definitions: definitionsVersion, metrics: wanted.map(({ metric }) => describeMetric(metric)) }
}

function describeMetric(metric: Metric): Definitions['metrics'][number] {
  const { id, title, unit, version, definition, section } = metric
  const channels = isColumn(metric) ? channelNames.filter((channel) => metric.needs.every((event) => channelTable[channel].includes(event))) : channelNames
  const adds = isColumn(metric) && metric.denominator === null
  return {
    id,
    title,
    unit,
    version,
    definition,
    channels: channels.length === channelNames.length ? ['all'] : [...channels],
    adds,
    interval: unit === 'rate' ? 'Wilson 95 %' : unit === 'uplift' ? '95 %' : null,
    section: `docs/figures.md, ${section}`,
  }
}
