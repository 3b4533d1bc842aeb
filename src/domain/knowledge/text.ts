/** Answers of the knowledge tools as Markdown that says the same as their structured form. Pure. */
import { pageLine } from '../../core/page.ts'
import { inline } from '../../core/text.ts'
import type { DocPage, Passages } from './answer.ts'

export function passagesText({ passages, coverage, nearest, nextCursor, query }: Passages): string {
  if (passages.length === 0) {
    const near = nearest.length ? ` Headings like it: ${nearest.map(inline).join('; ')}.` : ''
    return `No section matches "${inline(query)}".${near}`
  }
  const lines = passages.map(
    ({ id, title, section, source, link, snippet }, index) =>
      `${coverage.from + index}. **${inline(section)}** (${inline(title)}, ${source === 'mercat' ? 'Mercat' : 'account'}: ${inline(link)})\n   ${inline(snippet)}\n   id: ${inline(id)}`,
  )
  return [...lines, '', pageLine(coverage, nextCursor)].join('\n')
}

/** The text stands as it was written: it is a document, and the fence around the answer says whose. */
export function pageText({ id, title, section, source, link, text, coverage, nextCursor }: DocPage): string {
  const head = `**${inline(title)}**${section === null ? '' : ` › ${inline(section)}`} (${source === 'mercat' ? 'Mercat' : 'account'}: ${inline(link)}; id: ${inline(id)})`
  const left = coverage.of - (coverage.from - 1 + coverage.shown)
  const rest = nextCursor === null ? '' : `\n\nCharacters ${coverage.from}–${coverage.from + coverage.shown - 1} of ${coverage.of}; ${left} are left, next cursor: ${nextCursor}`
  return `${head}\n\n${text}${rest}`
}
