/** What a preview is drawn with: colours, fonts and shapes of a branding by their roles, texts of a content profile by language. Pure; nothing in it can load anything. */
import type { CSSProperties } from 'react'
import type { Branding, Content } from './types.ts'

/** What `create_campaign` gives a webapp that has none of its own. */
const usual = { primary: '#1f3a5f', accent: '#e07a2f', background: '#ffffff' }

/** The schema lets no other colours in (src/domain/entities/types/branding.ts). What is none all the same is not used. */
const hex = /^#[0-9a-f]{6}([0-9a-f]{2})?$/i

/** The value of the first role that there is, whatever its case. */
function first(values: Readonly<Record<string, string>>, roles: readonly string[]): string | undefined {
  const lower = new Map(Object.entries(values).map(([role, value]) => [role.toLowerCase().replace(/[^a-z]/g, ''), value]))
  return roles.map((role) => lower.get(role)).find((value) => value !== undefined)
}

const colour = (colours: Branding['colours'], ...roles: string[]) => {
  const value = first(colours, roles)
  return value !== undefined && hex.test(value) ? value : undefined
}

/** Black or white, whichever is easier to read on the colour (WCAG 2.2, relative luminance). */
export function readableOn(background: string): string {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(background.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? '#14141b' : '#ffffff'
}

/** By name only, and only as letters, digits, spaces and hyphens: what this computer does not have looks like its own font. */
function family(font: string | undefined): string {
  const name = font
    ?.split(',')[0]
    ?.replace(/[^\p{L}\p{N} -]/gu, '')
    .trim()
  return `${name ? `"${name}", ` : ''}system-ui, sans-serif`
}

const radii: Readonly<Record<string, Readonly<Record<'button' | 'card', string>>>> = {
  square: { button: '0', card: '0' },
  rounded: { button: '8px', card: '14px' },
  pill: { button: '999px', card: '24px' },
}

export interface Look {
  readonly page: CSSProperties
  readonly head: CSSProperties
  readonly hero: CSSProperties
  readonly title: CSSProperties
  readonly button: CSSProperties
  readonly card: CSSProperties
}

export function lookOf(branding: Branding | undefined): Look {
  const { colours = {}, fonts = {}, shapes = {} } = branding ?? {}
  const primary = colour(colours, 'primary', 'brand', 'main') ?? usual.primary
  const accent = colour(colours, 'accent', 'secondary', 'highlight') ?? usual.accent
  const background = colour(colours, 'background', 'page', 'surface') ?? usual.background
  const text = colour(colours, 'text', 'foreground', 'body') ?? readableOn(background)
  const button = colour(colours, 'button') ?? accent
  const radius = (part: 'button' | 'card') => radii[first(shapes, [part, `${part}s`]) ?? 'rounded']?.[part] ?? '8px'
  return {
    page: { backgroundColor: background, color: text, fontFamily: family(first(fonts, ['body', 'text', 'base'])) },
    head: { backgroundColor: primary, color: readableOn(primary) },
    hero: { backgroundColor: primary, borderRadius: radius('card') },
    title: { fontFamily: family(first(fonts, ['heading', 'title', 'headline', 'display', 'body'])) },
    button: { backgroundColor: button, color: colour(colours, 'buttontext', 'onbutton') ?? readableOn(button), borderRadius: radius('button') },
    card: { borderColor: primary, borderRadius: radius('card') },
  }
}

export interface Texts {
  readonly title: string | undefined
  readonly button: string | undefined
  readonly hero: string | undefined
}

/** The sections that a start page takes its texts from, the best first. */
const sections = ['start', 'home', 'welcome', 'hero']
const names = { title: ['title', 'headline', 'heading'], button: ['button', 'cta', 'action', 'start'], hero: ['hero', 'subtitle', 'text', 'intro', 'lead', 'description'] }

/** Of one language; undefined: the profile says nothing, and the default stands in. */
export function textsOf(content: Content | undefined, language: string): Texts {
  const translation = (content?.translations[language] ?? {}) as Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>
  const text = (wanted: readonly string[]) => {
    const all = sections.flatMap((section) => wanted.map((name) => translation[section]?.[name]))
    return all.find((value): value is string => typeof value === 'string' && value.trim() !== '')
  }
  return { title: text(names.title), button: text(names.button), hero: text(names.hero) }
}
