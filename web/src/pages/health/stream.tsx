/** What the Pipelines list says of a source that delivers by itself: its state, what waits to be loaded, what it refused last. */
import { Badge, Text } from '@mantine/core'
import { figure, Time } from '../../kit/index.ts'
import type { Output } from '../../server.ts'
import classes from './health.module.css'
import { colorOf, span, streamWords } from './words.ts'

type Stream = NonNullable<Output<'health', 'pipelines'>['pipelines'][number]['stream']>

export function StreamState({ stream: { state, lastReceivedAt, waiting, lastRefusal, lastRefusedAt } }: { stream: Stream }) {
  return (
    <>
      <Badge size="sm" color={colorOf(state)}>
        {streamWords[state]}
      </Badge>{' '}
      {lastReceivedAt === null ? null : (
        <Text component="span" size="sm">
          <Time at={lastReceivedAt} />
        </Text>
      )}
      {waiting.requests > 0 ? (
        <div className={classes.small}>
          {waiting.items === 1 ? '1 item waits' : `${figure(waiting.items)} items wait`} to be loaded, the oldest for {span(waiting.lagSeconds)}
        </div>
      ) : null}
      {state === 'refusing' && lastRefusedAt !== null ? (
        <div className={classes.small}>
          Refused <Time at={lastRefusedAt} />
          {lastRefusal === null ? '' : `: ${lastRefusal}`}
        </div>
      ) : null}
    </>
  )
}
