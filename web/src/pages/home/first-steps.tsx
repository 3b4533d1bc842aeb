/** An account without data yet: three steps to a first answer, with the exact commands. */
import { Button, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { Card, CopyField, Section, Step, Steps } from '../../kit/index.ts'
import { useSession } from '../../session.ts'
import type { Account } from '../../server.ts'

export function FirstSteps({ account: { systemName, name, scopes } }: { account: Account }) {
  const { origin } = useSession()
  return (
    <Section title="Three steps to a first answer" description={`${name} has no data yet.`}>
      <Card>
        <Steps>
          <Step number={1} title="Bring in data">
            <Text size="sm" c="dimmed">
              Your platform’s files, where the server runs:
            </Text>
            <CopyField label="command that imports" value={`mercat import events.csv orders.csv --account ${systemName}`} />
            <Text size="sm" c="dimmed">
              Or invented data, to try it out:
            </Text>
            <CopyField label="command that makes a demo" value={`mercat demo --account ${systemName}`} />
            {scopes.includes('manage:account') ? (
              <>
                <Text size="sm" c="dimmed">
                  Or let your mail service or shop deliver by itself:
                </Text>
                <div>
                  <Button component={Link} to={`/a/${systemName}/sources/new`} variant="default" size="xs">
                    Add a source
                  </Button>
                </div>
              </>
            ) : null}
          </Step>
          <Step number={2} title="Connect an assistant">
            <CopyField label="command for Claude Code" value={`claude mcp add --transport http mercat ${origin}/c/${systemName}`} />
            <div>
              <Button component={Link} to={`/a/${systemName}/connect`} variant="default" size="xs">
                Steps for every assistant
              </Button>
            </div>
          </Step>
          <Step number={3} title="Ask a first question">
            <CopyField label="first question" value="How did our campaigns do in the last 28 days, and what should we look into?" />
          </Step>
        </Steps>
      </Card>
    </Section>
  )
}
