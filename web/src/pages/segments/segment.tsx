/** One segment or target group: its rule in words, how many customers it has, and trying a change on a copy. `new` begins an empty rule. */
import { Button, Text } from '@mantine/core'
import { IconFlask, IconUsersGroup } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { useApi } from '../../api.ts'
import { Absent, BackLink, Page } from '../../kit/index.ts'
import type { Predicate } from '../../kit/rule-editor/index.ts'
import type { Account } from '../../server.ts'
import { Facts, RuleSections } from './details.tsx'
import { Trial } from './trial.tsx'
import { type Beginning, type RuleDetails, typeWords } from './types.ts'

export function SegmentPage({ account, item }: { account: Account; item: string }) {
  const back = account.scopes.includes('read:segments') && (
    <BackLink account={account} path="segments">
      Segments & target groups
    </BackLink>
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
  return <Absent account={account} path="segments" one="segment" many="segments" icon={IconUsersGroup} back={back} error={error} retry={refetch} />
}

const copyOf = ({ rule: { type, name, priority, exclusions } }: RuleDetails, predicate: Record<string, unknown>): Beginning => ({
  tree: predicate as unknown as Predicate,
  type,
  name: `${name} (changed)`.slice(0, 200),
  priority,
  exclusions,
})
