/** Resolves what callers write in filters to what exists, or says what would have been right. Never lets an unknown value through: it would make an empty report. */
import { MercatError } from './errors.ts'
import { clip, nearest, wordsIn } from './text.ts'

/** Something a filter can name: by id, by the platform's key, or by name, whatever the case. */
export interface Choice {
  readonly id: string
  readonly key?: string
  readonly name: string
}

export interface Kind {
  readonly one: string
  readonly many: string
}

/** Allowed values are listed up to this many; beyond, they are counted. */
const fewChoices = 20

/** Values that are their own names. */
export function asChoices(names: Iterable<string>): Choice[] {
  return [...names].map((name) => ({ id: name, name }))
}

/** Names of users in answers: one line, no control or direction characters, a cut is marked. */
export function label(name: string): string {
  return clip(name.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim(), 80)
}

/** The choices of this id, key or name. Exact matches win over other cases. */
export function matching<C extends Choice>(value: string, choices: readonly C[]): C[] {
  const lower = value.toLowerCase()
  const exact = choices.filter(({ id, key, name }) => id === value || key === value || name === value)
  return exact.length ? exact : choices.filter(({ id, key, name }) => [id, key, name].some((word) => word?.toLowerCase() === lower))
}

/** The choices a caller means, each once, in the order given. Exact matches win over other cases; a name that several carry means all of them. */
export function pick<C extends Choice>(wanted: readonly string[], choices: readonly C[], argument: string, kind: Kind): C[] {
  const found = new Set<C>()
  for (const [index, text] of wanted.entries()) {
    const value = text.trim()
    const matches = matching(value, choices)
    if (!matches.length) throw unknownValue(value, choices, wanted.length > 1 ? `${argument}[${index}]` : argument, kind)
    for (const match of matches) found.add(match)
  }
  return [...found]
}

/** The error for a value that names nothing here, with what would. */
export function unknownValue(value: string, choices: readonly Choice[], argument: string, kind: Kind): MercatError {
  const names = [...new Set(choices.map(({ name }) => label(name)))].sort()
  const few = names.length <= fewChoices
  const hint =
    names.length === 0
      ? `There are no ${kind.many} here that you can see; leave ${argument.replace(/\[.*/, '')} out.`
      : few
        ? ''
        : `There are ${names.length} ${kind.many}; send the exact name or id of one.`
  const shown = clip(value, 60)
  return new MercatError('unknown_value', `Unknown ${kind.one} ${JSON.stringify(shown)}`, {
    argument,
    value: shown,
    nearest: nearNames(value, names),
    ...(few && names.length ? { allowed: names } : {}),
    ...(hint ? { hint } : {}),
  })
}

/** Names like the whole value; where there are none, at most five of which a word is like one of its words. */
export function nearNames(value: string, names: readonly string[]): string[] {
  const whole = nearest(clip(value, 200), names)
  if (whole.length) return whole
  const words = (text: string) =>
    wordsIn(text)
      .map((word) => word.toLowerCase())
      .filter((word) => word.length > 2)
  const byWord = new Map<string, string>()
  for (const name of names) for (const word of words(name)) if (!byWord.has(word)) byWord.set(word, name)
  // Each is compared with all: a long value must not cost a long time.
  const near = words(clip(value, 200))
    .slice(0, 8)
    .flatMap((word) => nearest(word, byWord.keys()))
  return [...new Set(near.flatMap((word) => byWord.get(word) ?? []))].slice(0, 5)
}
