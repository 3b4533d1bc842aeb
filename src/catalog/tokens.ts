/** Counts tokens of answers (o200k_base). Loads the vocabulary (70 MB) only when an answer is long enough to need an exact count. */

// Pieces the tokenizer cannot split by itself cost it the square of their length: a megabyte of one letter would hold the process for minutes.
const longRun = /[\p{L}\p{M}]{512}|\s{512}|[^\s\p{L}\p{M}\p{N}]{512}/u
// Wherever a run of 512 lies, the half of it begins at a multiple of 256. Looking there alone takes a tenth of the time.
const half = 256
const halfRun = /[\p{L}\p{M}]{256}|\s{256}|[^\s\p{L}\p{M}\p{N}]{256}/uy
const slice = 256

// Text that looks like a control token is plain text here.
const plain = { disallowedSpecial: new Set<string>() }

let counter: ((text: string, most: number) => number | undefined) | undefined

async function load(): Promise<(text: string, most: number) => number | undefined> {
  if (!counter) {
    const { isWithinTokenLimit } = await import('gpt-tokenizer/encoding/o200k_base')
    counter = (text, most) => {
      const count = isWithinTokenLimit(text, most, plain)
      return count === false ? undefined : count
    }
  }
  return counter
}

function hasLongRun(text: string): boolean {
  for (let at = 0; at < text.length; at += half) {
    halfRun.lastIndex = at
    if (halfRun.test(text)) return longRun.test(text)
  }
  return false
}

/** Tokens of the text, undefined as soon as there are more than `most`; for texts with runs of 512 letters or more, a slight overestimate, never too few. */
async function countUpTo(text: string, most: number): Promise<number | undefined> {
  const count = await load()
  if (!hasLongRun(text)) return count(text, most)
  let total = 0
  for (let at = 0; at < text.length; ) {
    // A character of two halves stays whole: apart, each half counts as the one token of U+FFFD.
    const end = text.codePointAt(at + slice - 1) === text.charCodeAt(at + slice - 1) ? at + slice : at + slice + 1
    // And a cut may fall where the whole would have been split otherwise: one more than counted.
    total += (count(text.slice(at, end), most) ?? most) + 1
    if (total > most) return undefined
    at = end
  }
  return total
}

/** Tokens of the text; for texts with runs of 512 letters or more, a slight overestimate, never too few. */
export async function countTokens(text: string): Promise<number> {
  return (await countUpTo(text, Number.MAX_SAFE_INTEGER)) ?? 0
}

/**
 * How many tokens the longest of the texts has, or undefined when that is over the budget.
 * A token is at least one byte and no token is longer than 128: most answers are decided by their size alone, and then the count is an estimate (`exact` false).
 */
export async function measure(texts: readonly string[], budget: number): Promise<{ tokens: number; exact: boolean } | undefined> {
  let bytes = 0
  for (const text of texts) bytes = Math.max(bytes, Buffer.byteLength(text))
  if (bytes <= budget) return { tokens: Math.ceil(bytes / 4), exact: false }
  if (bytes > budget * longestToken) return undefined
  let tokens = 0
  for (const text of texts) {
    if (Buffer.byteLength(text) <= tokens) continue
    const counted = await countUpTo(text, budget)
    if (counted === undefined) return undefined
    tokens = Math.max(tokens, counted)
  }
  return { tokens, exact: true }
}

/** Bytes of the longest token of o200k_base (a run of spaces). */
const longestToken = 128
