/** The first step: which platform or program it is, and what it is called here. */
import { Button, Group, Radio, Stack, Text, TextInput, ThemeIcon, Title } from '@mantine/core'
import { type Icon, IconCode, IconMail, IconServer2, IconShoppingBag } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { useApi, useChange } from '../../api.ts'
import { Form, formErrors, Loading, Problem } from '../../kit/index.ts'
import type { Account } from '../../server.ts'
import classes from './setup.module.css'
import { StepTitle } from './step-title.tsx'
import type { SourceAdded, SourceKind } from './types.ts'
import { freeName, type GroupId, groupOf, groups } from './words.ts'

const signs: Readonly<Record<GroupId, Icon>> = { messages: IconMail, shops: IconShoppingBag, platforms: IconServer2, own: IconCode }

interface ChooseProps {
  readonly account: Account
  readonly onAdded: (added: SourceAdded) => void
}

export function Choose(props: ChooseProps) {
  const of = { account: props.account.systemName }
  const types = useApi('sources', 'types', of)
  const list = useApi('sources', 'list', of)
  const error = types.error ?? list.error
  if (types.data && list.data) return <Choice {...props} kinds={types.data.types} taken={list.data.sources.map(({ name }) => name)} />
  return error ? (
    <Problem error={error} retry={() => Promise.all([types.refetch(), list.refetch()])} what="What can be added" />
  ) : (
    <Loading rows={3} height={110} what="what can be added" />
  )
}

function Choice({ account, onAdded, kinds, taken }: ChooseProps & { kinds: readonly SourceKind[]; taken: readonly string[] }) {
  const [type, setType] = useState<string>()
  /** Undefined until somebody writes one: the kind's own name then. */
  const [written, setWritten] = useState<string>()
  const [wrong, setWrong] = useState<string>()
  const add = useChange('sources', 'add')
  const errors = formErrors(add.error, ['name'])
  const kind = kinds.find((one) => one.type === type)
  // Once it is added, its own name is taken.
  const name = written ?? add.variables?.name ?? (kind ? freeName(kind.title, taken) : '')
  const submit = () => {
    if (!kind) return
    if (name.trim() === '') return setWrong('Give it a name')
    add.mutate({ account: account.systemName, type: kind.type, name: name.trim() }, { onSuccess: onAdded })
  }
  return (
    <Form onSubmit={submit}>
      <Stack gap="lg">
        <StepTitle title="What sends the data?" />
        <Radio.Group
          value={type ?? null}
          onChange={(value) => {
            setType(String(value))
            add.reset()
          }}
          aria-label="What sends the data"
          name="source-type"
        >
          <Stack gap="lg">
            {groups.map(({ id, title }) => {
              const own = kinds.filter((one) => groupOf(one) === id)
              return own.length === 0 ? null : (
                <div key={id}>
                  <Title order={3} className={classes.groupTitle}>
                    {title}
                  </Title>
                  <div className={classes.kinds}>
                    {own.map((one) => (
                      <KindCard key={one.type} kind={one} icon={signs[id]} />
                    ))}
                  </div>
                </div>
              )
            })}
          </Stack>
        </Radio.Group>
        {kind ? (
          <Naming
            kind={kind}
            name={name}
            busy={add.isPending}
            error={wrong ?? errors.at('name')}
            onName={(text) => {
              setWritten(text)
              setWrong(undefined)
              add.reset()
            }}
          />
        ) : (
          <Text size="sm" c="dimmed">
            Choose one to go on.
          </Text>
        )}
        {errors.rest ? <Problem error={errors.rest} /> : null}
      </Stack>
    </Form>
  )
}

function KindCard({ kind: { type, title, summary }, icon: Sign }: { kind: SourceKind; icon: Icon }) {
  return (
    <Radio.Card value={type} className={classes.kind ?? ''} aria-label={title} aria-describedby={`summary-${type}`}>
      <ThemeIcon size={36} radius="md" variant="light" aria-hidden>
        <Sign size={19} stroke={1.7} />
      </ThemeIcon>
      <div className={classes.kindWords}>
        <div className={classes.kindTitle}>{title}</div>
        <div className={classes.small} id={`summary-${type}`}>
          {summary}
        </div>
      </div>
      <Radio.Indicator />
    </Radio.Card>
  )
}

interface NamingProps {
  readonly kind: SourceKind
  readonly name: string
  readonly busy: boolean
  readonly error: string | undefined
  readonly onName: (name: string) => void
}

function Naming({ kind, name, busy, error, onName }: NamingProps) {
  const bar = useRef<HTMLDivElement>(null)
  // The cards may fill more than a screen: what comes next is not left below it.
  useEffect(() => {
    bar.current?.scrollIntoView({ block: 'nearest' })
  }, [])
  return (
    <div className={classes.naming} ref={bar}>
      <TextInput
        label="Name"
        description={`What it is called here. ${kind.title} itself does not see it.`}
        value={name}
        maxLength={80}
        required
        autoComplete="off"
        onChange={({ currentTarget }) => onName(currentTarget.value)}
        error={error}
      />
      <Group justify="flex-end">
        <Button type="submit" loading={busy}>
          Add {kind.title} and go on
        </Button>
      </Group>
    </div>
  )
}
