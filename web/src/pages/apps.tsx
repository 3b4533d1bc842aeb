/** Which apps may act for whom in the account, and ending that. */
import { Button, SegmentedControl, Stack, VisuallyHidden } from '@mantine/core'
import { IconApps } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useApi } from '../api.ts'
import { Empty, Loading, Page, Problem } from '../kit/index.ts'
import { definePage } from '../page.ts'
import type { Account } from '../server.ts'
import { AppRow, type ConnectedApp } from './apps/app-row.tsx'
import { Disconnect } from './apps/disconnect.tsx'

function Apps({ account }: { account: Account }) {
  const manages = account.scopes.includes('manage:members')
  const [everyone, setEveryone] = useState(false)
  const [leaving, setLeaving] = useState<ConnectedApp>()
  const { data, error, refetch } = useApi('apps', 'list', { account: account.systemName, ...(everyone ? { everyone } : {}) })
  return (
    <Page
      title="Connected apps"
      description={`What may use ${account.name} through MCP, with the rights of the person who connected it. Ending a connection acts on its next call.`}
      actions={
        <Button component={Link} to={`/a/${account.systemName}/connect`} variant="default">
          Connect another
        </Button>
      }
    >
      <div>
        {manages ? (
          <SegmentedControl
            mb="md"
            aria-label="Whose apps"
            value={everyone ? 'all' : 'mine'}
            onChange={(value) => setEveryone(value === 'all')}
            data={[
              { value: 'mine', label: 'Mine' },
              { value: 'all', label: 'Everybody’s' },
            ]}
          />
        ) : null}
        <VisuallyHidden role="status">{data ? `${data.apps.length} connected ${data.apps.length === 1 ? 'app' : 'apps'}` : ''}</VisuallyHidden>
        {data ? (
          <List apps={data.apps} account={account} everyone={everyone} onDisconnect={setLeaving} />
        ) : error ? (
          <Problem error={error} retry={refetch} what="Connected apps" />
        ) : (
          <Loading rows={2} height={132} what="connected apps" />
        )}
      </div>
      <Disconnect account={account} app={leaving} onClose={() => setLeaving(undefined)} />
    </Page>
  )
}

function List({ apps, account, everyone, onDisconnect }: { apps: readonly ConnectedApp[]; account: Account; everyone: boolean; onDisconnect: (app: ConnectedApp) => void }) {
  if (apps.length === 0) {
    return (
      <Empty
        icon={IconApps}
        title={everyone ? 'Nobody has connected an app yet' : 'You have not connected an app yet'}
        action={
          <Button component={Link} to={`/a/${account.systemName}/connect`} mt="xs">
            Connect an assistant
          </Button>
        }
      >
        Claude, ChatGPT, Cursor and other assistants appear here once somebody has let them in.
      </Empty>
    )
  }
  return (
    <Stack component="ul" gap="sm" p={0} m={0}>
      {apps.map((app) => (
        <AppRow key={app.id} app={app} showPerson={everyone} here={account.systemName} onDisconnect={() => onDisconnect(app)} />
      ))}
    </Stack>
  )
}

export default definePage({ path: 'apps', title: 'Connected apps', icon: IconApps, group: 'operations', order: 40, place: 'account', component: Apps })
