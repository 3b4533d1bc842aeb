/** What a page shows while it has nothing to show: it loads, it failed, there is nothing yet. */
import { Alert, Button, Skeleton, Stack, Text, ThemeIcon, Title, VisuallyHidden } from '@mantine/core'
import { type Icon, IconAlertTriangle, IconRefresh } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { ApiError } from '../api.ts'
import classes from './states.module.css'

/** The shape of what comes, in its place. @param rows how many lines or cards; @param height of each, in pixels */
export function Loading({ rows = 3, height = 64, what = 'the page' }: { rows?: number; height?: number; what?: string }) {
  return (
    <Stack gap="sm" role="status" aria-busy="true">
      <VisuallyHidden>Loading {what} …</VisuallyHidden>
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={String(row)} height={height} radius="md" />
      ))}
    </Stack>
  )
}

/** What went wrong, in the server's words, and a way on. @param retry reads again */
export function Problem({ error, retry, what }: { error: Pick<ApiError, 'message'>; retry?: () => unknown; what?: string }) {
  return (
    <Alert color="red" variant="light" icon={<IconAlertTriangle aria-hidden />} title={what === undefined ? 'This did not work' : `${what} could not be loaded`} role="alert">
      <Text size="sm">{error.message}</Text>
      {retry === undefined ? null : (
        <Button mt="sm" size="xs" variant="default" leftSection={<IconRefresh size={14} aria-hidden />} onClick={() => void retry()}>
          Try again
        </Button>
      )}
    </Alert>
  )
}

/** Nothing is here yet: why, and what to do about it. */
export function Empty({ icon: Sign, title, children, action }: { icon: Icon; title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className={classes.empty}>
      <ThemeIcon size={48} radius="lg" variant="light" aria-hidden>
        <Sign size={24} stroke={1.6} />
      </ThemeIcon>
      <Title order={2} className={classes.title}>
        {title}
      </Title>
      {children === undefined ? null : (
        <Text c="dimmed" size="sm" className={classes.words} component="div">
          {children}
        </Text>
      )}
      {action}
    </div>
  )
}
