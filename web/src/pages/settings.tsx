/** The account's settings: its name, calendar and money, what assistants get, how figures are made, what is kept. */
import { IconSettings } from '@tabler/icons-react'
import { useApi } from '../api.ts'
import { Loading, Page, Problem } from '../kit/index.ts'
import { definePage } from '../page.ts'
import type { Account } from '../server.ts'
import { SettingsForm } from './settings/form.tsx'
import { Webhooks } from './settings/webhooks.tsx'

function SettingsPage({ account }: { account: Account }) {
  const { data, error, refetch } = useApi('settings', 'read', { account: account.systemName })
  // While figures are counted anew the page looks again by itself, to say when that is done.
  useApi('settings', 'read', { account: account.systemName }, { every: 3000, enabled: data?.recounting === true })
  return (
    <Page title="Settings" description={`What holds for everybody in ${account.name}. A change acts on the next call.`}>
      {data ? (
        <>
          <SettingsForm account={account} settings={data} />
          <Webhooks account={account} />
        </>
      ) : error ? (
        <Problem error={error} retry={refetch} what="The settings" />
      ) : (
        <Loading rows={4} height={160} what="the settings" />
      )}
    </Page>
  )
}

export default definePage({
  path: 'settings',
  title: 'Settings',
  icon: IconSettings,
  group: 'account',
  order: 40,
  place: 'account',
  needs: 'manage:account',
  component: SettingsPage,
})
