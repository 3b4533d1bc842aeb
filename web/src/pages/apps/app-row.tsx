/** One connected app: who it says it is, where its answers go, what it may do, and when it last did. */
import { Button, Text } from '@mantine/core'
import { IconChevronRight, IconDeviceLaptop, IconUser, IconWorld } from '@tabler/icons-react'
import { Card, Time } from '../../kit/index.ts'
import type { Output } from '../../server.ts'
import classes from './app-row.module.css'

export type ConnectedApp = Output<'apps', 'list'>['apps'][number]

export function AppRow({ app, showPerson, here, onDisconnect }: { app: ConnectedApp; showPerson: boolean; here: string; onDisconnect: () => void }) {
  const elsewhere = app.accounts.filter((name) => name !== here)
  return (
    <li className={classes.item}>
      <Card>
        <div className={classes.head}>
          <span className={classes.tile} aria-hidden>
            {(/[\p{L}\p{N}]/u.exec(app.name)?.[0] ?? '?').toUpperCase()}
          </span>
          <div className={classes.words}>
            <Text component="h2" fw={620} className={classes.name}>
              {app.name}
            </Text>
            <Text size="sm" c="dimmed" className={classes.host}>
              {app.localOnly ? <IconDeviceLaptop size={15} aria-hidden /> : <IconWorld size={15} aria-hidden />}
              {whereTo(app)}
            </Text>
            {showPerson ? (
              <Text size="sm" c="dimmed" className={classes.host}>
                <IconUser size={15} aria-hidden />
                <span>
                  {app.mine ? 'You' : app.person.name} · {app.person.email}
                </span>
              </Text>
            ) : null}
          </div>
          <Button
            variant="default"
            size="xs"
            className={classes.leave ?? ''}
            onClick={onDisconnect}
            aria-label={`Disconnect ${app.name}${showPerson ? ` of ${app.person.name}` : ''}`}
          >
            Disconnect
          </Button>
        </div>
        <dl className={classes.facts}>
          <div>
            <dt>Last used</dt>
            <dd>{app.lastUsedAt ? <Time at={app.lastUsedAt} /> : 'Not yet'}</dd>
          </div>
          <div>
            <dt>Connected</dt>
            <dd>
              <Time at={app.connectedAt} />
            </dd>
          </div>
          <div>
            <dt>Must be renewed</dt>
            <dd>
              <Time at={app.expiresAt} />
            </dd>
          </div>
          {elsewhere.length > 0 ? (
            <div>
              <dt>Also for</dt>
              <dd>{elsewhere.join(', ')}</dd>
            </div>
          ) : null}
        </dl>
        <details className={classes.scopes}>
          <summary>
            <IconChevronRight size={15} aria-hidden />
            {app.scopes.length === 1 ? 'It was allowed one thing' : `It was allowed ${app.scopes.length} things`}
          </summary>
          <ul>
            {app.scopes.map(({ scope, words }) => (
              <li key={scope}>
                {words} <code>{scope}</code>
              </li>
            ))}
          </ul>
          <Text size="sm" c="dimmed">
            At each call it can do what is in this list and what {app.mine ? 'your' : 'the person’s'} role allows at that moment.
          </Text>
        </details>
      </Card>
    </li>
  )
}

function whereTo({ host, vouchedBy, localOnly, mine }: ConnectedApp): string {
  if (host === null) return vouchedBy ?? 'The app has deleted its registration'
  const place = localOnly && host !== 'this computer' ? host : localOnly ? (mine ? 'On your own computer' : 'On the person’s own computer') : host
  return vouchedBy === null || vouchedBy === host ? place : `${place}, vouched for by ${vouchedBy}`
}
