/** What a person types into a draft until it is saved, beside what is stored: kept when somebody else saves or decides first. */
import { useMemo, useState } from 'react'
import { useChange } from '../../api.ts'
import { done } from '../../kit/index.ts'
import type { Account } from '../../server.ts'
import { changeOf, type Edits, valueAt, withEdit } from './edits.ts'
import type { Details } from './types.ts'

const none: Edits = new Map()

export function useEdits(account: Account, { draft, now, may }: Details, reload: () => void) {
  const [edits, setEdits] = useState<Edits>(none)
  /** The version that was seen when the first of them was made. */
  const [base, setBase] = useState(draft.revision)
  const save = useChange('drafts', 'edit')
  const change = useMemo(() => changeOf(now, edits), [now, edits])
  const count = edits.size
  const revision = count === 0 ? draft.revision : base
  const discard = () => {
    setEdits(none)
    save.reset()
  }
  return {
    /** How many fields differ from what is stored. */
    count,
    change,
    save,
    /** Somebody else saved or decided since: what was typed is still here. */
    behind: count > 0 && (revision !== draft.revision || !may.edit),
    get: (path: string) => valueAt(now, edits, path),
    set: (path: string, value: unknown) => {
      if (count === 0) setBase(draft.revision)
      setEdits(withEdit(now, edits, path, value))
      if (save.error) save.reset()
    },
    discard,
    /** Lays what was typed on the version that there is now. */
    rebase: () => {
      setBase(draft.revision)
      save.reset()
    },
    store: () => {
      if (count === 0) return
      save.mutate(
        { account: account.systemName, id: draft.id, revision, ...change },
        {
          onSuccess: () => {
            setEdits(none)
            done('Saved as a new version')
          },
          onError: ({ code, details }) => {
            // What somebody else did is to be seen beside what was typed.
            if (code === 'conflict' && details.argument === undefined) reload()
          },
        },
      )
    },
  }
}
export type EditsState = ReturnType<typeof useEdits>
