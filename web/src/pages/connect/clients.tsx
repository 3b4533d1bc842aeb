/** A tab for each assistant, with its exact steps; where they come from: src/edge/pages/guide.ts. */
import { Button, Tabs, Text } from '@mantine/core'
import { IconExternalLink } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Card, CopyField } from '../../kit/index.ts'
import type { Output } from '../../server.ts'
import classes from './clients.module.css'

type Guide = Output<'connect', 'guide'>
type Client = Guide['clients'][number]
type Step = Client['steps'][number]

export function Clients({ guide }: { guide: Guide }) {
  const first = guide.clients.find(({ fromInternet }) => !(guide.local && fromInternet)) ?? guide.clients[0]
  return (
    <Card flush>
      <Tabs defaultValue={first?.id ?? null} keepMounted={false} classNames={{ list: classes.list ?? '', tab: classes.tab ?? '' }}>
        <Tabs.List aria-label="Assistants">
          {guide.clients.map(({ id, name }) => (
            <Tabs.Tab key={id} value={id}>
              {name}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {guide.clients.map((client) => (
          <Tabs.Panel key={client.id} value={client.id} className={classes.panel ?? ''}>
            {guide.local && client.fromInternet ? (
              <Text size="sm" className={classes.remark}>
                {client.name} connects from the internet: it cannot reach this address. Set <code>MERCAT_PUBLIC_URL</code> first.
              </Text>
            ) : null}
            <Way client={client} />
          </Tabs.Panel>
        ))}
      </Tabs>
    </Card>
  )
}

function Way({ client: { name, open, ordered, steps } }: { client: Client }) {
  const items = steps.map((step, index) => ({ step, label: steps.filter(({ snippet }) => snippet).length > 1 ? `Step ${index + 1}` : `${name}: text to copy` }))
  return (
    <>
      {open ? (
        <Button component="a" href={open.href} mb="md" leftSection={<IconExternalLink size={16} aria-hidden />}>
          {open.label}
        </Button>
      ) : null}
      {ordered ? (
        <ol className={classes.steps}>
          {items.map(({ step, label }) => (
            <li key={keyOf(step)}>
              <OneStep step={step} label={label} />
            </li>
          ))}
        </ol>
      ) : (
        items.map(({ step, label }) => (
          <div key={keyOf(step)} className={classes.way}>
            <OneStep step={step} label={label} />
          </div>
        ))
      )}
    </>
  )
}

const keyOf = ({ words }: Step) => JSON.stringify(words)

function OneStep({ step: { words, snippet }, label }: { step: Step; label: string }) {
  return (
    <>
      <p className={classes.words}>{words.map((word) => piece(word))}</p>
      {snippet === undefined ? null : <CopyField block label={label} value={snippet} />}
    </>
  )
}

function piece(word: Step['words'][number]): ReactNode {
  if (typeof word === 'string') return word
  if ('button' in word) return <b key={word.button}>{word.button}</b>
  if ('code' in word) return <code key={word.code}>{word.code}</code>
  if ('keys' in word) return <kbd key={word.keys}>{word.keys}</kbd>
  return (
    <a key={word.href} href={word.href} target="_blank" rel="noreferrer">
      {word.link}
    </a>
  )
}
