/** The drafts that wait for a decision, the newest first. */
import { Badge, Text } from '@mantine/core'
import { IconChevronRight, IconCircleCheck } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useApi } from '../../api.ts'
import { Card, figure, Loading, Problem, Section, Time } from '../../kit/index.ts'
import type { Account } from '../../server.ts'
import { proposer, short, typeWords } from '../drafts/words.ts'
import classes from './home.module.css'

const most = 5

export function Decisions({ account }: { account: Account }) {
  const { data, error, refetch } = useApi('drafts', 'list', { account: account.systemName, state: 'open' })
  const count = data ? Object.values(data.open).reduce((sum, one) => sum + one, 0) : 0
  return (
    <Section title={count === 0 ? 'Needs a decision' : `Needs a decision (${figure(count)})`}>
      {data ? (
        count === 0 ? (
          <Card>
            <div className={classes.calm}>
              <IconCircleCheck size={20} aria-hidden className={classes.good} />
              <Text size="sm">Nothing waits. What assistants propose appears here.</Text>
            </div>
          </Card>
        ) : (
          <Card flush>
            <ul className={classes.drafts}>
              {data.drafts.slice(0, most).map((draft) => (
                <li key={draft.id}>
                  <Link to="/a/$account/$page/$item" params={{ account: account.systemName, page: 'drafts', item: draft.id }} className={classes.draft}>
                    <span className={classes.what}>
                      <span className={classes.name}>{short(draft.name, 200)}</span>
                      <span className={classes.small}>
                        <bdi>{short(proposer(draft), 80)}</bdi>, <Time at={draft.proposedAt} />
                      </span>
                    </span>
                    <Badge size="sm" color="gray" component="span" miw="max-content">
                      {typeWords[draft.type].one}
                    </Badge>
                    <IconChevronRight size={17} aria-hidden className={classes.chevron} />
                  </Link>
                </li>
              ))}
              {count > most ? (
                <li>
                  <Link to="/a/$account/$page" params={{ account: account.systemName, page: 'drafts' }} className={classes.draft} data-all>
                    All {figure(count)} drafts
                  </Link>
                </li>
              ) : null}
            </ul>
          </Card>
        )
      ) : error ? (
        <Problem error={error} retry={refetch} what="The drafts" />
      ) : (
        <Loading rows={2} height={56} what="the drafts" />
      )}
    </Section>
  )
}
