/** A message as its channel would show it: a letter, a bubble, a notification. Drawn from its words alone. */
import { Select, Text } from '@mantine/core'
import { useMemo, useState } from 'react'
import { Card, figure } from '../../kit/index.ts'
import { listOf } from './fields.ts'
import { mailOf, textIn } from './mail.tsx'
import classes from './message.module.css'
import { short } from './words.ts'

interface MessageProps {
  readonly channel: string | undefined
  readonly subject: string
  readonly preheader: string
  readonly content: string
  readonly variants: unknown
}

const bubbles = new Set(['SMS', 'WhatsApp', 'Viber'])
const notifications = new Set(['MobilePush', 'WebPush'])

export function Message({ channel, subject, preheader, content, variants }: MessageProps) {
  const arms = listOf<{ name: string; subject?: string }>(variants).filter((arm) => arm.subject !== undefined && arm.subject !== '')
  const [chosen, choose] = useState<string | null>(null)
  const arm = arms[Number(chosen)]
  if (!subject && !preheader && !content && arms.length === 0) return null
  return (
    <Card>
      <div className={classes.top}>
        <Text component="h3" fw={620} m={0}>
          {channel === undefined || channel === 'Email' ? 'How the e-mail reads' : bubbles.has(channel) ? 'How the message reads' : 'How the notification reads'}
        </Text>
        {arms.length > 0 ? (
          <Select
            size="xs"
            aria-label="Variant of the message"
            data={[{ value: 'none', label: 'As proposed' }, ...arms.map(({ name }, index) => ({ value: String(index), label: `Variant ${short(name, 24)}` }))]}
            value={chosen ?? 'none'}
            onChange={(value) => choose(value === 'none' ? null : value)}
            allowDeselect={false}
            w={150}
          />
        ) : null}
      </div>
      <Drawn channel={channel} subject={(chosen !== null && arm?.subject) || subject} preheader={preheader} content={content} />
    </Card>
  )
}

function Drawn({ channel = 'Email', subject, preheader, content }: Omit<MessageProps, 'variants'>) {
  const text = useMemo(() => textIn(content), [content])
  if (bubbles.has(channel)) {
    return (
      <>
        <div className={classes.phone}>
          <div className={classes.bubble} dir="auto">
            {text || subject}
          </div>
        </div>
        <Text size="xs" c="dimmed" mt="xs">
          {figure([...text].length)} characters
        </Text>
      </>
    )
  }
  if (notifications.has(channel)) {
    return (
      <div className={classes.phone}>
        <div className={classes.notification}>
          <div className={classes.title} dir="auto">
            {subject}
          </div>
          <div className={classes.lines} dir="auto">
            {text || preheader}
          </div>
        </div>
      </div>
    )
  }
  return <Letter subject={subject} preheader={preheader} content={content} />
}

function Letter({ subject, preheader, content }: Pick<MessageProps, 'subject' | 'preheader' | 'content'>) {
  const body = useMemo(() => mailOf(content), [content])
  return (
    <>
      <div className={classes.letter}>
        <div className={classes.head}>
          <div className={classes.title} dir="auto" data-none={subject === '' || undefined}>
            {subject || 'No subject yet'}
          </div>
          {preheader ? (
            <div className={classes.preheader} dir="auto">
              {preheader}
            </div>
          ) : null}
        </div>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard */}
        <section className={classes.body} dir="auto" tabIndex={0} aria-label="Content of the e-mail" data-message>
          {content ? body : <span className={classes.note}>No content yet</span>}
        </section>
      </div>
      <Text size="xs" c="dimmed" mt="xs">
        Its words alone: images, styles and links are left out.
      </Text>
    </>
  )
}
