/** What may follow for an entity, and who may do it, in words; the page of what was made here has the buttons. It changes nothing. */
import { Button, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { Card, Section, statusWord } from '../../kit/index.ts'
import type { Account } from '../../server.ts'
import classes from './entities.module.css'
import type { Opened } from './types.ts'

export function Steps({ account, of: { nextSteps, entity } }: { account: Account; of: Opened }) {
  if (nextSteps.length === 0) return null
  const own = entity.origin === 'mcp' || entity.origin === 'dashboard'
  const may = nextSteps.every(({ scope }) => (account.scopes as readonly string[]).includes(scope))
  return (
    <Section title="What may follow">
      <Card>
        <ul className={classes.steps}>
          {nextSteps.map(({ action, to }) => (
            <li key={action}>
              <span>{action.charAt(0).toUpperCase() + action.slice(1)}</span>
              <span className={classes.small}>then it is {statusWord(to).toLowerCase()}</span>
            </li>
          ))}
        </ul>
        <Text size="sm" c="dimmed" mt="sm">
          {own
            ? may
              ? 'A person decides, and you may: you hold the permission to approve drafts. No assistant can.'
              : 'A person with the permission to approve drafts decides; no assistant can. Ask an owner, an account manager or a marketer.'
            : 'It is managed on your platform: it is changed there, and Mercat learns of it with the next import.'}
        </Text>
        {own && may ? (
          <Button component={Link} to={`/a/${account.systemName}/drafts/${entity.id}`} variant="light" size="xs" mt="sm">
            {entity.status === 'draft' ? 'Review the draft' : 'Change its status'}
          </Button>
        ) : null}
      </Card>
    </Section>
  )
}
