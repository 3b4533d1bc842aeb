/** One segment or target group: its rule in words, how many customers it has, and trying a change on a copy. `new` begins an empty rule. */
import { Button, Text } from '@mantine/core'
import { IconArrowLeft, IconFlask, IconUsersGroup } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { useApi } from '../../api.ts'
import { Empty, Loading, Page, Problem } from '../../kit/index.ts'
import type { Predicate } from '../../kit/rule-editor/index.ts'
import type { Account } from '../../server.ts'
import { Facts, RuleSections } from './details.tsx'
import classes from './segments.module.css'
import { Trial } from './trial.tsx'
import { type Beginning, type RuleDetails, typeWords } from './types.ts'

export function SegmentPage({ account, item }: { account: Account; item: string }) {
  const back = account.scopes.includes('read:segments') && (
    <Link to="/a/$account/$page" params={{ account: account.systemName, page: 'segments' }} className={classes.back}>
      <IconArrowLeft size={15} aria-hidden /> Segments & target groups
    </Link>
  )
  return item === 'new' ? <New account={account} back={back} /> : <One account={account} item={item} back={back} />
}

const nothing: Beginning = { tree: { all: [] }, type: 'segment', name: '', priority: null, exclusions: [] }

function New({ account, back }: { account: Account; back: ReactNode }) {
  return (
    <Page wide title="A new rule" back={back} description="Put conditions together and see how many customers they hold for. Nothing is stored until you save it as a draft.">
      <Trial account={account} beginning={nothing} />
    </Page>
  )
}

function One({ account, item, back }: { account: Account; item: string; back: ReactNode }) {
  const { data, error, refetch } = useApi('audiences', 'one', { account: account.systemName, id: item })
  const [trying, setTrying] = useState(false)
  if (data) {
    const { predicate } = data.rule
    return (
      <Page
        wide
        title={data.entity.name}
        back={back}
        description={<Facts details={data} />}
        actions={
          predicate && (
            <Button variant={trying ? 'default' : 'filled'} leftSection={trying ? undefined : <IconFlask size={17} aria-hidden />} onClick={() => setTrying(!trying)}>
              {trying ? 'Back to the rule as it is' : 'Try a change'}
            </Button>
          )
        }
      >
        {trying && predicate ? (
          <>
            <Text c="dimmed" size="sm">
              This is a copy. The {typeWords[data.rule.type].one} itself stays as it is, whatever you change here.
            </Text>
            <Trial account={account} beginning={copyOf(data, predicate)} />
          </>
        ) : (
          <RuleSections account={account} details={data} />
        )}
      </Page>
    )
  }
  if (error?.code === 'not_found') {
    return (
      <Page wide title="No such segment" back={back}>
        <Empty
          icon={IconUsersGroup}
          title="This segment does not exist, or you have no access to it"
          action={
            back && (
              <Button component={Link} to={`/a/${account.systemName}/segments`} variant="default">
                All segments
              </Button>
            )
          }
        >
          Check the address. If somebody sent it to you, ask an owner of {account.name} whether you may see it.
        </Empty>
      </Page>
    )
  }
  return (
    <Page wide title="Segment" back={back}>
      {error ? <Problem error={error} retry={refetch} what="The segment" /> : <Loading rows={2} height={160} what="the segment" />}
    </Page>
  )
}

const copyOf = ({ rule: { type, name, priority, exclusions } }: RuleDetails, predicate: Record<string, unknown>): Beginning => ({
  tree: predicate as unknown as Predicate,
  type,
  name: `${name} (changed)`.slice(0, 200),
  priority,
  exclusions,
})
