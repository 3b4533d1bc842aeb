/** The frame of every page: document title, heading, what it is for, its main actions. The heading takes the focus after a navigation, so that a screen reader says where one is. */
import { Group, Stack, Text, Title } from '@mantine/core'
import { type ReactNode, useContext, useEffect, useRef } from 'react'
import { AccountContext } from '../session.ts'
import classes from './page.module.css'

/** Whether a page was shown before: the very first one leaves the focus to the browser. */
let arrived = false

interface PageProps {
  readonly title: string
  /** Above the heading: the link to the list that it is an item of. */
  readonly back?: ReactNode
  /** One or two sentences. */
  readonly description?: ReactNode
  /** Buttons at the right of the heading. */
  readonly actions?: ReactNode
  /** Wide pages hold tables; the others are for reading and forms. */
  readonly wide?: boolean
  readonly children: ReactNode
}

export function Page({ title, back, description, actions, wide = false, children }: PageProps) {
  const account = useContext(AccountContext)
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = [title, account?.name, 'Mercat'].filter(Boolean).join(' · ')
  }, [title, account])
  useEffect(() => {
    if (arrived) heading.current?.focus({ preventScroll: true })
    arrived = true
  }, [])
  return (
    <div className={classes.page} data-wide={wide || undefined}>
      <Group justify="space-between" align="flex-start" gap="md" wrap="wrap" className={classes.head}>
        <div className={classes.words}>
          {back}
          <Title order={1} ref={heading} tabIndex={-1} className={classes.title}>
            {title}
          </Title>
          {description === undefined ? null : (
            <Text c="dimmed" className={classes.description} component="div">
              {description}
            </Text>
          )}
        </div>
        {actions === undefined ? null : (
          <Group gap="xs" className={classes.actions}>
            {actions}
          </Group>
        )}
      </Group>
      <Stack gap="xl">{children}</Stack>
    </div>
  )
}

interface SectionProps {
  readonly title: string
  /** What follows `#` in the address that leads here. */
  readonly id?: string
  readonly description?: ReactNode
  readonly actions?: ReactNode
  readonly children: ReactNode
}

/** A part of a page, with a heading of its own. */
export function Section({ title, id, description, actions, children }: SectionProps) {
  return (
    <section className={classes.section} id={id}>
      <Group justify="space-between" align="flex-end" gap="sm" mb="sm">
        <div>
          <Title order={2} className={classes.subtitle}>
            {title}
          </Title>
          {description === undefined ? null : (
            <Text c="dimmed" size="sm" component="div" mt={2}>
              {description}
            </Text>
          )}
        </div>
        {actions}
      </Group>
      {children}
    </section>
  )
}
