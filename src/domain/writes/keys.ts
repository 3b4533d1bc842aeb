/** Keys of what is made here: readable, and of nobody else. Pure. */

const most = 60

/** `Alpen Verein e.V.` → `alpen-verein-e-v`, with a number where that is taken. */
export function slugOf(name: string, taken: Iterable<string>): string {
  const plain = name
    .normalize('NFKD')
    .replace(/ß/g, 'ss')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, most)
    .replace(/^-+|-+$/g, '')
  const base = plain || 'organization'
  const others = new Set(taken)
  if (!others.has(base)) return base
  for (let number = 2; ; number++) if (!others.has(`${base}-${number}`)) return `${base}-${number}`
}
