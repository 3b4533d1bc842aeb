/** What the text readers have in common: where their rows go, and the bounds that keep a hostile file harmless. */

/** Takes what a reader finds, in the order of the file. Called synchronously. */
export interface CellSink {
  /** @param line the physical line the record starts on, from 1 @param row the number of the record, from 1 */
  readonly row: (line: number, row: number, cells: readonly string[]) => void
  /** A record that cannot be read. `raw` is its text, clipped. */
  readonly fault: (line: number, reason: string, raw: string) => void
}

/** Reads text as it comes; keeps at most one record. */
export interface TextParser {
  readonly push: (text: string) => void
  readonly end: () => void
}

/** Characters of one record. Longer ones are rejected without being held. */
export const longestRecord = 1024 * 1024
/** Characters of a record that a rejected-rows file quotes. */
export const clippedRaw = 2000

export const tooLong = 'the record is longer than 1 MB'
/** The decoder put it where bytes were not UTF-8. */
export const replacement = '\uFFFD'
export const notUtf8 = 'the record is not UTF-8 text'

/** A name from outside as a reason tells it: quoted and short, with nothing in it that a terminal or a page would obey. */
export const quoted = (name: string): string =>
  JSON.stringify(name.slice(0, 60)).replace(/[\p{Cc}\p{Cf}]/gu, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
