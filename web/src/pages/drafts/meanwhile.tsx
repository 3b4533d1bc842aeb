/** Somebody else saved or decided while this person typed: nothing of theirs is lost, and they choose what happens with it. */
import { Alert, Button, Group, Text } from '@mantine/core'
import { IconUsers } from '@tabler/icons-react'
import classes from './drafts.module.css'
import type { Details } from './types.ts'
import type { EditsState } from './use-edits.ts'
import { fieldName } from './words.ts'

export function Meanwhile({ details: { draft, may, notes }, edits }: { details: Details; edits: EditsState }) {
  if (!edits.behind) return null
  const last = notes.findLast(({ kind }) => kind === 'edit')
  return (
    <Alert color="yellow" icon={<IconUsers aria-hidden />} title={may.edit ? 'Somebody edited it meanwhile' : 'It was decided meanwhile'} role="alert">
      <Text size="sm" component="div" className={classes.said}>
        {may.edit ? (
          <>
            It is version {draft.revision} now
            {last ? (
              <>
                : <bdi>{last.by ?? 'somebody who left'}</bdi> changed {last.changes.map(({ path }) => fieldName(path)).join(', ')}
              </>
            ) : null}
            . What you wrote is still here and is not stored. Fields that you did not touch show the new version.
          </>
        ) : (
          <>It is {draft.decision ?? draft.status}. What you wrote is still here for you to copy; it cannot be stored any more.</>
        )}
      </Text>
      <Group gap="xs" mt="sm">
        {may.edit ? (
          <Button size="xs" onClick={edits.rebase}>
            Keep mine on version {draft.revision}
          </Button>
        ) : null}
        <Button size="xs" variant="default" onClick={edits.discard}>
          Discard mine
        </Button>
      </Group>
    </Alert>
  )
}
