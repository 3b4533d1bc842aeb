/** What is written into the settings of a source and not saved yet, and saving it. Settings nobody touched follow what is stored. */
import { useState } from 'react'
import { useChange } from '../../api.ts'
import { formErrors } from '../../kit/index.ts'
import type { Account } from '../../server.ts'
import type { Setting, SourceDetail, SourceKind } from './types.ts'

export interface SettingsForm {
  readonly settings: readonly Setting[]
  readonly value: (name: string) => string
  /** A secret that is there, and is not shown. */
  readonly isSet: (name: string) => boolean
  readonly set: (name: string, value: string) => void
  /** A secret that is there, and is taken away when the form is saved. */
  readonly isLeaving: (name: string) => boolean
  /** Marks such a secret, or no longer. */
  readonly setLeaving: (name: string, leaving: boolean) => void
  readonly error: (name: string) => string | undefined
  /** What no field can say. */
  readonly problem: { readonly message: string } | undefined
  readonly dirty: boolean
  readonly busy: boolean
  /** Saves what was changed, if anything, and goes on only when all that is required is there; `partly`, also when not. */
  readonly save: (onSaved: () => void, partly?: boolean) => void
  readonly discard: () => void
}

export function useSettings(account: Account, source: Pick<SourceDetail, 'id' | 'settings' | 'secretsSet'>, { settings }: SourceKind): SettingsForm {
  const [edited, setEdited] = useState<Readonly<Record<string, string>>>({})
  const [leaving, setLeaving] = useState<readonly string[]>([])
  const [wrong, setWrong] = useState<Readonly<Record<string, string>>>({})
  const change = useChange('sources', 'change')
  const refused = formErrors(
    change.error,
    settings.map(({ name }) => name),
  )
  const stored = (name: string) => source.settings[name] ?? ''
  const value = (name: string) => edited[name] ?? stored(name)
  const isSet = (name: string) => source.secretsSet.includes(name)
  const isLeaving = (name: string) => leaving.includes(name) && isSet(name)
  const changed = {
    ...Object.fromEntries(Object.entries(edited).filter(([name, text]) => text.trim() !== stored(name))),
    ...Object.fromEntries(leaving.filter(isSet).map((name) => [name, ''])),
  }
  const dirty = Object.keys(changed).length > 0
  const settle = () => {
    setEdited({})
    setLeaving([])
  }
  const again = () => {
    setWrong({})
    change.reset()
  }
  return {
    settings,
    value,
    isSet,
    set: (name, text) => {
      setEdited((before) => ({ ...before, [name]: text }))
      again()
    },
    isLeaving,
    setLeaving: (name, goes) => {
      setLeaving((before) => [...before.filter((one) => one !== name), ...(goes ? [name] : [])])
      setEdited(({ [name]: _, ...others }) => others)
      again()
    },
    error: (name) => wrong[name] ?? refused.at(name),
    problem: refused.rest,
    dirty,
    busy: change.isPending,
    save: (onSaved, partly = false) => {
      const empty = settings.filter(({ name, required }) => !partly && required && value(name).trim() === '' && !isSet(name))
      setWrong(Object.fromEntries(empty.map(({ name }) => [name, 'Mercat needs this'])))
      if (empty.length > 0) return
      if (!dirty) return onSaved()
      change.mutate(
        { account: account.systemName, id: source.id, settings: changed },
        {
          onSuccess: () => {
            settle()
            onSaved()
          },
        },
      )
    },
    discard: () => {
      settle()
      again()
    },
  }
}
