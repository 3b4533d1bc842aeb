/** Where a text has the words that were asked, in whatever form they end. Pure. */

const fold = (word: string) =>
  word
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')

/** Enough of a word to know it in its other forms. */
const stem = (word: string) => (word.length > 5 ? word.slice(0, Math.max(4, word.length - 3)) : word)

/** @returns the text in pieces, in order */
export function highlighted(text: string, query: string): { readonly text: string; readonly found: boolean }[] {
  const stems = (query.match(/[\p{L}\p{M}\p{N}]+/gu) ?? []).map((word) => stem(fold(word)))
  // Every second piece is a word: what stands in the brackets of the pattern.
  return text.split(/([\p{L}\p{M}\p{N}]+)/u).map((piece, index) => ({ text: piece, found: index % 2 === 1 && stems.some((start) => fold(piece).startsWith(start)) }))
}
