/** Cuts Markdown into sections at its headings. Finds them as CommonMark does (not in code, quotes or lists); changes nothing else of the text. */
import MarkdownIt from 'markdown-it'
import { clip } from '../../core/text.ts'
import { limits, type Section } from './document.ts'

// Only blocks are looked for: inline rules cost the most and find no headings.
const blocks = new MarkdownIt('commonmark').disable(['inline', 'text_join'])

interface Cut {
  readonly line: number
  readonly level: number
  readonly heading: string
}

/**
 * @param fallback the title of a document that has no heading of the first level and no `title:` in its front matter
 * @returns at least one section
 */
export function splitMarkdown(given: string, fallback: string): { title: string; sections: Section[] } {
  const { text, title: stated } = withoutFrontMatter(tidy(given))
  const cuts = headingsOf(text)
  const title = stated ?? cuts.find(({ level }) => level === 1)?.heading ?? fallback
  const lines = text.split('\n')
  if (cuts[0]?.line !== 0) cuts.unshift({ line: 0, level: 0, heading: title })
  const anchors = new Set<string>()
  const above: Cut[] = []
  const sections = cuts.map((cut, index): Section => {
    while (above.length && (above.at(-1)?.level ?? 0) >= cut.level) above.pop()
    const trail = above.filter(({ level }) => level > 0).map(({ heading }) => heading)
    if (cut.level > 0) above.push(cut)
    const end = cuts[index + 1]?.line
    const own = lines.slice(cut.line, end).join('\n')
    return {
      anchor: uniqueAnchor(cut.heading, anchors),
      level: cut.level,
      heading: cut.heading,
      trail: trail[0] === title || cut.heading === title ? trail : [title, ...trail],
      text: end === undefined ? own : `${own}\n`,
    }
  })
  // A document that begins with blank lines has no section of them.
  const [first, second] = sections
  if (first?.level === 0 && first.text.trim() === '' && second) return { title, sections: [{ ...second, text: first.text + second.text }, ...sections.slice(2)] }
  return { title, sections }
}

/** One kind of line end, no byte order mark, and no character that would act on a terminal or turn the direction of what follows. */
function tidy(text: string): string {
  return text
    .replace(/^\uFEFF/, '')
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{C}\n\t\u200C\u200D]+/gu, '')
}

/** The block that begins some documents is about them, not of them. */
function withoutFrontMatter(text: string): { text: string; title: string | undefined } {
  if (!/^---\n[\w-]+:/.test(text)) return { text, title: undefined }
  const end = text.indexOf('\n---\n', 3)
  if (end < 0) return { text, title: undefined }
  const stated = /^title:[ \t]*(\S.*)$/m.exec(text.slice(4, end + 1))?.[1]
  return { text: text.slice(end + 5), title: stated === undefined ? undefined : clip(stated.trim().replace(/^(["'])(.*)\1$/, '$2'), limits.name) || undefined }
}

function headingsOf(text: string): Cut[] {
  const tokens = blocks.parse(text, {})
  const cuts = tokens.flatMap((token, at): Cut[] => {
    if (token.type !== 'heading_open' || token.level !== 0 || !token.map) return []
    const heading = plain(tokens[at + 1]?.content ?? '')
    return heading ? [{ line: token.map[0], level: Number(token.tag.slice(1)), heading }] : []
  })
  return cuts.slice(0, limits.sections)
}

/** A heading without its marks: code, emphasis, links. Underscores stay: they are part of names. */
function plain(heading: string): string {
  const text = heading
    .slice(0, 4 * limits.name)
    .replace(/!?\[([^[\]]*)\]\([^()]*\)/g, '$1')
    .replace(/[`*]|<[^<>]*>/g, '')
    .replace(/\\([!-/:-@[-`{-~])/g, '$1')
    .replace(/\s+/g, ' ')
  return clip(text.trim(), limits.name)
}

/** As on GitHub: lower case, hyphens for spaces, no punctuation; `-1`, `-2` where a document repeats itself. */
function uniqueAnchor(heading: string, taken: Set<string>): string {
  const slug =
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}\s_-]+/gu, '')
      .replace(/\s/g, '-')
      .slice(0, 80) || 'section'
  let anchor = slug
  for (let number = 1; taken.has(anchor); number++) anchor = `${slug}-${number}`
  taken.add(anchor)
  return anchor
}
