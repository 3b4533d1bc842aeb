/** Every page there is: the files of pages/, in the order of their menus. */
import { type AccountPage, type Group, groups, type PersonPage } from './page.ts'
import type { Account } from './server.ts'

const files = import.meta.glob<{ default: AccountPage | PersonPage }>('./pages/*.tsx', { eager: true })
const all = Object.values(files)
  .map((file) => file.default)
  .sort((a, b) => a.order - b.order)

const accountPages = all.filter((page) => page.place === 'account')
export const personPages = all.filter((page) => page.place === 'person')

/** The pages of an account that the person may see. */
export function pagesOf(account: Account): readonly AccountPage[] {
  return accountPages.filter(({ needs }) => needs === undefined || [needs].flat().some((scope) => account.scopes.includes(scope)))
}

/** The same pages in the parts of the sidebar. */
export function groupsOf(account: Account): readonly { readonly id: Group; readonly title: string; readonly pages: readonly AccountPage[] }[] {
  const pages = pagesOf(account)
  return groups.map(({ id, title }) => ({ id, title, pages: pages.filter(({ group }) => group === id) })).filter((one) => one.pages.length > 0)
}

/** What shows one item of a page. */
export const detailOf = (path: string): AccountPage['detail'] => accountPages.find((page) => page.path === path)?.detail
