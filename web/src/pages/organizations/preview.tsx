/** How the start page of a webapp looks: a small drawing with its colours, fonts, shapes and words. Nothing in it can be used, and nothing is loaded from anywhere. */
import { Select, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { Card, figure } from '../../kit/index.ts'
import { lookOf, textsOf } from './look.ts'
import classes from './preview.module.css'
import type { Branding, Content, Webapp } from './types.ts'

/** What stands in where the profile has no text. */
const defaults = { title: 'Welcome', button: 'Start', hero: 'The default text stands here until somebody writes one.' }

const languageNames = new Intl.DisplayNames('en', { type: 'language' })
function languageName(code: string): string {
  try {
    return languageNames.of(code) ?? code
  } catch {
    // Right in form, and no language that there is.
    return code
  }
}

export function Preview({ webapp, branding, content }: { webapp: Webapp; branding: Branding | undefined; content: Content | undefined }) {
  const languages = [...new Set([...webapp.languages, ...(content?.languages ?? [])])]
  const [language, setLanguage] = useState(languages[0] ?? 'en')
  const texts = textsOf(content, language)
  const missing = content?.missing[language] ?? 0
  return (
    <Card>
      <div className={classes.top}>
        <Title order={3} className={classes.heading}>
          Start page
        </Title>
        {languages.length > 1 ? (
          <Select
            size="xs"
            aria-label="Language of the start page"
            data={languages.map((code) => ({ value: code, label: languageName(code) }))}
            value={language}
            onChange={(value) => value && setLanguage(value)}
            allowDeselect={false}
            w={150}
          />
        ) : null}
      </div>
      <Drawing branding={branding} texts={texts} language={language} name={webapp.name} privacy={webapp.privacyUrl !== undefined} />
      <Colours branding={branding} named={webapp.branding?.key} />
      <Text size="xs" c="dimmed" mt="sm" component="div">
        A drawing: images of the webapp are not loaded, and a font shows only where this computer has it.{' '}
        {missing > 0 ? `${figure(missing)} ${missing === 1 ? 'text of this language falls' : 'texts of this language fall'} back to the default.` : null}
      </Text>
    </Card>
  )
}

interface DrawingProps {
  readonly branding: Branding | undefined
  readonly texts: ReturnType<typeof textsOf>
  readonly language: string
  readonly name: string
  readonly privacy: boolean
}

function Drawing({ branding, texts, language, name, privacy }: DrawingProps) {
  const look = lookOf(branding)
  const { title, button, hero } = { title: texts.title ?? defaults.title, button: texts.button ?? defaults.button, hero: texts.hero ?? defaults.hero }
  return (
    <div
      role="img"
      aria-label={`Start page of ${name}: the title “${title}”, the text “${hero}”, a button “${button}”`}
      className={classes.screen}
      style={look.page}
      lang={language}
      dir="auto"
      data-preview
    >
      {/* The colours are the customer's: what they do to readability is for people to see here, not a fault of this page. */}
      <div aria-hidden className={classes.inner}>
        <div className={classes.head} style={look.head}>
          <span className={classes.mark} />
          <span className={classes.clip}>{name}</span>
        </div>
        <div className={classes.hero} style={look.hero}>
          <svg viewBox="0 0 320 96" preserveAspectRatio="none" className={classes.hills} aria-hidden="true">
            <path d="M0 96V62l54-30 46 26 62-44 78 52 40-22 40 26v26z" fill={look.button.backgroundColor} opacity="0.75" />
            <circle cx="262" cy="24" r="11" fill={look.button.backgroundColor} />
          </svg>
        </div>
        <div className={classes.title} style={look.title} data-default={texts.title === undefined || undefined}>
          {title}
        </div>
        <div className={classes.lead} data-default={texts.hero === undefined || undefined}>
          {hero}
        </div>
        <div className={classes.button} style={look.button}>
          {button}
        </div>
        <div className={classes.cards}>
          <span style={look.card} />
          <span style={look.card} />
          <span style={look.card} />
        </div>
        <div className={classes.foot}>{privacy ? 'Privacy' : null}</div>
      </div>
    </div>
  )
}

/** @param named the key that the webapp has for it */
function Colours({ branding, named }: { branding: Branding | undefined; named: string | undefined }) {
  if (!branding) {
    return (
      <Text size="sm" mt="sm">
        {named === undefined ? (
          'It has no branding of its own: this is the default look.'
        ) : (
          <>
            Its branding <bdi>{named}</bdi> is not among those of this organization: this is the default look.
          </>
        )}
      </Text>
    )
  }
  const words = [...Object.entries(branding.fonts).map(([role, font]) => `${role} ${font}`), ...Object.entries(branding.shapes).map(([part, shape]) => `${part} ${shape}`)]
  return (
    <div className={classes.palette}>
      <ul className={classes.colours} aria-label="Colours">
        {Object.entries(branding.colours).map(([role, value]) => (
          <li key={role}>
            <span className={classes.swatch} style={{ backgroundColor: value }} aria-hidden />
            <bdi>{role}</bdi> <code>{value}</code>
          </li>
        ))}
      </ul>
      {words.length > 0 ? (
        <Text size="sm" c="dimmed" component="div">
          <bdi>{words.join(', ')}</bdi>
        </Text>
      ) : null}
    </div>
  )
}
