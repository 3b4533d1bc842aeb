/** The decision on a draft, where it is always in sight: what it would do, what keeps it from being approved, and the buttons of those who may. */
import { Button, Text } from '@mantine/core'
import { IconCalendarClock, IconCheck, IconLock, IconX } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { exact } from '../../kit/index.ts'
import type { Account } from '../../server.ts'
import { Approve, type Approval } from './approve.tsx'
import classes from './decision.module.css'
import { Decided } from './decided.tsx'
import { Reject } from './reject.tsx'
import type { Details } from './types.ts'

interface DecisionProps {
  readonly account: Account
  readonly details: Details
  /** Changes that are not saved: nobody decides on what is not stored. */
  readonly unsaved: number
  readonly reload: () => void
}

export function Decision({ account, details, unsaved, reload }: DecisionProps) {
  const { draft, may } = details
  const open = draft.decision === null && draft.status === 'draft'
  return (
    <section className={classes.bar} aria-label="Decision">
      {!open ? (
        <Decided account={account} details={details} />
      ) : may.decide ? (
        <Deciding account={account} details={details} unsaved={unsaved} reload={reload} />
      ) : (
        <div className={classes.words}>
          <IconLock size={18} aria-hidden className={classes.sign} />
          <Text size="sm" component="div">
            It waits for a decision. Owners, account managers and marketers of {account.name} approve or reject it: whoever may <code>approve:drafts</code>.
          </Text>
        </div>
      )}
    </section>
  )
}

function Deciding({ account, details, unsaved, reload }: DecisionProps) {
  const { draft, readiness } = details
  const [approval, setApproval] = useState<Approval>()
  const [rejecting, setRejecting] = useState<number>()
  const ready = readiness.blockers.length === 0 && unsaved === 0
  const start = (how: Approval['start']) => setApproval({ account: account.systemName, id: draft.id, revision: draft.revision, start: how })
  return (
    <>
      <div className={classes.words}>
        <Waiting details={details} unsaved={unsaved} />
      </div>
      <div className={classes.buttons}>
        <Button variant="default" leftSection={<IconX size={16} aria-hidden />} onClick={() => setRejecting(draft.revision)}>
          Reject…
        </Button>
        {ready ? (
          <>
            <Button variant={readiness.startsAt === null ? 'filled' : 'default'} leftSection={<IconCheck size={16} aria-hidden />} onClick={() => start('now')}>
              Approve and activate
            </Button>
            {readiness.startsAt === null ? null : (
              <Button leftSection={<IconCalendarClock size={16} aria-hidden />} onClick={() => start('scheduled')} classNames={{ label: classes.label, root: classes.tall }}>
                Approve and schedule for {exact(new Date(readiness.startsAt), account.timeZone)}
              </Button>
            )}
          </>
        ) : null}
      </div>
      <Approve details={details} approval={approval} onClose={() => setApproval(undefined)} reload={reload} />
      <Reject account={account} draft={draft} revision={rejecting} onClose={() => setRejecting(undefined)} reload={reload} />
    </>
  )
}

function Waiting({ details: { readiness, draft }, unsaved }: Pick<DecisionProps, 'details' | 'unsaved'>): ReactNode {
  if (readiness.blockers.length > 0) {
    return (
      <div className={classes.list}>
        <Text size="sm" fw={620}>
          It cannot be approved yet
        </Text>
        <ul>
          {readiness.blockers.map((blocker) => (
            <li key={blocker}>
              <bdi>{blocker}</bdi>
            </li>
          ))}
        </ul>
      </div>
    )
  }
  if (unsaved > 0) {
    return (
      <Text size="sm" component="div">
        <b>Save or discard your {unsaved === 1 ? 'change' : 'changes'} first.</b> Only what is stored can be approved.
      </Text>
    )
  }
  return (
    <Text size="sm" component="div" className={classes.list}>
      <b>It waits for your decision.</b>{' '}
      {readiness.parts.length > 0
        ? `With it: ${readiness.parts.map(({ type }) => type.replaceAll('_', ' ')).join(', ')}.`
        : `You decide on version ${draft.revision}, as it stands here.`}
    </Text>
  )
}
