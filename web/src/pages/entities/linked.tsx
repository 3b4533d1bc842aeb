/** A link to another entity: to its page where it has one and the person sees it, otherwise its name. */
import { Link } from '@tanstack/react-router'
import type { Account } from '../../server.ts'
import type { Linked } from './types.ts'
import { shortName } from './words.ts'

/** The page of each type that has one. */
const pages: Readonly<Record<string, string>> = {
  campaign: 'campaigns',
  flow: 'flows',
  trigger: 'triggers',
  stream: 'streams',
  promotion: 'promotions',
  segment: 'segments',
  target_group: 'segments',
}

export function EntityLink({ account, to }: { account: Account; to: Linked }) {
  const page = pages[to.type]
  const name = shortName(to.name ?? to.key ?? to.id ?? '')
  if (page === undefined || to.id === undefined) return <bdi>{name}</bdi>
  return (
    <Link to="/a/$account/$page/$item" params={{ account: account.systemName, page, item: to.id }}>
      <bdi>{name}</bdi>
    </Link>
  )
}

/** What a definition names by its key, with what is known of it. */
export function linkTo(links: readonly Linked[], type: string, key: string): Linked {
  return links.find((link) => link.type === type && link.key === key) ?? { rel: '', type, key }
}
