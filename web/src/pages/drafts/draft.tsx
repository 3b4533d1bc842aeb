/** One draft: what is proposed and what it comes to, side by side, what was said of it, and the decision. */
import { Badge, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconInboxOff } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useApi } from '../../api.ts'
import { Absent, BackLink, formErrors, Leaving, Page, StatusBadge, Time } from '../../kit/index.ts'
import type { Account } from '../../server.ts'
import { About, Duplicates } from './about.tsx'
import { Decision } from './decision.tsx'
import { Meanwhile } from './meanwhile.tsx'
import classes from './drafts.module.css'
import { DraftForm, shownFields } from './form.tsx'
import { Preview } from './preview.tsx'
import { Timeline } from './timeline.tsx'
import type { Details } from './types.ts'
import { useEdits } from './use-edits.ts'
import { proposer, short, typeWords } from './words.ts'

/** Others comment, edit and decide meanwhile. */
const everyMs = 15_000

export function Draft({ account, item }: { account: Account; item: string }) {
  const { data, error, refetch } = useApi('drafts', 'one', { account: account.systemName, id: item }, { every: everyMs })
  const back = (
    <BackLink account={account} path="drafts">
      Drafts
    </BackLink>
  )
  if (data) return <Found account={account} details={data} back={back} reload={() => void refetch()} />
  return <Absent account={account} path="drafts" one="draft" many="drafts" icon={IconInboxOff} back={back} error={error} retry={refetch} />
}

interface FoundProps {
  readonly account: Account
  readonly details: Details
  readonly back: ReactNode
  readonly reload: () => void
}

function Found({ account, details, back, reload }: FoundProps) {
  const { draft, may, now } = details
  const edits = useEdits(account, details, reload)
  const [asked] = useDebouncedValue(edits.change, 400)
  const review = useApi('drafts', 'review', { account: account.systemName, id: draft.id, ...(may.edit ? asked : {}) }, { keep: true })
  const fields = shownFields(draft.type)
  const refused = formErrors(edits.save.error ?? (edits.count > 0 ? review.error : null), fields)
  const saveRefused = formErrors(edits.save.error, fields)
  return (
    <Page wide title={short(draft.name, 160)} back={back} description={<Line draft={draft} />}>
      <div className={classes.whole}>
        <Meanwhile details={details} edits={edits} />
        <Duplicates account={account} of={details.duplicates} />
        <div className={classes.sides}>
          <div className={classes.side}>
            <section className={classes.form} aria-label="What is proposed">
              <DraftForm
                account={account}
                type={draft.type}
                now={now}
                readOnly={!may.edit}
                get={edits.get}
                set={edits.set}
                errors={refused}
                unsaved={edits.count}
                saving={edits.save.isPending}
                error={edits.behind ? undefined : saveRefused.rest}
                onSave={edits.store}
                onDiscard={edits.discard}
              />
            </section>
            <div className={classes.later}>
              <Timeline account={account} details={details} />
            </div>
          </div>
          <div className={classes.side}>
            <section className={classes.preview} aria-label="Preview">
              <Preview details={details} get={edits.get} review={review.data} error={review.error && !refused.at(...fields) ? review.error : null} />
            </section>
            <div className={classes.last}>
              <About details={details} />
            </div>
          </div>
        </div>
        <Leaving dirty={edits.count > 0} />
        <Decision account={account} details={details} unsaved={edits.count} reload={reload} />
      </div>
    </Page>
  )
}

function Line({ draft }: { draft: Details['draft'] }) {
  return (
    <Text size="sm" component="div" className={classes.facts}>
      <Badge size="sm" color="gray">
        {typeWords[draft.type].one}
      </Badge>
      <StatusBadge status={draft.status} />
      <span>
        <bdi>{short(proposer(draft), 120)}</bdi>, <Time at={draft.proposedAt} />
      </span>
      {draft.decision === null && draft.status === 'draft' ? (
        <span>
          Expires <Time at={draft.expiresAt} />
        </span>
      ) : null}
    </Text>
  )
}
