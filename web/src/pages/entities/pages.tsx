/** The two pages of a type of entity, from what is its own. */
import type { AccountPage } from '../../page.ts'
import { EntityDetail } from './detail.tsx'
import type { EntityKind } from './kind.ts'
import { EntityList } from './list.tsx'
import type { EntityName } from './types.ts'

export function entityPages<Type extends EntityName>(kind: EntityKind<Type>): Pick<AccountPage, 'path' | 'title' | 'icon' | 'place' | 'group' | 'component' | 'detail'> {
  return {
    path: kind.path,
    title: kind.title,
    icon: kind.icon,
    place: 'account',
    group: 'library',
    // Each type has a list of its own: going from one to another begins anew.
    component: ({ account }) => <EntityList key={kind.type} account={account} kind={kind} />,
    detail: ({ account, item }) => <EntityDetail key={kind.type} account={account} item={item} kind={kind} />,
  }
}
