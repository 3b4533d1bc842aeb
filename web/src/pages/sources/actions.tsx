/** What can be done with a source as a whole. */
import { Button } from '@mantine/core'
import { IconCursorText, IconPower, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { useChange } from '../../api.ts'
import { Confirm, done, Problem } from '../../kit/index.ts'
import type { Account } from '../../server.ts'
import { PullNow } from './arrival.tsx'
import { Rename } from './rename.tsx'
import type { SourceDetail } from './types.ts'

export function Actions({ account, source, onRemove }: { account: Account; source: SourceDetail; onRemove: () => void }) {
  const { id, name, title, state, connection } = source
  const [asking, setAsking] = useState(false)
  const [naming, setNaming] = useState(false)
  const turn = useChange('sources', 'setEnabled')
  const of = { account: account.systemName, id }
  const on = state !== 'off'
  const pull = connection === 'pull'
  return (
    <>
      {pull ? <PullNow account={account} source={source} /> : null}
      <Button variant="default" leftSection={<IconCursorText size={16} aria-hidden />} onClick={() => setNaming(true)}>
        Rename
      </Button>
      <Button
        variant="default"
        leftSection={<IconPower size={16} aria-hidden />}
        loading={turn.isPending && !asking}
        onClick={() => (on ? setAsking(true) : turn.mutate({ ...of, enabled: true }, { onSuccess: () => done(`${name} is on`) }))}
      >
        {on ? 'Turn off' : 'Turn on'}
      </Button>
      <Button variant="subtle" color="red" leftSection={<IconTrash size={16} aria-hidden />} onClick={onRemove}>
        Remove
      </Button>
      {turn.error && !asking ? <Problem error={turn.error} /> : null}
      <Rename account={account} source={source} opened={naming} onClose={() => setNaming(false)} />
      <Confirm
        title={`Turn ${name} off?`}
        action="Turn off"
        change={turn}
        input={asking ? { ...of, enabled: false } : undefined}
        onDone={() => done(`${name} is off`)}
        onClose={() => setAsking(false)}
      >
        {pull
          ? `${title} is not asked while it is off. Once it is on again, Mercat goes on where it stopped.`
          : `What ${title} delivers while it is off is refused. Many platforms try again for some hours, and then give up: what they gave up is missing here.`}{' '}
        What came so far stays, and what still waits is loaded.
      </Confirm>
    </>
  )
}
