/** How an assistant is connected to the account, step by step, and whether it is. */
import { IconPlugConnected } from '@tabler/icons-react'
import { CopyField, Page } from '../kit/index.ts'
import { definePage } from '../page.ts'
import { useSession } from '../session.ts'
import type { Account } from '../server.ts'

function Connect({ account }: { account: Account }) {
  const { origin } = useSession()
  return (
    <Page title="Connect an assistant" description="Ask about campaigns, flows and audiences in your own words.">
      <CopyField label="Connector address" value={`${origin}/c/${account.systemName}`} />
    </Page>
  )
}

export default definePage({ path: 'connect', title: 'Connect', icon: IconPlugConnected, order: 10, place: 'account', component: Connect })
