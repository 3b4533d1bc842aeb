/** Countries, what their people are called, and languages, by their English names. */
import { countries } from '../../countries.ts'
import { keyOf, Phrases, type Reader } from './reader.ts'
import { reserved } from './words.ts'

/** Codes that are no country one can be in. */
const noCountries = new Set(['EU', 'EZ', 'UN', 'XA', 'XB', 'ZZ', 'QO'])
const canonical = (tag: string) => Intl.getCanonicalLocales(tag)[0]

const otherNames: Readonly<Record<string, string>> = {
  UK: 'GB',
  'the UK': 'GB',
  'the US': 'US',
  'Great Britain': 'GB',
  Britain: 'GB',
  USA: 'US',
  'United States of America': 'US',
  Holland: 'NL',
  'Czech Republic': 'CZ',
  Turkey: 'TR',
  UAE: 'AE',
  'Ivory Coast': 'CI',
  Burma: 'MM',
  Swaziland: 'SZ',
  Macedonia: 'MK',
}

const demonyms: Readonly<Record<string, string>> = Object.fromEntries(
  `American US|Argentinian AR|Australian AU|Austrian AT|Belgian BE|Brazilian BR|British GB|Bulgarian BG|Canadian CA|Chilean CL|Chinese CN|Colombian CO|Croatian HR|Cypriot CY|Czech CZ
|Danish DK|Dutch NL|Egyptian EG|Estonian EE|Finnish FI|French FR|German DE|Greek GR|Hungarian HU|Icelandic IS|Indian IN|Indonesian ID|Irish IE|Israeli IL|Italian IT|Japanese JP|Latvian LV
|Lithuanian LT|Maltese MT|Mexican MX|Moroccan MA|Norwegian NO|Pakistani PK|Peruvian PE|Polish PL|Portuguese PT|Romanian RO|Russian RU|Serbian RS|Slovak SK|Slovenian SI|Spanish ES|Swedish SE
|Swiss CH|Thai TH|Turkish TR|Ukrainian UA|Vietnamese VN`
    .split('|')
    .map((line) => line.trim().split(' ') as [string, string]),
)

interface Places {
  readonly countries: Phrases<string>
  readonly codes: ReadonlySet<string>
  readonly demonyms: Phrases<string>
  readonly languages: Phrases<string>
}

let places: Places | undefined

/** Read once: a few thousand names of the runtime's own data. */
function allPlaces(): Places {
  if (places) return places
  const all = countries().filter(({ code }) => !noCountries.has(code) && canonical(`und-${code}`) === `und-${code}`)
  const named = new Phrases<string>()
  const add = (name: string, code: string) => named.add(name, code).add(`the ${name}`, code)
  for (const { code, name } of all) {
    add(name, code)
    const spelt = name
      .replaceAll('&', 'and')
      .replace(/^St\./, 'Saint')
      .replace(/ \(.*\)$/, '')
    if (spelt !== name) add(spelt, code)
  }
  for (const [name, code] of Object.entries(otherNames)) add(name, code)
  const adjectives = new Phrases<string>()
  for (const [name, code] of Object.entries(demonyms)) adjectives.add(name, code)
  places = { countries: named, codes: new Set(all.map(({ code }) => code)), demonyms: adjectives, languages: languageNames() }
  return places
}

function languageNames(): Phrases<string> {
  const found = new Phrases<string>()
  const names = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' })
  const letters = [...'abcdefghijklmnopqrstuvwxyz']
  for (const first of letters) {
    for (const second of letters) {
      const name = names.of(first + second)
      if (name !== undefined && canonical(first + second) === first + second) found.add(name, first + second)
    }
  }
  return found
}

/** ISO 3166-1 alpha-2 of the country that stands here, by name or by its code in capitals; undefined when none does. */
export function readCountry(reader: Reader): string | undefined {
  const token = reader.token()
  if (token?.kind === 'word' && allPlaces().codes.has(token.value)) {
    reader.at++
    return token.value
  }
  return allPlaces().countries.take(reader)
}

/** ISO 3166-1 alpha-2 of the country whose name the whole text is. */
export const countryOf = (text: string): string | undefined => allPlaces().countries.of(keyOf(text))

/** BCP 47 of the language whose name the whole text is. */
export const languageOf = (text: string): string | undefined => allPlaces().languages.of(keyOf(text))

/** "German" as in "German customers". */
export const readDemonym = (reader: Reader): string | undefined => allPlaces().demonyms.take(reader)

/** BCP 47 of the language that stands here, by its name or as a code such as pt-BR; codes that are English words, such as it, stand in quotes. */
export function readLanguage(reader: Reader): string | undefined {
  const token = reader.token()
  if (token?.kind === 'word' && !reserved.has(token.word) && /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(token.value) && allPlaces().languages.means(token.value.split('-')[0] ?? '')) {
    reader.at++
    return token.value
  }
  return allPlaces().languages.take(reader)
}

/** "German-speaking". */
export function readSpeaking(reader: Reader): string | undefined {
  const word = reader.word()
  const code = word.endsWith('-speaking') ? languageOf(word.slice(0, -'-speaking'.length)) : undefined
  if (code !== undefined) reader.at++
  return code
}

export const countryNames = (): Iterable<string> => allPlaces().countries.phrases
export const languageNamesKnown = (): Iterable<string> => allPlaces().languages.phrases
