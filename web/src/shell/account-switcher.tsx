/** Which account one is in, and going to another one; with a search when there are many. */
import { Combobox, ScrollArea, Text, UnstyledButton, useCombobox, VisuallyHidden } from '@mantine/core'
import { IconCheck, IconSelector } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { pagesOf } from '../pages.ts'
import { useSession } from '../session.ts'
import type { Account } from '../server.ts'
import classes from './sidebar.module.css'

/** From this many on, a search helps. */
const many = 7

export const initials = (name: string) =>
  name
    .split(/[\s._-]+/)
    .flatMap((word) => /[\p{L}\p{N}]/u.exec(word)?.[0] ?? [])
    .slice(0, 2)
    .join('')
    .toUpperCase() || '?'

export function AccountSwitcher({ current, page }: { current: Account | undefined; page: string | undefined }) {
  const { accounts } = useSession()
  const navigate = useNavigate()
  const [search, setSearch] = useState('')
  const searchable = accounts.length >= many
  const box = useCombobox({
    onDropdownOpen: () => (searchable ? box.focusSearchInput() : box.selectActiveOption()),
    onDropdownClose: () => {
      box.resetSelectedOption()
      setSearch('')
    },
  })
  const wanted = search.trim().toLowerCase()
  const found = accounts.filter(({ name, systemName }) => name.toLowerCase().includes(wanted) || systemName.includes(wanted))
  const go = (systemName: string) => {
    box.closeDropdown()
    const account = accounts.find((one) => one.systemName === systemName)
    if (!account) return
    // The same page of the other account, where the person may see it.
    const kept = page !== undefined && pagesOf(account).some(({ path }) => path === page) ? page : 'connect'
    void navigate({ to: '/a/$account/$page', params: { account: systemName, page: kept } })
  }
  return (
    <div className={classes.around}>
      <Combobox store={box} onOptionSubmit={go} position="bottom-start" shadow="md" radius="md">
        <Combobox.Target targetType="button">
          <UnstyledButton className={classes.switch} onClick={() => box.toggleDropdown()}>
            <VisuallyHidden>Account: </VisuallyHidden>
            <span className={classes.tile} aria-hidden>
              {current ? initials(current.name) : '–'}
            </span>
            <span className={classes.two}>
              <Text size="sm" fw={600}>
                {current?.name ?? 'Choose an account'}
              </Text>
              {current ? (
                <Text size="xs" c="dimmed">
                  {current.systemName}
                </Text>
              ) : null}
            </span>
            <IconSelector size={16} aria-hidden color="var(--mantine-color-dimmed)" />
          </UnstyledButton>
        </Combobox.Target>
        <Combobox.Dropdown>
          {searchable ? (
            <Combobox.Search value={search} onChange={(event) => setSearch(event.currentTarget.value)} placeholder="Find an account" aria-label="Find an account" />
          ) : null}
          <Combobox.Options aria-label="Accounts">
            <ScrollArea.Autosize mah={320} type="auto">
              {found.map((account) => (
                <Combobox.Option key={account.systemName} value={account.systemName} active={account === current} aria-selected={account === current}>
                  <span className={classes.option}>
                    <span className={classes.two}>
                      <Text size="sm" fw={550}>
                        {account.name}
                      </Text>
                      <Text size="xs" c="dimmed">
                        {account.systemName}
                      </Text>
                    </span>
                    {account === current ? <IconCheck size={16} aria-hidden /> : null}
                  </span>
                </Combobox.Option>
              ))}
              {found.length === 0 ? <Combobox.Empty>No account of this name</Combobox.Empty> : null}
            </ScrollArea.Autosize>
          </Combobox.Options>
        </Combobox.Dropdown>
      </Combobox>
    </div>
  )
}
