/** What a figure means, exactly: at a small sign beside its name. */
import { ActionIcon, Tooltip } from '@mantine/core'
import { IconInfoCircle } from '@tabler/icons-react'
import classes from './reports.module.css'
import type { Metric } from './types.ts'

export function Info({ metric }: { metric: Metric | undefined }) {
  if (!metric) return null
  return (
    <Tooltip label={definitionOf(metric)} multiline w={280} events={{ hover: true, focus: true, touch: true }}>
      <ActionIcon variant="transparent" color="gray" size={24} className={classes.info} aria-label={`What ${metric.title} is: ${definitionOf(metric)}`}>
        <IconInfoCircle size={15} aria-hidden />
      </ActionIcon>
    </Tooltip>
  )
}

export const definitionOf = ({ definition, channels }: Metric): string => `${definition}${channels[0] === 'all' ? '' : ` Reported by ${channels.join(', ')}.`}`
