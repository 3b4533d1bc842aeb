/** What was said of a draft and done to it, in order, and where to say more. */
import { Button, Text, Textarea } from '@mantine/core'
import { IconFlag, IconMessage, IconPencil, IconSparkles } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { useChange } from '../../api.ts'
import { Card, Form, Problem, Section, Time } from '../../kit/index.ts'
import type { Account } from '../../server.ts'
import { Changes } from './changes.tsx'
import { Long } from './long.tsx'
import classes from './timeline.module.css'
import type { Details, Note } from './types.ts'
import { proposer, typeWords } from './words.ts'

const signs = { proposed: IconSparkles, comment: IconMessage, edit: IconPencil, step: IconFlag }

export function Timeline({ account, details: { draft, notes } }: { account: Account; details: Details }) {
  const maySpeak = account.scopes.includes('approve:drafts') || account.scopes.includes(typeWords[draft.type].creates)
  return (
    <Section title="History">
      <Card>
        <ol className={classes.line}>
          <Entry kind="proposed" at={draft.proposedAt}>
            <b>
              <bdi>{proposer(draft)}</bdi>
            </b>{' '}
            proposed it
          </Entry>
          {notes.map((note) => (
            <Entry key={note.id} kind={note.kind} at={note.at}>
              <Said note={note} />
            </Entry>
          ))}
        </ol>
        {maySpeak ? <CommentForm account={account} id={draft.id} /> : null}
      </Card>
    </Section>
  )
}

function Entry({ kind, at, children }: { kind: keyof typeof signs; at: string; children: ReactNode }) {
  const Sign = signs[kind]
  return (
    <li className={classes.entry} data-kind={kind}>
      <span className={classes.sign} aria-hidden>
        <Sign size={15} />
      </span>
      <div className={classes.body}>
        {children}
        <span className={classes.when}>
          <Time at={at} />
        </span>
      </div>
    </li>
  )
}

function Said({ note: { kind, by, text, changes } }: { note: Note }) {
  if (kind === 'step') {
    return (
      <>
        <b>{by === null ? 'Mercat' : <bdi>{by}</bdi>}</b>: <bdi>{text}</bdi>
      </>
    )
  }
  const who = <b>{by === null ? 'Somebody who left' : <bdi>{by}</bdi>}</b>
  if (kind === 'comment') {
    return (
      <>
        {who}
        <div className={classes.comment}>
          <Long text={text ?? ''} most={1_000} />
        </div>
      </>
    )
  }
  return (
    <>
      {who} edited it
      <details className={classes.details}>
        <summary>
          {changes.length} {changes.length === 1 ? 'change' : 'changes'}
        </summary>
        <Changes label={`What ${by ?? 'they'} changed`} of={changes} />
      </details>
    </>
  )
}

function CommentForm({ account, id }: { account: Account; id: string }) {
  const [text, setText] = useState('')
  const comment = useChange('drafts', 'comment')
  const said = text.trim()
  return (
    <div className={classes.form}>
      <Form onSubmit={() => said !== '' && comment.mutate({ account: account.systemName, id, text: said }, { onSuccess: () => setText('') })}>
        <Textarea
          label="Comment"
          placeholder="What should be different, or why it is right"
          value={text}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
          maxLength={4_000}
          autosize
          minRows={2}
          maxRows={8}
          dir="auto"
        />
        {comment.error ? <Problem error={comment.error} /> : null}
        <div className={classes.foot}>
          <Text size="xs" c="dimmed">
            Everybody who sees the draft reads it.
          </Text>
          <Button type="submit" variant="default" size="xs" disabled={said === ''} loading={comment.isPending}>
            Comment
          </Button>
        </div>
      </Form>
    </div>
  )
}
