/** The dialog that shows a new secret of an endpoint. */
import { Button, Group, Modal, Stack } from '@mantine/core'
import { Time } from '../../../kit/index.ts'
import { Secret } from './secret.tsx'

export function NewSecret({ given, onClose }: { given: { readonly secret: string; readonly previousUntil: string } | undefined; onClose: () => void }) {
  return (
    <Modal opened={given !== undefined} onClose={onClose} title="The new secret" size="lg" closeOnClickOutside={false}>
      {given ? (
        <Stack gap="md">
          <Secret title="A new secret signs from now on" secret={given.secret}>
            It is shown only now. The old one signs too until <Time at={given.previousUntil} show="exact" />.
          </Secret>
          <Group justify="flex-end">
            <Button onClick={onClose}>Done</Button>
          </Group>
        </Stack>
      ) : null}
    </Modal>
  )
}
