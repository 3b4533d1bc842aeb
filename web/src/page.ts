/** What a page of the dashboard is: one file of pages/, default-exporting `definePage(…)`. The sidebar and the addresses follow from it. */
import type { Icon } from '@tabler/icons-react'
import type { ComponentType } from 'react'
import type { Account, Scope } from './server.ts'

/** The parts of the sidebar, in its order; one that has no page for somebody is not shown to them. */
export const groups = [
  { id: 'overview', title: 'Overview' },
  { id: 'insights', title: 'Insights' },
  { id: 'library', title: 'Library' },
  { id: 'audiences', title: 'Audiences' },
  { id: 'operations', title: 'Operations' },
  { id: 'account', title: 'Account' },
] as const
export type Group = (typeof groups)[number]['id']

interface AnyPage {
  /** The last part of its address: `/a/<account>/<path>`, or `/<path>` for a page of the person. */
  readonly path: string
  readonly title: string
  readonly icon: Icon
  /** Where it stands in its part of the menu; small comes first. */
  readonly order: number
}

export interface AccountPage extends AnyPage {
  readonly place: 'account'
  readonly group: Group
  /** Who lacks it, or of several every one, does not see the page. The API decides anew what they may do. */
  readonly needs?: Scope | readonly Scope[]
  readonly component: ComponentType<{ account: Account }>
  /** One of what the page lists: `/a/<account>/<path>/<item>`. It opens without `needs` too, since assistants link to it, and shows what the API lets this person see. An item that is none, it says itself. */
  readonly detail?: ComponentType<{ account: Account; item: string }>
  /** Stands beside its title in the sidebar: how many wait. */
  readonly badge?: ComponentType<{ account: Account }>
}

export interface PersonPage extends AnyPage {
  readonly place: 'person'
  readonly component: ComponentType
}

export function definePage<Page extends AccountPage | PersonPage>(page: Page): Page {
  return page
}
