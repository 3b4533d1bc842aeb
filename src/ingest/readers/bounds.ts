/** How much is in a JSON text, told by its characters before it is parsed: parsing, and whatever walks the value, takes its time by what is in it rather than by its length. Reads no value. */

/** Levels of lists and objects within each other. Deeper ones serve nobody, and overflow the stack of whatever walks them. */
const deepest = 100
/** Members and elements, of all levels together: 5 MB of honest events have fewer. */
const mostValues = 250_000
/** Members of one object: names that all differ cost far more than as many elements of a list. */
const mostMembers = 10_000

const tooDeep = `nested deeper than ${deepest} levels`
const tooFull = `too full: it holds more than ${mostValues.toLocaleString('en')} values; send fewer at a time`
const tooWide = `too wide: an object in it has more than ${mostMembers.toLocaleString('en')} members; send only the documented ones`

/** Which bound the text is beyond, and what to send instead; undefined: none. Whether it is JSON at all is for the parser to say. */
export function excessOf(text: string): string | undefined {
  // So short a text is within all of them.
  if (text.length <= deepest) return undefined
  // Commas of what is open, outermost first: of an object from 1 on; of a list none matter.
  const open: number[] = []
  let values = 0
  for (let at = 0; at < text.length; at++) {
    switch (text[at]) {
      case '"':
        at = endOfText(text, at)
        continue
      case '}':
      case ']':
        open.pop()
        continue
      case '{':
        open.push(1)
        break
      case '[':
        open.push(Number.NEGATIVE_INFINITY)
        break
      case ',':
        open.push((open.pop() ?? 0) + 1)
        break
      default:
        continue
    }
    if (open.length > deepest) return tooDeep
    if ((open.at(-1) ?? 0) > mostMembers) return tooWide
    if (++values > mostValues) return tooFull
  }
  return undefined
}

/** Where the quote stands that ends the text which begins at `from`. */
function endOfText(json: string, from: number): number {
  for (let end = json.indexOf('"', from + 1); end >= 0; end = json.indexOf('"', end + 1)) {
    let escapes = end
    while (json[escapes - 1] === '\\') escapes--
    if ((end - escapes) % 2 === 0) return end
  }
  return json.length
}
