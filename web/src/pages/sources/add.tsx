/** Adding a source in three steps: what it is, what to paste where, and seeing the first delivery come. The address keeps the place; only the key, shown once, is in no address and is gone with the page. */
import { IconDatabaseImport } from '@tabler/icons-react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { useApi } from '../../api.ts'
import { Absent, BackLink, Empty, Loading, Page, Problem } from '../../kit/index.ts'
import type { Account } from '../../server.ts'
import { Arrival } from './arrival.tsx'
import { Choose } from './choose.tsx'
import { Connect } from './connect.tsx'
import { type StepNumber, Stepper } from './stepper.tsx'
import type { SourceAdded } from './types.ts'

const back = (account: Account) => (
  <BackLink account={account} path="sources">
    Sources
  </BackLink>
)

export function AddSource({ account }: { account: Account }) {
  const search: Record<string, unknown> = useSearch({ strict: false })
  const navigate = useNavigate()
  const id = typeof search.source === 'string' ? search.source : undefined
  const step: StepNumber = id === undefined ? 1 : String(search.step) === '3' ? 3 : 2
  const [fresh, setFresh] = useState<SourceAdded>()
  const heading = useFocusOnChange(step)
  const go = (source: string, to: 2 | 3) => void navigate({ to: '.', search: { source, step: String(to) } as never, replace: id === undefined })
  if (!account.scopes.includes('manage:account')) {
    return (
      <Page title="Add a source" back={back(account)}>
        <Empty icon={IconDatabaseImport} title="You may not add sources">
          Somebody who may change {account.name} can.
        </Empty>
      </Page>
    )
  }
  return id === undefined ? (
    <Page title="Add a source" back={back(account)} description="Three steps: choose what sends, tell it where to send, and see the first delivery come.">
      <Stepper at={1} onGo={() => undefined} />
      <Choose
        account={account}
        onAdded={(added) => {
          setFresh(added)
          go(added.id, 2)
        }}
      />
    </Page>
  ) : (
    <Going account={account} id={id} step={step === 3 ? 3 : 2} heading={heading} fresh={fresh?.id === id ? fresh : undefined} onFresh={setFresh} onGo={(to) => go(id, to)} />
  )
}

interface GoingProps {
  readonly account: Account
  readonly id: string
  readonly step: 2 | 3
  readonly heading: React.RefObject<HTMLHeadingElement | null>
  /** With its key: undefined once the page was left. */
  readonly fresh: SourceAdded | undefined
  readonly onFresh: (added: SourceAdded) => void
  readonly onGo: (step: 2 | 3) => void
}

const lookMs = 2000

/** The steps of a source that is there. */
function Going({ account, id, step, heading, fresh, onFresh, onGo }: GoingProps) {
  const of = { account: account.systemName, id }
  const { data: source, error, refetch } = useApi('sources', 'get', of)
  useApi('sources', 'get', of, { every: lookMs, enabled: step === 3 })
  const types = useApi('sources', 'types', { account: account.systemName })
  const kind = types.data?.types.find(({ type }) => type === source?.type)
  if (!source) return <Absent account={account} path="sources" one="source" many="sources" icon={IconDatabaseImport} back={back(account)} error={error} retry={refetch} />
  return (
    <Page title={`Add ${source.name}`} back={back(account)}>
      <Stepper at={step} onGo={(to) => (to === 1 ? undefined : () => onGo(to))} />
      {types.error ? <Problem error={types.error} retry={types.refetch} what="The steps" /> : null}
      {!kind ? (
        types.error ? null : (
          <Loading rows={3} height={96} what="the steps" />
        )
      ) : step === 2 ? (
        <Connect account={account} source={source} kind={kind} heading={heading} fresh={fresh} onFresh={onFresh} onNext={() => onGo(3)} />
      ) : (
        <Arrival account={account} source={source} kind={kind} heading={heading} error={error} onBack={() => onGo(2)} />
      )}
    </Page>
  )
}

/** A heading that takes the focus whenever the step is another one: whoever does not see the page hears where they are. */
function useFocusOnChange(step: StepNumber) {
  const heading = useRef<HTMLHeadingElement>(null)
  const before = useRef(step)
  useEffect(() => {
    if (before.current !== step) heading.current?.focus({ preventScroll: true })
    before.current = step
    window.scrollTo({ top: 0 })
  }, [step])
  return heading
}
