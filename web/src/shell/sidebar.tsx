/** The sidebar: which account, its pages, and the person. */
import { Burger, Group, NavLink, ScrollArea, Stack, Text } from '@mantine/core'
import { Link, useParams } from '@tanstack/react-router'
import { pagesOf } from '../pages.ts'
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
      <ScrollArea className={classes.pages} type="auto" offsetScrollbars="present">
        <Stack gap={2}>
          {account
            ? pagesOf(account).map(({ path, title, icon: Sign, badge: Count }) => {
                const current = named !== undefined && page === path
                return (
                  <NavLink
                    key={path}
                    className={classes.link}
                    renderRoot={(rest) => <Link to="/a/$account/$page" params={{ account: account.systemName, page: path }} {...rest} />}
                    label={title}
                    leftSection={<Sign size={18} stroke={1.7} aria-hidden />}
                    rightSection={Count && <Count account={account} />}
                    active={current}
                    aria-current={current ? 'page' : undefined}
                  />
                )
              })
            : null}
        </Stack>
      </ScrollArea>
      <PersonMenu />
    </>
  )
}
