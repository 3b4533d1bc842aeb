/** The frame around every page: sidebar, top bar on small screens, skip link. Draws nothing of a page. */
import { AppShell, Burger, Center, Group, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { Outlet, useLocation } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useApi } from '../api.ts'
import { Loading, Problem } from '../kit/index.ts'
import { SessionContext } from '../session.ts'
import { Mark } from './mark.tsx'
import classes from './shell.module.css'
import { Sidebar } from './sidebar.tsx'
import { SignInAgain } from './sign-in-again.tsx'

export function Shell() {
  const { data: session, error, refetch } = useApi('session', 'current', {})
  useOnePerson(session?.user.id)
  const [opened, { toggle, close }] = useDisclosure()
  const { pathname } = useLocation()
  // biome-ignore lint/correctness/useExhaustiveDependencies: the menu of a small screen closes when the address changes
  useEffect(close, [pathname])
  if (!session) {
    return (
      <Center className={classes.waiting}>
        <div className={classes.narrow}>{error ? <Problem error={error} retry={refetch} what="Mercat" /> : <Loading what="Mercat" />}</div>
      </Center>
    )
  }
  return (
    <SessionContext value={session}>
      <a href="#content" className={classes.skip}>
        Skip to the content
      </a>
      <AppShell layout="alt" header={{ height: { base: 56, sm: 0 } }} navbar={{ width: 264, breakpoint: 'sm', collapsed: { mobile: !opened } }} padding={0}>
        <AppShell.Header hiddenFrom="sm" className={classes.top}>
          <Group h="100%" px="md" gap="sm">
            <Burger opened={opened} onClick={toggle} size="sm" aria-label={opened ? 'Close the menu' : 'Open the menu'} aria-expanded={opened} />
            <Mark size={26} />
            <Text fw={650}>Mercat</Text>
          </Group>
        </AppShell.Header>
        <AppShell.Navbar className={classes.side} data-closed={!opened || undefined} aria-label="Main">
          <Sidebar onClose={close} />
        </AppShell.Navbar>
        <AppShell.Main id="content" tabIndex={-1} className={classes.main}>
          <Outlet />
        </AppShell.Main>
      </AppShell>
      <SignInAgain />
    </SessionContext>
  )
}

/** Another person has signed in in this browser: nothing that was read for the one before may stay. */
function useOnePerson(id: string | undefined): void {
  const first = useRef(id)
  useEffect(() => {
    if (first.current !== undefined && id !== undefined && id !== first.current) location.reload()
    first.current ??= id
  }, [id])
}

/** A fault of the dashboard itself. */
export function Broken({ error }: { error: unknown }) {
  const why = error instanceof Error ? error.message : String(error)
  return (
    <Center className={classes.waiting}>
      <div className={classes.narrow}>
        <Problem error={{ message: `The page broke: ${why}. Reload it; if it breaks again, tell whoever runs Mercat.` }} retry={() => location.reload()} />
      </div>
    </Center>
  )
}
