/** What would be made, seen from outside: in words, as its reader gets it, whom it reaches, what to mind, and what is changed. It follows what is typed. */
import { Alert, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { Bars, Card, Loading, Problem, share } from '../../kit/index.ts'
import type { ApiError } from '../../api.ts'
import { Changes } from './changes.tsx'
import classes from './drafts.module.css'
import { textOf } from './fields.ts'
import { Long } from './long.tsx'
import { Message } from './message.tsx'
import type { Details, Review } from './types.ts'

interface PreviewProps {
  readonly details: Details
  readonly get: (path: string) => unknown
  readonly review: Review | undefined
  readonly error: ApiError | null
}

export function Preview({ details: { draft, edited, duplicates }, get, review, error }: PreviewProps) {
  // Others that do the same as what is stored are named above the sides; only what is typed may be one more.
  const warnings = review?.warnings.filter(({ code }) => code !== 'duplicate_draft' || duplicates.length === 0) ?? []
  const channel = get('channel')
  return (
    <div className={classes.stack}>
      {error ? <Problem error={error} what="The preview" /> : null}
      <Card>
        <Text component="h3" fw={620} m={0} mb={6}>
          What will be made
        </Text>
        {review === undefined && !error ? (
          <Loading rows={1} height={48} what="the preview" />
        ) : (
          <Words summary={draft.summary} description={draft.description} words={review?.words ?? []} />
        )}
      </Card>
      {warnings.length > 0 ? <Warnings of={warnings} /> : null}
      {review?.audience ? <Audience of={review.audience} /> : null}
      <Message
        channel={typeof channel === 'string' ? channel : undefined}
        subject={textOf(get('definition.template.subject'))}
        preheader={textOf(get('definition.template.preheader'))}
        content={textOf(get('definition.template.content'))}
        variants={get('definition.variants')}
      />
      {review && review.changes.length > 0 ? (
        <Card>
          <Text component="h3" fw={620} m={0} mb={8}>
            Not saved yet
          </Text>
          <Changes label="Changes that are not saved" of={review.changes} />
        </Card>
      ) : null}
      {edited.length > 0 ? (
        <Card>
          <Text component="h3" fw={620} m={0} mb={8}>
            Changed since it was proposed
          </Text>
          <Changes label="Changes since it was proposed" of={edited} />
        </Card>
      ) : null}
    </div>
  )
}

function Words({ summary, description, words }: { summary: string; description: string | null; words: readonly string[] }) {
  if (words.length > 0) {
    return (
      <ul className={classes.words}>
        {words.map((line) => (
          <li key={line}>
            <bdi>{line}</bdi>
          </li>
        ))}
      </ul>
    )
  }
  return (
    <Text size="sm" component="div" className={classes.said}>
      <Long text={summary} />
      {description === null ? null : (
        <div className={classes.small}>
          From “<bdi>{description}</bdi>”
        </div>
      )}
    </Text>
  )
}

function Warnings({ of }: { of: Review['warnings'] }) {
  return (
    <Alert color="yellow" icon={<IconAlertTriangle aria-hidden />} title="Mind this" role="note">
      <ul className={classes.words}>
        {of.map(({ code, text }) => (
          <li key={`${code} ${text}`}>
            <bdi>{text}</bdi>
          </li>
        ))}
      </ul>
    </Alert>
  )
}

function Audience({ of: { shown, share: part, explanation, reachable } }: { of: NonNullable<Review['audience']> }) {
  return (
    <Card>
      <Text component="h3" fw={620} m={0}>
        Whom it reaches
      </Text>
      <div className={classes.audience}>
        <b>{shown}</b> customers{part === null ? '' : `, ${share(part)} of all`}
      </div>
      <Text size="sm" c="dimmed" mb={reachable.length > 0 ? 'md' : 0} component="div" className={classes.said}>
        <bdi>{explanation}</bdi>
      </Text>
      {reachable.length > 0 ? (
        <Bars
          label="Reachable by channel"
          rows={reachable.map((channel) => ({
            key: channel.channel,
            name: channel.channel,
            part: channel.share,
            value: channel.shown,
            note: channel.share === null ? undefined : `${share(channel.share)} of them`,
          }))}
        />
      ) : null}
    </Card>
  )
}
