/** The dialog before an app is disconnected: what ends, and what does not. */
import { useChange } from '../../api.ts'
import { Confirm, done } from '../../kit/index.ts'
import type { Account } from '../../server.ts'
import type { ConnectedApp } from './app-row.tsx'

export function Disconnect({ account, app, onClose }: { account: Account; app: ConnectedApp | undefined; onClose: () => void }) {
  const disconnect = useChange('apps', 'disconnect')
  return (
    <Confirm
      title={`Disconnect ${app?.name ?? ''}?`}
      action="Disconnect"
      change={disconnect}
      input={app && { account: account.systemName, id: app.id }}
      onDone={() => done(`${app?.name} is disconnected`)}
      onClose={onClose}
    >
      {app ? words(app, account) : null}
    </Confirm>
  )
}

function words(app: ConnectedApp, account: Account): string {
  if (!app.mine) {
    return `${app.name} can no longer act for ${app.person.name} in ${account.name}, from its next call on. Where ${app.person.name} uses it for other accounts, it keeps working. They can connect it again unless you also change their role.`
  }
  const elsewhere = app.accounts.filter((name) => name !== account.systemName)
  const reach = elsewhere.length > 0 ? ` This ends it for all its accounts: ${app.accounts.join(', ')}.` : ''
  return `${app.name} can no longer act for you, from its next call on.${reach} You can connect it again at any time.`
}
