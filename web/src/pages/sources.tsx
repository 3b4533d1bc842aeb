/** Sources: which platforms send data to the account, how each is doing, and adding one more. */
import { Button } from '@mantine/core'
import { IconDatabaseImport, IconPlus } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useApi } from '../api.ts'
import { Empty, Loading, Page, Problem } from '../kit/index.ts'
import { definePage } from '../page.ts'
import type { Account } from '../server.ts'
import { SourceList } from './sources/list.tsx'
import { SourcePage } from './sources/source.tsx'

const everyMs = 10_000

function Sources({ account }: { account: Account }) {
  const { data, error, refetch } = useApi('sources', 'list', { account: account.systemName }, { every: everyMs })
  const may = account.scopes.includes('manage:account')
  const add = (words: string) => (
    <Button component={Link} to={`/a/${account.systemName}/sources/new`} leftSection={<IconPlus size={17} aria-hidden />}>
      {words}
    </Button>
  )
  const some = data !== undefined && data.sources.length > 0
  return (
    <Page
      wide
      title="Sources"
      description={`The platforms and programs that send data to ${account.name} as it happens. This page updates by itself.`}
      actions={may && some ? add('Add a source') : null}
    >
      {error ? <Problem error={error} retry={refetch} what="The sources" /> : null}
      {some ? (
        <SourceList account={account} sources={data.sources} />
      ) : data ? (
        <Empty icon={IconDatabaseImport} title="No source yet" action={may ? add('Add the first source') : null}>
          A source is whatever tells Mercat what happens: the service that sends your mails, your shop, a program of your own. Once one is connected, what it sends is in the
          reports within seconds. {may ? 'It takes three steps, and no code.' : `Somebody who may change ${account.name} adds the first one.`}
        </Empty>
      ) : error ? null : (
        <Loading rows={4} height={64} what="the sources" />
      )}
    </Page>
  )
}

export default definePage({
  path: 'sources',
  title: 'Sources',
  icon: IconDatabaseImport,
  group: 'operations',
  order: 15,
  place: 'account',
  needs: 'read:health',
  component: Sources,
  detail: SourcePage,
})
