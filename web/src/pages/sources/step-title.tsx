/** The heading of a step, which can take the focus, and what the step is about. */
import { Text, Title } from '@mantine/core'
import type { ReactNode, RefObject } from 'react'
import classes from './setup.module.css'

export type Heading = RefObject<HTMLHeadingElement | null>

export function StepTitle({ heading, title, children }: { heading?: Heading; title: string; children?: ReactNode }) {
  return (
    <div>
      <Title order={2} ref={heading ?? null} tabIndex={-1} className={classes.stepTitle}>
        {title}
      </Title>
      {children === undefined ? null : (
        <Text size="sm" c="dimmed" mt={2} component="div">
          {children}
        </Text>
      )}
    </div>
  )
}
