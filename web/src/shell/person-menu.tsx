/** The person: their own pages, the theme, and signing out. */
import { Menu, SegmentedControl, Text, UnstyledButton, useMantineColorScheme, VisuallyHidden } from '@mantine/core'
import { IconDeviceDesktop, IconDots, IconLogout, IconMoon, IconSun } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useChange } from '../api.ts'
import { personPages } from '../pages.ts'
import { useSession } from '../session.ts'
import { initials } from './account-switcher.tsx'
import classes from './sidebar.module.css'

const schemes = [
  { value: 'light', label: 'Light', icon: IconSun },
  { value: 'dark', label: 'Dark', icon: IconMoon },
  { value: 'auto', label: 'As the system', icon: IconDeviceDesktop },
] as const

export function PersonMenu() {
  const { user } = useSession()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const signOut = useChange('own', 'signOut', { signsOut: true })
  return (
    <div className={classes.foot}>
      <Menu position="top-start" width={240} returnFocus>
        <Menu.Target>
          <UnstyledButton className={classes.person}>
            <VisuallyHidden>Your menu: </VisuallyHidden>
            <span className={classes.tile} data-round aria-hidden>
              {initials(user.name)}
            </span>
            <span className={classes.two}>
              <Text size="sm" fw={600}>
                {user.name}
              </Text>
              <Text size="xs" c="dimmed">
                {user.email}
              </Text>
            </span>
            <IconDots size={16} aria-hidden color="var(--mantine-color-dimmed)" />
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          {personPages.map(({ path, title, icon: Sign }) => (
            <Menu.Item key={path} leftSection={<Sign size={16} aria-hidden />} renderRoot={(rest) => <Link to="/$page" params={{ page: path }} {...rest} />}>
              {title}
            </Menu.Item>
          ))}
          {personPages.length > 0 ? <Menu.Divider /> : null}
          <Menu.Label>Theme</Menu.Label>
          <SegmentedControl
            fullWidth
            size="xs"
            aria-label="Theme"
            value={colorScheme}
            onChange={(value) => setColorScheme(value as 'light' | 'dark' | 'auto')}
            data={schemes.map(({ value, label, icon: Sign }) => ({
              value,
              label: (
                <span title={label} className={classes.scheme}>
                  <Sign size={15} aria-hidden />
                  <VisuallyHidden>{label}</VisuallyHidden>
                </span>
              ),
            }))}
          />
          <Menu.Divider />
          <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => signOut.mutate({})} disabled={signOut.isPending}>
            Sign out
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </div>
  )
}
