/** How the text of a field becomes a value, and what makes it wrong: one entry per field type, SQL only. Knows no kind and no file. */
import { channelNames } from '../../domain/entities/index.ts'
import { countryDomains, inboxOfWord, otherInbox } from '../inboxes.ts'
import { bounceTypes, type Check, type Field, type FieldType, messageEvents, orderStatuses } from '../kinds/define.ts'
import { zonedInstant } from './time.ts'

interface Reading {
  /** The parsed value or NULL, over the text `f`. */
  readonly parse: (f: string) => string
  /** Stands for an absent or wrong value, so that columns that are not nullable can be built for rejected rows too. */
  readonly neutral: string
  /** Completes "<field> …" when a text is there and parses to NULL. */
  readonly wrong: string
  /** More rules over the text `f` and the parsed, nullable value `n`. */
  readonly checks?: (f: string, n: string) => Check[]
}

export const text = (value: string): string => `'${value.replace(/[\\']/g, '\\$&')}'`
const list = (values: readonly string[]): string => `[${values.map(text).join(', ')}]`
const oneOf = (values: readonly string[], folded: (f: string) => string, wrong: string): Reading => ({
  parse: (f) => `if(has(${list(values)}, ${folded(f)}), ${folded(f)}, NULL)`,
  neutral: text(values[0] ?? ''),
  wrong,
})
const lower = (f: string) => `lower(${f})`
const upper = (f: string) => `upper(${f})`

// Control characters would travel into terminals and answers; PostgreSQL takes no NUL in a campaign's key.
const plain = (max: number): Reading => ({
  parse: (f) => f,
  neutral: "''",
  wrong: 'cannot be read',
  checks: (f) => [
    { when: `length(${f}) > ${max}`, reason: `is longer than ${max} bytes` },
    { when: `match(${f}, '[\\\\x00-\\\\x1f\\\\x7f]')`, reason: 'holds control characters' },
    { when: `NOT isValidUTF8(${f})`, reason: 'is not UTF-8 text' },
  ],
})

/** Addresses are never stored: where a link or a property carries one, it is taken out. */
const address = "'(?i)[a-z0-9._+-]+(@|%40)[a-z0-9.-]+[.][a-z]{2,}'"
const withoutAddress = (f: string) => `if(position(${f}, '@') > 0 OR position(${f}, '%40') > 0, replaceRegexpAll(${f}, ${address}, '…'), ${f})`

/** Whatever a provider's words may name a person by: quoted words, addresses, also spoken ones, numbers of 7 or more digits, however they are grouped, and the tokens of devices. */
const personal = text(`(?i)"[^" ]+"|'[^' ]+'|[^ <>]+ +at +[a-z0-9-]+([.][a-z0-9-]+)+|[^ <>]*(@|%40)[^ <>]*|[+]?[(]?[0-9]([ ()./-]{0,3}[0-9]){6,}|[a-z0-9_:-]{32,}`)
/** Status codes like 5.1.1 (RFC 3463) are no part of a number: a control character, of which no text has any by then, holds them apart from the digits beside them. */
const statusCode = text(String.raw`\b([245][.][0-7][.][0-9]{1,3})\b`)
const errorLength = 200
const errorText = (f: string) => {
  const marked = `replaceRegexpAll(replaceRegexpAll(${f}, '[\\x00-\\x1f\\x7f]+', ' '), ${statusCode}, '\\x01\\\\1\\x01')`
  return `if(${f} = '', '', substringUTF8(trimBoth(replaceAll(replaceRegexpAll(${marked}, ${personal}, '…'), '\\x01', '')), 1, ${errorLength}))`
}

/** The inbox provider: of the name or domain over the text `named`, otherwise of the address over `customer`; '' where neither tells. The table is written once: statements travel in URLs. */
export function inboxProvider(named: string, customer: string): string {
  const domain = `if(position(${customer}, '@') = 0 OR NOT match(${customer}, '^[^@ ]+@[^@ ]+[.][^@. ]+$'), '', substring(${customer}, position(${customer}, '@') + 1))`
  const word = `lower(if(${named} != '', trimBoth(${named}), ${domain}))`
  const looked = `if(position(${word}, '.') > 0, replaceRegexpOne(${word}, '${countryDomains}', '\\\\1'), ${word})`
  return `transform(${looked}, ${list(['', ...inboxOfWord.keys()])}, ${list(['', ...inboxOfWord.values()])}, ${text(otherInbox)})`
}

/** Seconds of 1990-01-01: marketing by message is younger. */
const earliest = "toDateTime64('1990-01-01 00:00:00', 3, 'UTC')"
/** Clocks differ; a day ahead is a mistake. */
const latest = "fromUnixTimestamp64Milli({now:Int64} + 86400000, 'UTC')"

const currencies = Intl.supportedValuesOf('currency')

// Values as JSON has them; texts are for files whose writer knows nothing else.
const yes = ['true', '"true"']
const no = ['false', '"false"']
const mostChoices = 20
const longestName = 100
const pairsOf = (f: string) => `JSONExtractKeysAndValuesRaw(${f})`
/** By name, so that equal choices are equal maps. */
function choices(f: string): string {
  return `mapSort(CAST(arrayMap(pair -> (pair.1, has(${list(yes)}, lower(pair.2))), ${pairsOf(f)}), 'Map(String, Bool)'))`
}

const readings: Record<FieldType, Reading> = {
  id: { parse: (f) => f, neutral: "''", wrong: 'cannot be read', checks: (f) => [{ when: `length(${f}) > 500`, reason: 'is longer than 500 bytes' }] },
  key: plain(200),
  text: plain(500),
  url: { ...plain(4000), parse: withoutAddress },
  // What a provider writes is kept as far as it can be: a bounce counts whatever its words.
  error: { parse: errorText, neutral: "''", wrong: 'cannot be read', checks: (f) => [{ when: `NOT isValidUTF8(${f})`, reason: 'is not UTF-8 text' }] },
  channel: {
    parse: (f) => `nullIf(transform(lower(${f}), ${list(channelNames.map((name) => name.toLowerCase()))}, ${list(channelNames)}, ''), '')`,
    neutral: "''",
    wrong: `is not one of ${channelNames.join(', ')}`,
  },
  event: oneOf(messageEvents, lower, 'is not an event Mercat knows'),
  order_status: oneOf(orderStatuses, lower, `is not one of ${orderStatuses.join(', ')}`),
  bounce_type: { ...oneOf(bounceTypes, lower, 'is not hard or soft'), neutral: "''" },
  flag: {
    parse: (f) => `multiIf(lower(${f}) IN ('true', '1', 'yes'), true, lower(${f}) IN ('false', '0', 'no'), false, NULL)`,
    neutral: 'false',
    wrong: 'is not true or false',
  },
  instant: {
    parse: zonedInstant,
    neutral: "toDateTime64(0, 3, 'UTC')",
    wrong: 'is not a time with a zone, like 2026-03-31T09:00:00Z, or epoch seconds or milliseconds',
    checks: (_, n) => [
      { when: `${n} < ${earliest}`, reason: 'is before 1990' },
      { when: `${n} > ${latest}`, reason: 'is more than a day in the future' },
    ],
  },
  date: {
    // toDateOrNull rolls 30 February over into March; the other parser does not.
    parse: (f) => `if(match(${f}, '^\\\\d{4}-\\\\d\\\\d-\\\\d\\\\d$'), toDate(parseDateTime64BestEffortOrNull(${f}, 3, 'UTC')), NULL)`,
    neutral: 'toDate(0)',
    wrong: 'is not a date like 2026-03-31',
    checks: (f) => [{ when: `${f} != '' AND (substring(${f}, 1, 4) < '1970' OR substring(${f}, 1, 4) > '2148')`, reason: 'is not between 1970 and 2148' }],
  },
  decimal: { parse: decimal, neutral: 'toDecimal128(0, 6)', wrong: 'is not a decimal number with at most 6 places' },
  currency: { ...oneOf(currencies, upper, 'is not an ISO 4217 currency'), neutral: "''" },
  country: { parse: (f) => `if(match(${f}, '^[A-Za-z]{2}$'), upper(${f}), NULL)`, neutral: "''", wrong: 'is not an ISO 3166-1 alpha-2 country' },
  language: {
    parse: (f) => `if(match(${f}, '^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$'), replaceAll(${f}, '_', '-'), NULL)`,
    neutral: "''",
    wrong: 'is not a language like de or pt-BR',
  },
  channels: {
    parse: channelList,
    neutral: 'emptyArrayString()',
    wrong: 'cannot be read',
    // Canonical names are all known; an unknown one became ''.
    checks: (f, n) => [{ when: `${f} != '' AND has(${n}, '')`, reason: `holds something that is not one of ${channelNames.join(', ')}` }],
  },
  choices: {
    parse: choices,
    neutral: "''",
    wrong: 'cannot be read',
    checks: (f, n) => [
      {
        when: `${f} != '' AND (JSONType(${f}) != 'Object' OR arrayExists(pair -> NOT has(${list([...yes, ...no])}, lower(pair.2)), ${pairsOf(f)}) OR length(arrayDistinct(mapKeys(${n}))) != length(${n}))`,
        reason: 'is not a JSON object of names, each once, and true or false, like {"newsletter":true,"sms":false}',
      },
      { when: `length(${n}) > ${mostChoices}`, reason: `has more than ${mostChoices} names` },
      {
        when: `arrayExists(name -> NOT (lengthUTF8(name) BETWEEN 1 AND ${longestName}) OR match(name, '[\\\\x00-\\\\x1f\\\\x7f]'), mapKeys(${n}))`,
        reason: `has a name that is not of 1 to ${longestName} characters, control characters excluded`,
      },
      {
        when: `arrayExists(name -> position(name, '@') > 0 OR position(name, '%40') > 0, mapKeys(${n}))`,
        reason: 'names an address: send the name of the opt-in, like newsletter',
      },
    ],
  },
  json: {
    parse: (f) => `if(JSONType(${f}) = 'Object', ${withoutAddress(f)}, NULL)`,
    neutral: "''",
    wrong: 'is not a JSON object',
    checks: (f) => [{ when: `length(${f}) > 100000`, reason: 'is longer than 100,000 bytes' }],
  },
}

/** A decimal of at most 20 digits before and 6 after the point, exact; NULL for anything else (the engine would silently cut more places). */
export function decimal(f: string): string {
  return `if(match(${f}, '^-?\\\\d{1,20}([.]\\\\d{1,6})?$'), toDecimal128OrNull(${f}, 6), NULL)`
}

function channelList(f: string): string {
  const parts = `if(startsWith(${f}, '['), JSONExtract(${f}, 'Array(String)'), splitByChar(';', ${f}))`
  return `arrayMap(name -> transform(lower(trimBoth(name)), ${list(channelNames.map((name) => name.toLowerCase()))}, ${list(channelNames)}, ''), if(${f} = '', emptyArrayString(), ${parts}))`
}

export interface FieldSql {
  /** The parsed, nullable value, over `f_<name>`. */
  readonly parsed: string
  /** The value for columns, over `n_<name>`. */
  readonly value: string
  readonly checks: readonly Check[]
}

/** @param instant SQL of a value that is a time already (a typed column, a declared zone or format), instead of text to parse */
export function fieldSql(name: string, field: Field, instant: string | undefined): FieldSql {
  const reading = readings[field.type]
  const f = `f_${name}`
  const n = `n_${name}`
  // Text that parses to itself stays as it is: one column less to build.
  const nullable = reading.wrong !== 'cannot be read'
  const checks: Check[] = [
    ...(field.required ? [{ when: `${f} = ''`, reason: `${name} is missing` }] : []),
    ...(nullable ? [{ when: `${f} != '' AND ${n} IS NULL`, reason: `${name} ${instant === undefined ? reading.wrong : 'is not a time in the declared form'}` }] : []),
    ...(reading.checks?.(f, nullable ? `ifNull(${n}, ${guard(field.type, reading)})` : n) ?? []).map((check) => ({ when: check.when, reason: `${name} ${check.reason}` })),
  ]
  return { parsed: instant ?? reading.parse(f), value: nullable ? `ifNull(${n}, ${reading.neutral})` : n, checks }
}

/** What stands for NULL inside checks, so that none of them turns NULL: a time that is neither too early nor too late. */
function guard(type: FieldType, reading: Reading): string {
  return type === 'instant' ? earliest : reading.neutral
}
