/** Home: what needs a decision, how the last days went, and whether everything works. Each part loads by itself, for those who may see it. */
import { Button } from '@mantine/core'
import { IconHeartbeat, IconHome, IconInbox, IconPlugConnected } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { Page } from '../kit/index.ts'
import { definePage } from '../page.ts'
import type { Account } from '../server.ts'
import { readers } from './drafts/words.ts'
import { Arrivals } from './home/arrivals.tsx'
import { Decisions } from './home/decisions.tsx'
import { Figures } from './home/figures.tsx'
import classes from './home/home.module.css'

const links = [
  { path: 'connect', title: 'Connect an assistant', icon: IconPlugConnected, needs: undefined },
  { path: 'drafts', title: 'All drafts', icon: IconInbox, needs: 'read:campaigns' },
  { path: 'health', title: 'Mission control', icon: IconHeartbeat, needs: 'read:health' },
] as const

function Home({ account }: { account: Account }) {
  const may = (scope: (typeof account.scopes)[number]) => account.scopes.includes(scope)
  return (
    <Page wide title="Home" description={`What needs a person in ${account.name}, and how it goes.`}>
      {readers.some(may) ? <Decisions account={account} /> : null}
      {may('read:reports') ? <Figures account={account} /> : null}
      {may('read:health') ? <Arrivals account={account} /> : null}
      <nav aria-label="Where to go from here" className={classes.links}>
        {links.map(({ path, title, icon: Sign, needs }) =>
          needs === undefined || may(needs) ? (
            <Button key={path} component={Link} to={`/a/${account.systemName}/${path}`} variant="default" leftSection={<Sign size={17} aria-hidden />}>
              {title}
            </Button>
          ) : null,
        )}
      </nav>
    </Page>
  )
}

export default definePage({ path: 'home', title: 'Home', icon: IconHome, order: 0, place: 'account', group: 'overview', component: Home })
