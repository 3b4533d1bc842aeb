/** The dialog of a change that needs a fresh sign-in. */
import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { signInUrl } from '../api.ts'
import { doNotSignInAgain, useSignInAgain } from '../sign-in-again.ts'

export function SignInAgain() {
  const opened = useSignInAgain()
  return (
    <Modal opened={opened} onClose={doNotSignInAgain} title="Sign in again to go on">
      <Stack gap="md">
        <Text size="sm">
          This change needs proof of who you are that is not older than 15 minutes. You come back to this page and can then make the change. Nothing was changed yet.
        </Text>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={doNotSignInAgain}>
            Not now
          </Button>
          <Button component="a" href={signInUrl(true)} data-autofocus>
            Sign in again
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
