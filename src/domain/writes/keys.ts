/** Keys of what is made here: readable, and of nobody else. Pure. */

const most = 60

/**
 * `Alpen Verein e.V.` → `alpen-verein-e-v`, with a number where that is taken. Keys travel in addresses and in tags of mails, so that they hold Latin letters only:
 * a name without any is called by its type, like `campaign-1`, and `Весна 2026` is `campaign-2026`.
 * @param type what is named, like `target_group`
 */
export function slugOf(type: string, name: string, taken: Iterable<string>): string {
  const plain = name
    .normalize('NFKD')
    .replace(/ß/g, 'ss')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, most)
    .replace(/^-+|-+$/g, '')
  const kind = type.replaceAll('_', '-')
  const base = /[a-z]/.test(plain) ? plain : [kind, plain].filter(Boolean).join('-')
  const others = new Set(taken)
  if (base !== kind && !others.has(base)) return base
  for (let number = base === kind ? 1 : 2; ; number++) if (!others.has(`${base}-${number}`)) return `${base}-${number}`
}
