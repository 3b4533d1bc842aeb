/** How an assistant is connected to the account, step by step, and whether it is by now. */
import { Alert, Text } from '@mantine/core'
import { IconDeviceDesktop, IconPlugConnected } from '@tabler/icons-react'
import { useApi } from '../api.ts'
import { CopyField, Loading, Page, Problem, Section } from '../kit/index.ts'
import { definePage } from '../page.ts'
import type { Account } from '../server.ts'
import { useSession } from '../session.ts'
import { Clients } from './connect/clients.tsx'
import { Closed } from './connect/closed.tsx'
import { Live } from './connect/live.tsx'

function Connect({ account }: { account: Account }) {
  const { data: guide, error, refetch } = useApi('connect', 'guide', { account: account.systemName })
  const { origin, accounts } = useSession()
  const open = account.mcpEnabled && account.scopes.includes('read:mcp')
  return (
    <Page
      title="Connect an assistant"
      description="Ask about campaigns, flows and audiences in your own words. The assistant signs in as you, sees what you may see, and never sends anything to a customer."
    >
      {open ? <Live account={account} /> : <Closed account={account} />}
      {error && !guide ? <Problem error={error} retry={refetch} what="The steps" /> : null}
      {guide ? (
        <>
          <Section title="Connector address">
            <CopyField label="Connector address" value={guide.url} />
            {accounts.length > 1 ? (
              <Text size="sm" c="dimmed" mt="xs">
                For several of your accounts at once: <code>{origin}/mcp</code>; you choose them at sign-in.
              </Text>
            ) : null}
          </Section>
          {guide.local ? (
            <Alert variant="light" color="gray" icon={<IconDeviceDesktop aria-hidden />} title="This address works on this computer only">
              Claude Code, Cursor and VS Code connect to it right away. Claude and ChatGPT connect from the internet and need a public https address.
            </Alert>
          ) : null}
          <Section title="Steps for your assistant">
            <Clients guide={guide} />
          </Section>
        </>
      ) : error ? null : (
        <Loading rows={3} height={88} what="the steps" />
      )}
    </Page>
  )
}

export default definePage({ path: 'connect', title: 'Connect', icon: IconPlugConnected, group: 'operations', order: 30, place: 'account', component: Connect })
