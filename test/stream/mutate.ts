/** Ruins texts as faults and attackers do: of JSON single members, of anything its bytes. The same seed ruins the same. Sends nothing. */

/** Numbers from 0 up to, and without, 1. */
export type Random = () => number

/** mulberry32: small, and the same everywhere. */
export function randomOf(seed: number): Random {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export const below = (random: Random, most: number): number => Math.floor(random() * most)
export function pick<Item>(random: Random, items: readonly Item[]): Item {
  const item = items[below(random, items.length)]
  if (item === undefined) throw new Error('There is nothing to pick from')
  return item
}

const depth = 10_000
const long = 'lorem ipsum '.repeat(25_000)
const quoted = (text: string) => JSON.stringify(text)

/** JSON that is put in the place of a value, as it is written. */
const strange: readonly string[] = [
  ...['null', 'true', 'false', '[]', '{}', '""', '" "', '0', '-0', '-1', '1.5', '[null]', '[[]]', '[{}]', '{"":""}', '{"a":null}', '{"id":1}'],
  ...['1e400', '-1e400', '1e-400', '1e30', '12345678901234567890', '-99999999999999999999.999999', '0.1234567890123', '9007199254740993', '1e5', '100000000000000000000000000'],
  ...['"1e400"', '"NaN"', '"Infinity"', '"-0"', '"0x10"', '"1,5"', '"99999999999999999999.999999"', '"00000000000000000001"'],
  ...[
    '"\\u0000"',
    '"a\\u0000b"',
    '"\\u0001\\u001b[31m\\u007f"',
    '"line\\nbreak\\ttab\\r"',
    '"\\\\N"',
    '"\\\\"',
    '"\\ud800"',
    '"a\\udc00b"',
    '"\\ufffd"',
    '"\\u202e\\u200b"',
    '"\ufeff"',
    '"💥"',
  ],
  ...['"__proto__"', '"constructor"', '"toString"', '{"__proto__":{"polluted":1}}', '{"constructor":{"prototype":{"polluted":1}}}', '["__proto__"]', '"hasOwnProperty"'],
  ...[
    '"9999-12-31T23:59:59Z"',
    '"0000-00-00T00:00:00Z"',
    '"+275760-09-13T00:00:00Z"',
    '"-271821-04-20T00:00:00Z"',
    '"2026-02-30T25:61:61Z"',
    '"1969-12-31T23:59:59Z"',
    '"2026-03-31"',
  ],
  ...[
    '253402300800',
    '253402300800000',
    '8640000000000001',
    '-62135596800',
    '4294967296',
    '"1e30"',
    '"1 000"',
    '"2026-03-31T09:00:00+99:99"',
    '"<script>"',
    '"%00%ff"',
    '"\'; DROP TABLE events; --"',
  ],
  '{"$ne":null}',
  '"https://[::1"',
  '"javascript:alert(1)"',
]
const heavy: readonly string[] = [
  '['.repeat(depth) + ']'.repeat(depth),
  `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`,
  `${'{"a":'.repeat(depth)}123456789012345678901234${'}'.repeat(depth)}`,
  `${'['.repeat(200)}1${']'.repeat(200)}`,
  '['.repeat(depth),
  quoted(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`),
  quoted(long),
  quoted('é'.repeat(150_000)),
  `[${Array.from({ length: 2000 }, () => '{}').join(',')}]`,
]
const names = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'valueOf',
  '',
  ' ',
  'x\u0000y',
  '\ud800',
  'Event',
  '0',
  'length',
  '\u001b[31m',
  'a'.repeat(5_000),
  'é',
  '$where',
]

const oddValue = (random: Random): string => (random() < 0.04 ? pick(random, heavy) : pick(random, strange))

interface Place {
  readonly holder: Record<string, unknown>
  readonly name: string
}

/** Every member of every object and list. */
function placesOf(value: unknown): Place[] {
  if (typeof value !== 'object' || value === null) return []
  const holder = value as Record<string, unknown>
  return Object.keys(holder).flatMap((name) => [{ holder, name }, ...placesOf(holder[name])])
}

const token = '\u2603 here \u2603'

/** One member changed, renamed, taken away or told twice. */
function ruinMember(text: string, random: Random): string {
  const tree = JSON.parse(text) as unknown
  const places = placesOf(tree)
  if (places.length === 0) return oddValue(random)
  const { holder, name } = pick(random, places)
  const before = JSON.stringify(holder[name])
  const how = below(random, 10)
  if (how === 0) {
    if (Array.isArray(holder)) holder.splice(Number(name), 1)
    else delete holder[name]
    return JSON.stringify(tree)
  }
  holder[name] = token
  const whole = JSON.stringify(tree)
  const here = quoted(token)
  // A function, since a text in its place could hold $&.
  const put = (made: string, of = here) => whole.replace(of, () => made)
  if (Array.isArray(holder)) return put(oddValue(random))
  const member = `${quoted(name)}:${here}`
  if (how === 1) return put(`${quoted(pick(random, names))}:${before}`, member)
  if (how === 2) return put(`${quoted(name)}:${before},${quoted(name)}:${oddValue(random)}`, member)
  if (how === 3) return put(`${quoted(pick(random, names))}:${oddValue(random)},${quoted(name)}:${before}`, member)
  if (how === 4) return put(pick(random, [`[${before}]`, `{"a":${before}}`, quoted(before), `[${before},${before}]`]))
  return put(oddValue(random))
}

/** The whole in another form. */
function ruinWhole(text: string, random: Random): string {
  return pick(random, [
    () => `[${text}]`,
    () => `[[${text}]]`,
    () => `[${Array.from({ length: 20 }, () => text).join(',')}]`,
    () => `[${text},null]`,
    () => `[${text},{}]`,
    () => `{"a":${text}}`,
    () => `${text}${text}`,
    () => `${text},`,
    () => text.replaceAll('"', "'"),
    () => text.toUpperCase(),
    () => oddValue(random),
    () => `\ufeff${text}`,
  ])()
}

const parameter = ['', 'sent', '\u0000', '__proto__', 'toString', '+', '%', 'é', '\ud800', 'a'.repeat(5_000), long, 'whatsapp:', 'rcs:x', '-1', '1e400', '\n', '<>', 'messenger:1']

/** One field of a form. */
function ruinField(text: string, random: Random): string {
  const fields = [...new URLSearchParams(text)]
  const at = below(random, fields.length)
  const [name, value] = fields[at] ?? ['', '']
  const how = below(random, 5)
  const changed: [string, string][] =
    how === 0
      ? []
      : how === 1
        ? [[pick(random, names), value]]
        : how === 2
          ? [
              [name, value],
              [name, pick(random, parameter)],
            ]
          : [[name, pick(random, parameter)]]
  fields.splice(at, 1, ...changed)
  return new URLSearchParams(fields).toString()
}

const foreign: readonly Buffer[] = ['00', 'ff', 'c3', 'eda080', 'f8888080', '0a', '0d0a', '1b', '22', '5c', '7b', '5b', '2c', 'efbbbf', 'e280a8', '80', '5c7530303030'].map(
  (bytes) => Buffer.from(bytes, 'hex'),
)

/** Bytes changed, lost, or put in. */
export function ruinedBytes(body: Buffer, random: Random): Buffer {
  const at = below(random, body.length + 1)
  const cut = (from: number, to: number, ...put: readonly Buffer[]) => Buffer.concat([body.subarray(0, from), ...put, body.subarray(to)])
  return pick(random, [
    () => body.subarray(0, at),
    () => body.subarray(at),
    () => cut(at, at + below(random, 20)),
    () => cut(at, at, pick(random, foreign)),
    () => cut(at, at + 1, pick(random, foreign)),
    () => cut(at, at + 1, Buffer.from([(body[at] ?? 0) ^ (1 << below(random, 8))])),
    () => cut(at, at + 1, Buffer.from([(body[at] ?? 0) ^ (1 << below(random, 8))])),
    () => Buffer.from(body.toString(), 'utf16le'),
    () => Buffer.of(),
    () => Buffer.from([...body.subarray(0, 5_000)].reverse()),
  ])()
}

/** A text ruined in one way or another, sometimes in two. */
export function ruined(text: string, random: Random): Buffer {
  const isForm = !/^[[{]/.test(text)
  const how = random()
  const changed = isForm ? ruinField(text, random) : how < 0.7 ? ruinMember(text, random) : how < 0.8 ? ruinWhole(text, random) : text
  const body = Buffer.from(changed)
  return how >= 0.8 || random() < 0.05 ? ruinedBytes(body, random) : body
}
