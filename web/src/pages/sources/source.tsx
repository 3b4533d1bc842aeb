/** One source: how it does, what was set aside and why, and everything that can be changed of it. `new` adds one. */
import { IconDatabaseImport } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useApi, useChange } from '../../api.ts'
import { Absent, BackLink, Confirm, done, Leaving, Page, Time } from '../../kit/index.ts'
import type { Account } from '../../server.ts'
import { Actions } from './actions.tsx'
import { AddSource } from './add.tsx'
import { Aside } from './aside.tsx'
import { Attention } from './attention.tsx'
import { Days } from './days.tsx'
import { Figures } from './figures.tsx'
import { AtThePlatform } from './platform.tsx'
import { Rules } from './rules.tsx'
import { SettingsSection } from './settings.tsx'
import { SourceBadge } from './state.tsx'
import classes from './sources.module.css'
import type { SourceDetail } from './types.ts'

export function SourcePage({ account, item }: { account: Account; item: string }) {
  return item === 'new' ? <AddSource account={account} /> : <One account={account} item={item} />
}

const everyMs = 10_000

function One({ account, item }: { account: Account; item: string }) {
  const remove = useChange('sources', 'remove')
  const [gone, setGone] = useState(false)
  // Once it is being removed there is nothing more to ask about it.
  const leaving = gone || remove.isPending || remove.isSuccess
  const { data, error, refetch } = useApi('sources', 'get', { account: account.systemName, id: item }, { every: everyMs, enabled: !leaving })
  const [removing, setRemoving] = useState(false)
  const navigate = useNavigate()
  const back = account.scopes.includes('read:health') && (
    <BackLink account={account} path="sources">
      Sources
    </BackLink>
  )
  if (!data) return <Absent account={account} path="sources" one="source" many="sources" icon={IconDatabaseImport} back={back} error={error} retry={refetch} />
  return (
    <Page
      wide
      title={data.name}
      back={back}
      description={<Summary source={data} />}
      actions={account.scopes.includes('manage:account') ? <Actions account={account} source={data} onRemove={() => setRemoving(true)} /> : null}
    >
      <Parts account={account} source={data} leaving={leaving} />
      <Confirm
        title={`Remove ${data.name}?`}
        action="Remove"
        change={remove}
        input={removing ? { account: account.systemName, id: item } : undefined}
        onDone={() => {
          setGone(true)
          done(`${data.name} is removed`)
          void navigate({ to: '/a/$account/$page', params: { account: account.systemName, page: 'sources' } })
        }}
        onClose={() => setRemoving(false)}
      >
        It takes nothing more, and its {data.connection === 'pull' ? 'credentials are' : 'address and settings are'} of no use from then on. What it delivered stays in the figures,
        and what still waits is loaded. {data.setAside > 0 ? 'What was set aside is deleted.' : ''}
      </Confirm>
    </Page>
  )
}

function Summary({ source }: { source: SourceDetail }) {
  const { title, name, createdAt } = source
  return (
    <div className={classes.summary}>
      <SourceBadge source={source} size="md" />
      <span>
        {title === name ? 'Added' : `${title}, added`} <Time at={createdAt} />
      </span>
    </div>
  )
}

function Parts({ account, source, leaving }: { account: Account; source: SourceDetail; leaving: boolean }) {
  const types = useApi('sources', 'types', { account: account.systemName })
  const kind = types.data?.types.find(({ type }) => type === source.type)
  const [unsaved, setUnsaved] = useState({ settings: false, rules: false })
  const manages = account.scopes.includes('manage:account')
  return (
    <>
      <Attention account={account} source={source} />
      <Figures source={source} />
      <Days source={source} timeZone={account.timeZone} />
      <Aside account={account} source={source} />
      {source.campaignRules ? <Rules account={account} source={source} rules={source.campaignRules} onUnsaved={(rules) => setUnsaved((before) => ({ ...before, rules }))} /> : null}
      {manages && kind && kind.settings.length > 0 ? (
        <SettingsSection account={account} source={source} kind={kind} onUnsaved={(settings) => setUnsaved((before) => ({ ...before, settings }))} />
      ) : null}
      {manages ? <AtThePlatform account={account} source={source} /> : null}
      <Leaving dirty={(unsaved.settings || unsaved.rules) && !leaving} />
    </>
  )
}
