/** Text that people take along: shown whole, copied by one press. */
import { ActionIcon, Button, CopyButton, Tooltip, VisuallyHidden } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import classes from './copy.module.css'

/** @param label what it is, for screen readers: "Connector address" @param block a longer text of several lines */
export function CopyField({ value, label, block = false }: { value: string; label: string; block?: boolean }) {
  return (
    <div className={classes.field} data-block={block || undefined}>
      <pre className={classes.value}>{value}</pre>
      <CopyButton value={value} timeout={1800}>
        {({ copied, copy }) => (
          <>
            {block ? (
              <Tooltip label={copied ? 'Copied' : 'Copy'} position="left">
                <ActionIcon className={classes.corner} variant="subtle" color={copied ? 'teal' : 'gray'} onClick={copy} aria-label={`Copy ${label}`}>
                  {copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
                </ActionIcon>
              </Tooltip>
            ) : (
              <Button
                size="compact-sm"
                variant="light"
                color={copied ? 'teal' : 'mercat'}
                className={classes.button}
                onClick={copy}
                aria-label={`Copy ${label}`}
                leftSection={copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
              >
                {copied ? 'Copied' : 'Copy'}
              </Button>
            )}
            <VisuallyHidden aria-live="polite">{copied ? `${label} copied` : ''}</VisuallyHidden>
          </>
        )}
      </CopyButton>
    </div>
  )
}
