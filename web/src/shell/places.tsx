/** What an address shows: the start, a page of an account, one item of such a page, a page of the person. */
import { Text } from '@mantine/core'
import { IconBuildingStore } from '@tabler/icons-react'
import { Navigate, useParams } from '@tanstack/react-router'
import { useEffect } from 'react'
import { Empty, Page } from '../kit/index.ts'
import { detailOf, pagesOf, personPages } from '../pages.ts'
import { AccountContext, useSession } from '../session.ts'
import type { Session } from '../server.ts'
import { NotHere } from './not-here.tsx'

const lastAccount = 'mercat-account'

/** The account that was open last, if it is still theirs. */
export function startAccount({ accounts }: Session): string | undefined {
  const last = localStorage.getItem(lastAccount)
  return (accounts.find(({ systemName }) => systemName === last) ?? accounts[0])?.systemName
}

export function Home() {
  const session = useSession()
  const account = startAccount(session)
  if (account !== undefined) return <Navigate to="/a/$account/$page" params={{ account, page: 'home' }} replace />
  return (
    <Page title={`Welcome, ${session.user.name}`}>
      <Empty icon={IconBuildingStore} title="You belong to no account yet">
        Ask an owner of the account to invite <b>{session.user.email}</b>.{' '}
        {session.user.operator ? (
          <Text span size="sm" c="dimmed">
            As an operator you make the first one: <code>mercat account create</code>.
          </Text>
        ) : null}
      </Empty>
    </Page>
  )
}

export function AccountHome() {
  const { account } = useParams({ from: '/a/$account' })
  return <Navigate to="/a/$account/$page" params={{ account, page: 'home' }} replace />
}

export function AccountPageView() {
  const { account, page } = useParams({ from: '/a/$account/$page' })
  return <InAccount systemName={account} path={page} />
}

export function AccountItemView() {
  const { account, page, item } = useParams({ from: '/a/$account/$page/$item' })
  return <InAccount systemName={account} path={page} item={item} />
}

function InAccount({ systemName, path, item }: { systemName: string; path: string; item?: string }) {
  const account = useSession().accounts.find((one) => one.systemName === systemName)
  useEffect(() => {
    if (account) localStorage.setItem(lastAccount, account.systemName)
  }, [account])
  const Whole = account && pagesOf(account).find((one) => one.path === path)?.component
  const Detail = detailOf(path)
  const key = `${systemName}/${item}`
  const shown = account && (item === undefined ? Whole && <Whole key={key} account={account} /> : Detail && <Detail key={key} account={account} item={item} />)
  return shown ? <AccountContext value={account}>{shown}</AccountContext> : <NotHere />
}

export function PersonPageView() {
  const { page: path } = useParams({ from: '/$page' })
  const page = personPages.find((one) => one.path === path)
  if (!page) return <NotHere />
  const { component: Component } = page
  return <Component />
}
