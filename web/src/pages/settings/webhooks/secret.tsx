/** A secret, the only time it is shown, and where it belongs. */
import { Alert, Text } from '@mantine/core'
import { IconKey } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { CopyField } from '../../../kit/index.ts'

export function Secret({ title, secret, children }: { title: string; secret: string; children: ReactNode }) {
  return (
    <>
      <Alert color="teal" variant="light" icon={<IconKey aria-hidden />} title={title} role="status">
        {children}
      </Alert>
      <CopyField label="Signing secret" value={secret} />
      <Text size="sm" c="dimmed">
        Put it where the receiver checks signatures: every library for Standard Webhooks takes it as it is, whsec_ included. Keep it as you keep a password.
      </Text>
    </>
  )
}
