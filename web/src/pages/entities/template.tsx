/** The message of a campaign as a reader meets it: subject, preheader, and its text. Whatever its markup holds, it is only read: nothing of it runs, loads or styles this page. */
import { SegmentedControl, Text } from '@mantine/core'
import { useMemo, useState } from 'react'
import { Card, CopyField, Section } from '../../kit/index.ts'
import type { Definitions } from '../../server.ts'
import classes from './template.module.css'
import { isHtml, type MailBlock, mailText } from './mail-text.ts'

export function Template({ template, channel }: { template: NonNullable<Definitions['campaign']['template']>; channel: string | undefined }) {
  const { subject, preheader, content } = template
  const [view, setView] = useState('text')
  const html = content !== undefined && isHtml(content)
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
        <div className={classes.head}>
          <Text size="xs" c="dimmed">
            {channel === 'Email' || channel === undefined ? 'Subject' : 'Title'}
          </Text>
          <div className={classes.subject}>{subject ? <bdi>{subject}</bdi> : <span className={classes.none}>None</span>}</div>
          {preheader ? <bdi className={classes.preheader}>{preheader}</bdi> : null}
        </div>
        {content === undefined ? (
          <Text size="sm" c="dimmed" className={classes.body}>
            Its content is not known here.
          </Text>
        ) : html && view === 'text' ? (
          <Read html={content} />
        ) : html ? (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
          <section className={classes.source} tabIndex={0} aria-label="Source of the message">
            <CopyField block label="source of the message" value={content} />
          </section>
        ) : (
          <p className={classes.plain}>{content}</p>
        )}
      </Card>
    </Section>
  )
}

function Read({ html }: { html: string }) {
  const { blocks, more } = useMemo(() => mailText(html), [html])
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
    <section className={classes.body} tabIndex={0} aria-label="Text of the message">
      {blocks.length === 0 ? <p className={classes.none}>There is no text in it.</p> : blocks.map((block, index) => <Block key={String(index)} block={block} />)}
      {more ? <p className={classes.none}>It goes on: the source has all of it.</p> : null}
    </section>
  )
}

function Block({ block: { kind, runs } }: { block: MailBlock }) {
  return (
    <p className={classes[kind]}>
      {kind === 'image' ? <span className={classes.none}>Image: </span> : null}
      {runs.map(({ text, href }, index) =>
        href === undefined ? (
          <bdi key={String(index)}>{text}</bdi>
        ) : (
          <span key={String(index)} className={classes.link} title={href.slice(0, 300)}>
            {text}
          </span>
        ),
      )}
    </p>
  )
}
