/** Countries by code or English name. Pure. */

export interface Country {
  /** ISO 3166-1 alpha-2. */
  readonly code: string
  readonly name: string
}

const names = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' })
const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
let known: readonly Country[] | undefined

export function countries(): readonly Country[] {
  known ??= letters.flatMap((first) =>
    letters.flatMap((second) => {
      const name = names.of(first + second)
      return name === undefined ? [] : [{ code: first + second, name }]
    }),
  )
  return known
}

/** Countries that a text names: `de`, `germany`, or at least three letters of a name. */
export function countriesNamed(text: string): Country[] {
  const wanted = text.toLowerCase()
  return countries()
    .filter(({ code, name }) => code.toLowerCase() === wanted || (wanted.length > 2 && name.toLowerCase().includes(wanted)))
    .slice(0, 5)
}
