/** The page of one item as far as it is the same for all: the way back to the list, and what stands there while there is nothing to show. */
import { Button } from '@mantine/core'
import { type Icon, IconArrowLeft } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { ApiError } from '../api.ts'
import type { Account } from '../server.ts'
import classes from './item.module.css'
import { Page } from './page.tsx'
import { Empty, Loading, Problem } from './states.tsx'

interface ListProps {
  readonly account: Account
  /** The page that lists the items: the last part of its address. */
  readonly path: string
}

/** For `back` of a `Page`. */
export function BackLink({ account, path, children }: ListProps & { children: ReactNode }) {
  return (
    <Link to="/a/$account/$page" params={{ account: account.systemName, page: path }} className={classes.back}>
      <IconArrowLeft size={15} aria-hidden /> {children}
    </Link>
  )
}

/** What the API says of an id that is none, and of one that is not this person's. */
const unknown = new Set(['not_found', 'campaign_not_found', 'organization_not_found', 'invalid_arguments'])

interface AbsentProps extends ListProps {
  /** "campaign", and of several "campaigns". */
  readonly one: string
  readonly many: string
  readonly icon: Icon
  /** Absent where the person does not see the list. */
  readonly back: ReactNode
  readonly error: ApiError | null
  readonly retry: () => unknown
}

/** An item that loads, that could not be loaded, or that is none: one of others looks the same. */
export function Absent({ account, path, one, many, icon, back, error, retry }: AbsentProps) {
  if (error && unknown.has(error.code)) {
    return (
      <Page wide title={`No such ${one}`} back={back}>
        <Empty
          icon={icon}
          title={`This ${one} does not exist, or you have no access to it`}
          action={
            back ? (
              <Button component={Link} to={`/a/${account.systemName}/${path}`} variant="default">
                All {many}
              </Button>
            ) : null
          }
        >
          Check the address. If somebody sent it to you, ask an owner of {account.name} whether you may see it.
        </Empty>
      </Page>
    )
  }
  return (
    <Page wide title={one.charAt(0).toUpperCase() + one.slice(1)} back={back}>
      {error ? <Problem error={error} retry={retry} what={`The ${one}`} /> : <Loading rows={3} height={140} what={`the ${one}`} />}
    </Page>
  )
}
