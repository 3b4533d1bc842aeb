/** Countries by code or English name. Pure. */

const names = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' })
const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
let known: { code: string; name: string }[] | undefined

/** ISO 3166-1 alpha-2 codes that a text names: `de`, `germany`, or at least three letters of a name. */
export function countriesNamed(text: string): { code: string; name: string }[] {
  known ??= letters.flatMap((first) =>
    letters.flatMap((second) => {
      const name = names.of(first + second)
      return name === undefined ? [] : [{ code: first + second, name }]
    }),
  )
  const wanted = text.toLowerCase()
  return known.filter(({ code, name }) => code.toLowerCase() === wanted || (wanted.length > 2 && name.toLowerCase().includes(wanted))).slice(0, 5)
}
