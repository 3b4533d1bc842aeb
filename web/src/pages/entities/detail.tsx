/** One entity: where it stands, its facts, what its definition says, what it is linked with and what may follow. */
import { Alert } from '@mantine/core'
import { IconInfoCircle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useApi } from '../../api.ts'
import { Absent, BackLink, Card, CopyField, Page, Section, StatusBadge } from '../../kit/index.ts'
import type { Account, Definitions } from '../../server.ts'
import classes from './entities.module.css'
import { CommonFacts, Facts } from './facts.tsx'
import { FiguresSection } from './figures.tsx'
import type { EntityKind } from './kind.ts'
import { EntityLink } from './linked.tsx'
import { Steps } from './steps.tsx'
import type { EntityName, Opened } from './types.ts'
import { shortName, shown } from './words.ts'

export function EntityDetail<Type extends EntityName>({ account, item, kind }: { account: Account; item: string; kind: EntityKind<Type> }) {
  const { data, error, refetch } = useApi('entities', 'one', { account: account.systemName, type: kind.type, entity: item })
  const back = (
    <BackLink account={account} path={kind.path}>
      {kind.title}
    </BackLink>
  )
  if (data) return <Found key={data.entity.id} account={account} of={data} kind={kind} back={back} />
  return <Absent account={account} path={kind.path} one={kind.one} many={kind.many} icon={kind.icon} back={back} error={error} retry={refetch} />
}

interface FoundProps<Type extends EntityName> {
  readonly account: Account
  readonly of: Opened
  readonly kind: EntityKind<Type>
  readonly back: ReactNode
}

function Found<Type extends EntityName>({ account, of, kind, back }: FoundProps<Type>) {
  const { entity, definition, notes } = of
  const { parts: Parts } = kind
  const measured = (kind.type === 'campaign' || kind.type === 'flow') && account.scopes.includes('read:reports')
  return (
    <Page
      wide
      title={shortName(entity.name)}
      back={back}
      description={
        <div className={classes.head}>
          <StatusBadge status={entity.status} size="md" />
          {entity.summary === '' ? null : <bdi>{shown(entity.summary)}</bdi>}
        </div>
      }
    >
      {notes.map((note) => (
        <Alert key={note} color="gray" icon={<IconInfoCircle aria-hidden />}>
          {note}
        </Alert>
      ))}
      {measured ? <FiguresSection account={account} type={kind.type as 'campaign' | 'flow'} id={entity.id} /> : null}
      <div className={classes.columns}>
        <div className={classes.main}>
          {definition === null ? (
            <Alert color="yellow" title="Its definition cannot be read">
              What is stored does not follow the schema of this type any more. Import it again.
            </Alert>
          ) : (
            // The service checked it against the schema of the type.
            <Parts account={account} of={of} definition={definition as unknown as Definitions[Type]} />
          )}
        </div>
        <div className={classes.side}>
          <Section title="Facts">
            <CommonFacts account={account} of={of} />
          </Section>
          <Links account={account} of={of} placed={kind.placed} />
          <Steps account={account} of={of} />
          <Section title="Ask an assistant" description="A connected assistant opens it by this call.">
            <CopyField block label="tool call" value={`get_entity ${JSON.stringify({ type: of.type, entity: entity.id })}`} />
          </Section>
        </div>
      </div>
    </Page>
  )
}

/** What it is linked with and no part of the page names. */
function Links({ account, of: { links }, placed }: { account: Account; of: Opened; placed: readonly string[] }) {
  const left = links.filter(({ rel }) => rel !== 'part of' && !placed.includes(rel))
  if (left.length === 0) return null
  const rels = [...new Set(left.map(({ rel }) => rel))]
  return (
    <Section title="Linked with">
      <Card>
        <Facts
          of={rels.map((rel) => [
            rel.charAt(0).toUpperCase() + rel.slice(1),
            <ul key={rel} className={classes.lines}>
              {left.map((link) =>
                link.rel === rel ? (
                  <li key={`${link.type} ${link.key}`}>
                    <EntityLink account={account} to={link} />
                  </li>
                ) : null,
              )}
            </ul>,
          ])}
        />
      </Card>
    </Section>
  )
}
