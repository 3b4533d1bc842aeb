/** What a figure means, exactly: at a small sign beside its name. */
import { ActionIcon, Tooltip } from '@mantine/core'
import { IconInfoCircle } from '@tabler/icons-react'

export function Info({ title, definition }: { title: string; definition: string }) {
  return (
    <Tooltip label={definition} multiline w={280} events={{ hover: true, focus: true, touch: true }}>
      <ActionIcon variant="transparent" color="gray" size={24} flex="none" aria-label={`What ${title} is: ${definition}`}>
        <IconInfoCircle size={15} aria-hidden />
      </ActionIcon>
    </Tooltip>
  )
}
