/** Text to instants, as SQL: strict forms only, because the engine's own parser takes almost anything for a date. */

const date = '\\\\d{4}-[01]\\\\d-[0-3]\\\\d'
const time = '([01]\\\\d|2[0-3]):[0-5]\\\\d(:[0-5]\\\\d([.]\\\\d{1,9})?)?'
const zone = ' ?(Z|[+-][01]\\\\d(:?[0-5]\\\\d)?)'

/** What `zonedInstant` takes, as one regular expression: backslashes as they are, not as SQL writes them. */
export const zonedPattern = `^(${date}[T ]${time}${zone}|\\d{12,14}|\\d{9,11}([.]\\d{1,9})?)$`.replaceAll('\\\\', '\\')

const seconds = '^\\\\d{9,11}(?:[.]\\\\d{1,9})?$'

/** ISO 8601 with a zone, epoch seconds (9–11 digits, with fraction) or milliseconds (12–14 digits) over the text `f`; NULL otherwise. */
export function zonedInstant(f: string): string {
  // Every branch is computed for every row: a longer number would overflow, and with it the whole statement.
  return `multiIf(
    match(${f}, '^${date}[T ]${time}${zone}$'), parseDateTime64BestEffortOrNull(${f}, 3, 'UTC'),
    match(${f}, '^\\\\d{12,14}$'), fromUnixTimestamp64Milli(toInt64OrZero(${f}), 'UTC'),
    match(${f}, '${seconds}'), fromUnixTimestamp64Milli(toInt64(toDecimal128OrZero(extract(${f}, '${seconds}'), 3) * 1000), 'UTC'),
    NULL)`
}

/**
 * The same, and local time (or a date: its midnight) in a declared zone. A time that a change of clocks skips or repeats becomes one of the two instants, always the same.
 * @param zone SQL of the zone's name: a bound parameter
 */
export function localInstant(f: string, zone: string): string {
  return `if(match(${f}, '^${date}([T ]${time})?$'), toTimeZone(parseDateTime64BestEffortOrNull(${f}, 3, ${zone}), 'UTC'), ${zonedInstant(f)})`
}

/**
 * Time in a declared pattern (Joda syntax, like dd.MM.yyyy HH:mm) and zone. The pattern's parser is not asked for the zone: on days when clocks change it is
 * an hour off; its local time is read again by the parser that is right.
 * @param format SQL of the pattern: a bound parameter
 */
export function formattedInstant(f: string, format: string, zone: string): string {
  return `toTimeZone(parseDateTime64BestEffortOrNull(ifNull(toString(parseDateTimeInJodaSyntaxOrNull(${f}, ${format}, 'UTC')), ''), 3, ${zone}), 'UTC')`
}
