/** What a segment or a target group is: the rule in words and as a tree, its size, and the groups it leaves out. */
import { Alert, Text } from '@mantine/core'
import { IconLock } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useApi } from '../../api.ts'
import { Card, Day, Loading, Problem, Section, StatusBadge } from '../../kit/index.ts'
import { AudienceFigures, type Predicate, RuleView, Sentence } from '../../kit/rule-editor/index.ts'
import type { Account } from '../../server.ts'
import classes from './segments.module.css'
import { type RuleDetails, typeWords } from './types.ts'

export function Facts({ details: { entity, rule } }: { details: RuleDetails }) {
  const { one } = typeWords[rule.type]
  return (
    <Text size="sm" component="div" className={classes.facts}>
      <StatusBadge status={entity.status} />
      <span>{one.charAt(0).toUpperCase() + one.slice(1)}</span>
      <span>
        Key <bdi>{entity.key}</bdi>
      </span>
      {entity.organization === undefined ? null : <bdi>{entity.organization}</bdi>}
      {rule.priority === null ? null : <span>Priority {rule.priority}</span>}
      {entity.createdAt === undefined ? null : (
        <span>
          Since <Day at={entity.createdAt} />
        </span>
      )}
      {entity.createdBy === undefined ? null : (
        <span>
          by <bdi>{entity.createdBy}</bdi>
        </span>
      )}
    </Text>
  )
}

export function RuleSections({ account, details }: { account: Account; details: RuleDetails }) {
  const { rule, predicates } = details
  const named = rule.type === 'segment' ? { segment: rule.id } : { targetGroup: rule.id }
  const size = useApi('audiences', 'size', { account: account.systemName, ...named }, { enabled: rule.predicate !== null })
  if (!rule.predicate) {
    return (
      <Alert color="gray" icon={<IconLock aria-hidden />} title="Its platform keeps the rule">
        Mercat knows the {typeWords[rule.type].one} by name alone: it cannot say the rule, nor count its customers. Import it with its predicate, and both appear here.
      </Alert>
    )
  }
  const tree = rule.predicate as unknown as Predicate
  // The words of the size know the whole rule; until they are here those of the explorer serve.
  const parts = size.data?.predicates ?? predicates.map(({ path, text }) => ({ path: path.replace(/^predicate\.?/, ''), text }))
  return (
    <div className={classes.columns}>
      <div className={classes.main}>
        <Section title="The rule in words">
          <Card>
            <Text component="div" className={classes.words}>
              <Sentence text={size.data?.audience.explanation ?? details.explanation} />
            </Text>
          </Card>
        </Section>
        <Section title="Its conditions" description="With how many customers each holds for by itself.">
          <Card>
            <RuleView tree={tree} parts={parts} counts={new Map(size.data?.predicates.map(({ path, shown }) => [path, shown]))} />
          </Card>
        </Section>
        {rule.type === 'target_group' ? <LeavesOut account={account} rule={rule} /> : null}
      </div>
      <aside className={classes.side} aria-label="Size">
        {size.data ? (
          <AudienceFigures size={size.data} />
        ) : size.error ? (
          <Problem error={size.error} retry={size.refetch} what="The size" />
        ) : (
          <Loading rows={2} height={140} what="the size" />
        )}
      </aside>
    </div>
  )
}

function LeavesOut({ account, rule: { priority, exclusions } }: { account: Account; rule: RuleDetails['rule'] }) {
  return (
    <Section title="Priority and exclusions">
      <Card>
        <Text size="sm">
          {priority === null
            ? 'It has no priority: it takes customers whatever other groups they are in.'
            : `Priority ${priority}: a customer who is also in an active group with a lower number belongs to that one.`}
        </Text>
        {exclusions.length === 0 ? (
          <Text size="sm" mt={6}>
            It leaves out no group by name.
          </Text>
        ) : (
          <>
            <Text size="sm" mt={6}>
              Customers of these groups are left out:
            </Text>
            <ul className={classes.lines}>
              {exclusions.map(({ key, id, name }) => (
                <li key={key}>
                  {id === undefined ? (
                    <bdi>{key}</bdi>
                  ) : (
                    <Link to="/a/$account/$page/$item" params={{ account: account.systemName, page: 'segments', item: id }}>
                      <bdi>{name}</bdi>
                    </Link>
                  )}
                </li>
              ))}
            </ul>
          </>
        )}
      </Card>
    </Section>
  )
}
