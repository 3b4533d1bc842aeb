/** The live size of a rule that is being edited: of the last rule that could be counted until the new count is here. */
import { Alert, Text } from '@mantine/core'
import { IconEyeOff } from '@tabler/icons-react'
import type { Account } from '../../server.ts'
import { Card } from '../card.tsx'
import { Loading, Problem } from '../states.tsx'
import { AudienceFigures } from './audience-figures.tsx'
import { useLiveRule } from './live.ts'
import type { Predicate, Vocabulary } from './types.ts'

export function AudiencePanel({ account, tree, vocabulary }: { account: Account; tree: Predicate; vocabulary: Vocabulary }) {
  const { size, waiting, problem, faults } = useLiveRule(account, tree, vocabulary)
  if (!vocabulary.mayCount) {
    return (
      <Alert color="gray" icon={<IconEyeOff aria-hidden />} title="Not counted">
        <Text size="sm">
          A rule of your own is counted over the whole account, of which you see only some organizations or brands. Sizes of segments and target groups that you see are on their
          pages.
        </Text>
      </Alert>
    )
  }
  if (problem) return <Problem error={problem.error} retry={problem.retry} what="The size" />
  if (size) return <AudienceFigures size={size} waiting={waiting} />
  if (faults.size > 0) {
    return (
      <Card>
        <Text size="sm" c="dimmed">
          The size of the audience appears here as soon as the rule is complete.
        </Text>
      </Card>
    )
  }
  return <Loading rows={2} height={120} what="the size" />
}
