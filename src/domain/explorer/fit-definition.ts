/** A definition short enough for an answer: long texts and lists lose their ends, and the answer says which. Pure. */

/** In bytes of JSON: with everything beside it, an answer stays far below its 25,000 tokens in any script. */
const most = 12_000
/** From what a reader misses least to what makes the largest definition fit. */
const steps = [
  { text: 2000, items: 1000 },
  { text: 500, items: 200 },
  { text: 200, items: 60 },
  { text: 80, items: 20 },
  { text: 40, items: 8 },
  { text: 20, items: 3 },
]

export interface Clipped {
  readonly path: string
  /** Characters of a text, members of a list or object. */
  readonly length: number
}

/** @returns the value, and the paths of what was shortened: at most 20 */
export function fitDefinition(value: unknown): { value: unknown; clipped: Clipped[] } {
  let made = cutTo(value, { text: 0, items: 0 })
  for (const step of steps) {
    made = cutTo(value, step)
    if (Buffer.byteLength(JSON.stringify(made.value)) <= most) break
  }
  if (Buffer.byteLength(JSON.stringify(made.value)) > most) made = { value: {}, clipped: [{ path: '', length: JSON.stringify(value).length }] }
  return { value: made.value, clipped: made.clipped.slice(0, 20) }
}

function cutTo(value: unknown, limits: (typeof steps)[number]): { value: unknown; clipped: Clipped[] } {
  const clipped: Clipped[] = []
  const walk = (node: unknown, path: string): unknown => {
    if (typeof node === 'string') {
      if (node.length <= limits.text) return node
      clipped.push({ path, length: node.length })
      return `${node.slice(0, limits.text).replace(/[\uD800-\uDBFF]$/, '')}…`
    }
    if (typeof node !== 'object' || node === null) return node
    const entries = Object.entries(node)
    if (entries.length > limits.items) clipped.push({ path, length: entries.length })
    const kept = entries.slice(0, limits.items)
    if (Array.isArray(node)) return kept.map(([index, inner]) => walk(inner, `${path}[${index}]`))
    return Object.fromEntries(kept.map(([name, inner]) => [name, walk(inner, path === '' ? name : `${path}.${name}`)]))
  }
  return { value: walk(value, ''), clipped }
}
