/**
 * The words of a text around what was asked. Takes time that grows with the text alone: FTS5's own snippet grows with the square of the matches, and a page
 * that repeats one word would hold the process for seconds. Pure.
 */
import { clip } from '../../core/text.ts'

/** Words of a snippet, and characters where words are very long. */
const length = 36
const longest = 320
/** Characters of a section that are looked through; a match behind them is shown by the section's beginning. */
const farthest = 100_000

/** @param words what was asked, in lower case @returns one line; an ellipsis where the text goes on */
export function snippetOf(text: string, words: readonly string[]): string {
  const stems = [...new Set(words.map(stem))]
  const tokens = [...text.slice(0, farthest).matchAll(/[\p{L}\p{M}\p{N}]+/gu)]
  const asked = tokens.map(([token]) => {
    const word = fold(token.slice(0, 60))
    return stems.findIndex((start) => word.startsWith(start))
  })
  const first = bestWindow(asked, stems.length)
  const [from, to] = [tokens[first]?.index ?? 0, tokens[first + length]?.index ?? (first + length >= tokens.length ? text.length : farthest)]
  // What stands before the first word belongs to it: a bracket, a mark of a list.
  const start = first === 0 ? 0 : from
  const shown = clip(text.slice(start, to).replace(/\s+/g, ' ').trim(), longest)
  return `${start > 0 ? '… ' : ''}${shown}${to < text.length && !shown.endsWith('…') ? ' …' : ''}`
}

/** The first of the windows with most different words that were asked. */
function bestWindow(asked: readonly number[], kinds: number): number {
  const counts = new Uint8Array(kinds)
  let [different, most, best] = [0, 0, 0]
  const count = (kind: number, change: 1 | -1) => {
    const before = counts[kind] ?? 0
    counts[kind] = before + change
    if (before + Math.min(change, 0) === 0) different += change
  }
  for (const [at, kind] of asked.entries()) {
    const leaving = asked[at - length] ?? -1
    if (kind >= 0) count(kind, 1)
    if (leaving >= 0) count(leaving, -1)
    if (different > most) [most, best] = [different, Math.max(0, at - length + 1)]
  }
  return best
}

function fold(word: string): string {
  return word
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
}

/** Enough of a word to know it in its other forms; what matches is the index's business, this only chooses what of it to show. */
function stem(word: string): string {
  const folded = fold(word)
  return folded.length > 5 ? folded.slice(0, Math.max(4, folded.length - 3)) : folded
}
