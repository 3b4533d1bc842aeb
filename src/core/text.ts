/** Text that leaves: clipping by characters, fencing of user text, nearest names, small Markdown tables. */
import { distance } from 'fastest-levenshtein'

/** At most `max` characters; a cut is marked with … so that a clipped name is seen as clipped. Never cuts a surrogate pair. */
export function clip(text: string, max: number): string {
  if (text.length <= max) return text
  const characters = Array.from(text)
  return characters.length <= max ? text : `${characters.slice(0, max - 1).join('')}…`
}

/** The first of the items whose texts come to at most so many bytes in UTF-8; at least one. */
export function withinBytes<Item>(items: readonly Item[], most: number, textOf: (item: Item) => string): Item[] {
  let bytes = 0
  const end = items.findIndex((item, index) => {
    bytes += Buffer.byteLength(textOf(item))
    return bytes > most && index > 0
  })
  return items.slice(0, end < 0 ? undefined : end)
}

/** Text that users wrote, made inert for a Markdown answer: one line, no control or bidi characters, no pipes, no backticks. */
export function inline(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .replace(/[|`<>]/g, (character) => `\\${character}`)
    .trim()
}

/** The names most like a wrong one, best first; only plausible ones (a third of its length in edits, or containing it). */
export function nearest(wrong: string, names: Iterable<string>, count = 3): string[] {
  const target = wrong.toLowerCase()
  const scored: { name: string; score: number }[] = []
  for (const name of names) {
    const lower = name.toLowerCase()
    const score = lower.includes(target) || target.includes(lower) ? 0.5 : distance(target, lower)
    if (score <= Math.max(2, Math.ceil(target.length / 3))) scored.push({ name, score })
  }
  return scored
    .sort((a, b) => a.score - b.score || (a.name < b.name ? -1 : 1))
    .slice(0, count)
    .map(({ name }) => name)
}

/** What stands between the words of a name. */
export const betweenWords = '-_/.,:()'
const wordEnds = new RegExp(`[\\s${betweenWords.replace(/./g, '\\$&')}]+`)

/** The words of a name or of what somebody looks for. */
export function wordsIn(text: string): string[] {
  return text.split(wordEnds).filter(Boolean)
}

/** A share as `12.34%`: four digits tell shares apart. */
export function percent(share: number | null): string {
  return share === null ? '-' : `${Number((share * 100).toPrecision(4))}%`
}

/** A compact Markdown table. Cells are already safe text. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return [`| ${header.join(' | ')} |`, `|${header.map(() => '---').join('|')}|`, ...rows.map((row) => `| ${row.join(' | ')} |`)].join('\n')
}

/** In what JSON.stringify wrote: NUL and halves of surrogate pairs. No keyboard types them, and PostgreSQL cannot hold them. */
export const unstorable = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/
