/** What a figure of the reports means, and which channels report it. */
import { Info } from '../../kit/index.ts'
import type { Metric } from './types.ts'

export function MetricInfo({ metric }: { metric: Metric | undefined }) {
  return metric ? <Info title={metric.title} definition={definitionOf(metric)} /> : null
}

export const definitionOf = ({ definition, channels }: Metric): string => `${definition}${channels[0] === 'all' ? '' : ` Reported by ${channels.join(', ')}.`}`
