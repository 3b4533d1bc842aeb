/** Whether an assistant is connected by now: asks every few seconds while the page is looked at, and says so aloud. */
import { Text } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useApi } from '../../api.ts'
import { Problem, Time } from '../../kit/index.ts'
import type { Account } from '../../server.ts'
import classes from './live.module.css'

const everyMs = 3000

export function Live({ account }: { account: Account }) {
  const { data, error, refetch } = useApi('apps', 'list', { account: account.systemName }, { every: everyMs })
  const [before, setBefore] = useState<ReadonlySet<string>>()
  if (data && before === undefined) setBefore(new Set(data.apps.map(({ id }) => id)))
  const fresh = data && before ? data.apps.find(({ id }) => !before.has(id)) : undefined
  const others = data?.apps.filter((app) => app !== fresh) ?? []
  if (error && !data) return <Problem error={error} retry={refetch} what="Your connected apps" />
  return (
    <div className={classes.live} data-connected={fresh ? true : undefined} role="status" aria-live="polite">
      <span className={classes.sign} aria-hidden>
        {fresh ? <IconCheck size={16} stroke={2.6} /> : <span className={classes.pulse} />}
      </span>
      <div className={classes.words}>
        <Text fw={600} size="sm">
          {fresh ? `${fresh.name} is connected` : 'Waiting for your assistant …'}
        </Text>
        <Text size="sm" c="dimmed" component="div">
          {fresh ? (
            <>Ask it something, for example how last week’s campaigns did. </>
          ) : others.length > 0 ? (
            <>
              Connected already: {names(others)}, {others.length === 1 ? 'since' : 'the newest'} <Time at={others[0]?.connectedAt ?? ''} />.{' '}
            </>
          ) : (
            <>Follow the steps below; this line changes by itself. </>
          )}
          {fresh || others.length > 0 ? (
            <Link to="/a/$account/$page" params={{ account: account.systemName, page: 'apps' }}>
              See connected apps
            </Link>
          ) : null}
        </Text>
      </div>
    </div>
  )
}

/** "Claude, Cursor and 2 more". */
function names(apps: readonly { readonly name: string }[]): string {
  const all = [...new Set(apps.map(({ name }) => name))]
  if (all.length <= 2) return all.join(' and ')
  return `${all.slice(0, 2).join(', ')} and ${all.length - 2} more`
}
