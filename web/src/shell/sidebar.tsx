/** The sidebar: which account, its pages by their groups, and the person. */
import { Burger, Group, NavLink, ScrollArea, Text } from '@mantine/core'
import { Link, useParams } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { groupsOf } from '../pages.ts'
import type { Account } from '../server.ts'
import { useSession } from '../session.ts'
import { AccountSwitcher } from './account-switcher.tsx'
import { Mark } from './mark.tsx'
import { PersonMenu } from './person-menu.tsx'
import { startAccount } from './places.tsx'
import classes from './sidebar.module.css'

export function Sidebar({ onClose }: { onClose: () => void }) {
  const session = useSession()
  const { account: named, page } = useParams({ strict: false })
  const shown = named ?? startAccount(session)
  const account = session.accounts.find(({ systemName }) => systemName === shown)
  return (
    <>
      <Group className={classes.brand} gap="sm">
        <Mark />
        <Text fw={650} className={classes.name}>
          Mercat
        </Text>
        <Burger opened onClick={onClose} hiddenFrom="sm" size="sm" ml="auto" aria-label="Close the menu" />
      </Group>
      {session.accounts.length > 0 ? <AccountSwitcher current={account} page={named === undefined ? undefined : page} /> : null}
      <ScrollArea className={classes.pages} type="auto" scrollbarSize={8}>
        {account ? <Pages account={account} current={named === undefined ? undefined : page} /> : null}
      </ScrollArea>
      <PersonMenu />
    </>
  )
}

/** The pages in their parts. The one that is open is brought into sight: the menu may be longer than the window. */
function Pages({ account, current }: { account: Account; current: string | undefined }) {
  const menu = useRef<HTMLDivElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page is another link
  useEffect(() => {
    menu.current?.querySelector('[aria-current=page]')?.scrollIntoView({ block: 'nearest' })
  }, [current])
  return (
    <div ref={menu}>
      {groupsOf(account).map(({ id, title, pages }) => (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms
        <div key={id} role="group" aria-labelledby={`menu-${id}`} className={classes.group}>
          <div id={`menu-${id}`} className={classes.groupTitle}>
            {title}
          </div>
          {pages.map(({ path, title: name, icon: Sign, badge: Count }) => (
            <NavLink
              key={path}
              className={classes.link}
              renderRoot={(rest) => <Link to="/a/$account/$page" params={{ account: account.systemName, page: path }} {...rest} />}
              label={name}
              leftSection={<Sign size={18} stroke={1.7} aria-hidden />}
              rightSection={Count && <Count account={account} />}
              active={current === path}
              aria-current={current === path ? 'page' : undefined}
            />
          ))}
        </div>
      ))}
    </div>
  )
}
