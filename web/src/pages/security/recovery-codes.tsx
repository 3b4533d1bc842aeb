/** Recovery codes, shown once: to copy, to save as a file, and put away before the dialog closes. Keeps nothing. */
import { Alert, Button, Checkbox, CopyButton, Group, Stack } from '@mantine/core'
import { IconAlertTriangle, IconCheck, IconCopy, IconDownload } from '@tabler/icons-react'
import { useState } from 'react'
import classes from './security.module.css'

interface RecoveryCodesProps {
  readonly codes: readonly string[]
  readonly onDone: () => void
}

export function RecoveryCodes({ codes, onDone }: RecoveryCodesProps) {
  const [kept, setKept] = useState(false)
  const text = `${codes.join('\n')}\n`
  return (
    <Stack gap="md">
      <Alert color="yellow" variant="light" icon={<IconAlertTriangle aria-hidden />} title="These codes are shown only now">
        Each one signs you in once when your authenticator app is not at hand. Keep them apart from your password, in a safe place.
      </Alert>
      <ul className={classes.codes} aria-label="Recovery codes">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <Group>
        <CopyButton value={text}>
          {({ copied, copy }) => (
            <Button variant="default" leftSection={copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />} onClick={copy}>
              <span aria-live="polite">{copied ? 'Copied' : 'Copy all'}</span>
            </Button>
          )}
        </CopyButton>
        <Button
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
          component="a"
          href={`data:text/plain;charset=utf-8,${encodeURIComponent(text)}`}
          download="mercat-recovery-codes.txt"
        >
          Save as a file
        </Button>
      </Group>
      <Checkbox checked={kept} onChange={({ currentTarget }) => setKept(currentTarget.checked)} label="I have put them in a safe place" />
      <Group justify="flex-end">
        <Button onClick={onDone} disabled={!kept}>
          Done
        </Button>
      </Group>
    </Stack>
  )
}
