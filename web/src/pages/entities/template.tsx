/** The message of a campaign as a reader meets it: subject, preheader, and its text. Whatever its markup holds, it is only read: nothing of it runs, loads or styles this page. */
import { SegmentedControl, Text } from '@mantine/core'
import { useState } from 'react'
import { Card, CopyField, Section } from '../../kit/index.ts'
import type { Definitions } from '../../server.ts'
import classes from './template.module.css'
import type { Message } from './types.ts'
import { shown } from './words.ts'

interface TemplateProps {
  readonly template: NonNullable<Definitions['campaign']['template']>
  /** What is read of its content; null: that is no markup. */
  readonly message: Message | null
  readonly channel: string | undefined
}

export function Template({ template, message, channel }: TemplateProps) {
  const { subject, preheader, content } = template
  const [view, setView] = useState('text')
  const html = message !== null
  return (
    <Section
      title="Message"
      description={html ? 'As text: without images, styles and anything that could run.' : undefined}
      actions={
        html ? (
          <SegmentedControl
            size="xs"
            aria-label="How the message is shown"
            value={view}
            onChange={setView}
            data={[
              { value: 'text', label: 'Text' },
              { value: 'source', label: 'Source' },
            ]}
          />
        ) : undefined
      }
    >
      <Card flush>
        {channel === 'Email' || subject || preheader ? (
          <div className={classes.head}>
            <Text size="xs" c="dimmed">
              {channel === 'Email' || channel === undefined ? 'Subject' : 'Title'}
            </Text>
            <div className={classes.subject}>{subject ? <bdi>{shown(subject)}</bdi> : <span className={classes.none}>None</span>}</div>
            {preheader ? <bdi className={classes.preheader}>{shown(preheader)}</bdi> : null}
          </div>
        ) : null}
        {content === undefined ? (
          <Text size="sm" c="dimmed" className={classes.body}>
            Its content is not known here.
          </Text>
        ) : html && view === 'text' ? (
          <Read {...message} />
        ) : html ? (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
          <section className={classes.source} tabIndex={0} aria-label="Source of the message">
            <CopyField block label="source of the message" value={content} />
          </section>
        ) : (
          <p className={classes.plain}>{shown(content)}</p>
        )}
      </Card>
    </Section>
  )
}

function Read({ blocks, more }: Message) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
    <section className={classes.body} tabIndex={0} aria-label="Text of the message">
      {blocks.length === 0 ? <p className={classes.none}>There is no text in it.</p> : blocks.map((block, index) => <Block key={String(index)} block={block} />)}
      {more ? <p className={classes.none}>It goes on: the source has all of it.</p> : null}
    </section>
  )
}

function Block({ block: { kind, runs } }: { block: Message['blocks'][number] }) {
  return (
    <p className={classes[kind]}>
      {kind === 'image' ? <span className={classes.none}>Image: </span> : null}
      {runs.map(({ text, href }, index) =>
        href === undefined ? (
          <bdi key={String(index)}>{shown(text)}</bdi>
        ) : (
          <span key={String(index)} className={classes.link} title={href.slice(0, 300)}>
            {shown(text)}
          </span>
        ),
      )}
    </p>
  )
}
