/** Checks a parsed tree against a vocabulary and brings its values into one form. Every error names the path, the nearest and the allowed ones. */
import { MercatError } from '../../core/errors.ts'
import { isDecimal, normalDecimal } from '../../core/money.ts'
import { parseDay } from '../../core/period.ts'
import { clip, nearest } from '../../core/text.ts'
import { channelNamed } from '../channels.ts'
import { groupOf, pathText } from './schema.ts'
import type { AttributePredicate, Condition, DidNotPredicate, DidPredicate, Operator, Predicate, Scalar, Within } from './tree.ts'
import { type Behaviour, operatorsOf, type Term, type Vocabulary } from './vocabulary.ts'

type Path = (string | number)[]

/**
 * The tree with its values in one form: channels and codes as they are stored, numbers and amounts as decimals, days checked.
 * @param at where the tree stands in the caller's arguments, for errors: `tree` @throws MercatError `unknown_value` or `invalid_arguments`
 */
export function understand(tree: Predicate, vocabulary: Vocabulary, at: Path = []): Predicate {
  const inner = groupOf(tree)
  if (inner) return { [inner.group]: inner.members.map((member, index) => understand(member, vocabulary, [...at, inner.group, index])) } as unknown as Predicate
  if ('attribute' in tree) return understandAttribute(tree, vocabulary, at)
  if ('did' in tree) return understandDid(tree, vocabulary, at)
  return understandDidNot(tree as DidNotPredicate, vocabulary, at)
}

function named<Thing extends { readonly name: string }>(name: string, things: readonly Thing[], path: Path, kind: string, hint?: string): Thing {
  const found = things.find((thing) => thing.name === name) ?? things.find((thing) => thing.name.toLowerCase() === name.toLowerCase())
  if (found) return found
  const names = things.map((thing) => thing.name)
  throw new MercatError('unknown_value', `Unknown ${kind} ${JSON.stringify(clip(name, 60))} at ${pathText(path)}`, {
    argument: pathText(path),
    value: clip(name, 60),
    nearest: nearest(clip(name, 60), names),
    allowed: names.slice(0, 40),
    ...(hint ? { hint } : {}),
  })
}

function understandAttribute(predicate: AttributePredicate, vocabulary: Vocabulary, at: Path): Predicate {
  const term = named(predicate.attribute, vocabulary.attributes, [...at, 'attribute'], 'attribute', 'Custom attributes are declared in the settings of the account.')
  return { attribute: term.name, ...compared(predicate, term, operatorsOf[term.type], at) }
}

function understandDid({ did, where, within, atLeast, atMost, total }: DidPredicate, vocabulary: Vocabulary, at: Path): Predicate {
  const behaviour = named(did, vocabulary.behaviours, [...at, 'did'], 'behaviour')
  if (atMost !== undefined && atMost < (atLeast ?? 1)) throw wrong([...at, 'atMost'], atMost, 'is less than atLeast', 'For none at all send {didNot: …}.')
  if (total && behaviour.kind !== 'order') throw wrong([...at, 'total'], behaviour.name, 'is for the behaviour ordered only')
  return {
    did: behaviour.name,
    ...frame(where, within, behaviour, at),
    ...(atLeast === undefined || atLeast === 1 ? {} : { atLeast }),
    ...(atMost === undefined ? {} : { atMost }),
    ...(total ? { total: { op: total.op, value: decimal(total.value, [...at, 'total', 'value']) } } : {}),
  }
}

function understandDidNot({ didNot, where, within }: DidNotPredicate, vocabulary: Vocabulary, at: Path): Predicate {
  const behaviour = named(didNot, vocabulary.behaviours, [...at, 'didNot'], 'behaviour')
  return { didNot: behaviour.name, ...frame(where, within, behaviour, at) }
}

function frame(where: readonly Condition[] | undefined, within: Within | undefined, behaviour: Behaviour, at: Path) {
  if (within && 'messages' in within && (behaviour.kind !== 'message' || behaviour.name === 'sent'))
    throw wrong(
      [...at, 'within', 'messages'],
      behaviour.name,
      'goes with what people do with messages: delivered, opened, clicked, unsubscribed, complained, bounced',
      'Use {days} here.',
    )
  if (within && 'from' in within && within.from !== undefined && within.to !== undefined && within.from > within.to)
    throw wrong([...at, 'within'], `${within.from} – ${within.to}`, 'ends before it begins')
  const conditions = where?.map((condition, index) => {
    const path = [...at, 'where', index]
    const term = named(condition.field, behaviour.fields, [...path, 'field'], `field of ${behaviour.name}`)
    return {
      field: term.name,
      ...compared(
        condition,
        term,
        operatorsOf[term.type].filter((op) => op !== 'top'),
        path,
      ),
    }
  })
  return { ...(conditions?.length ? { where: conditions } : {}), ...(within ? { within } : {}) }
}

function wrong(path: Path, value: unknown, message: string, hint?: string): MercatError {
  const shown = clip(typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing'), 60)
  return new MercatError('invalid_arguments', `${pathText(path)} ${message}`, { argument: pathText(path), value: shown, ...(hint ? { hint } : {}) })
}

function compared(
  { op, value }: { op: Operator; value?: Scalar | Scalar[] | undefined },
  term: Term,
  allowed: readonly Operator[],
  at: Path,
): { op: Operator; value?: Scalar | Scalar[] } {
  if (!allowed.includes(op)) {
    const names = [...allowed]
    throw new MercatError('unknown_value', `${pathText([...at, 'op'])}: ${JSON.stringify(op)} cannot compare ${term.name}, which is of type ${term.type}`, {
      argument: pathText([...at, 'op']),
      value: op,
      allowed: names,
    })
  }
  const path = [...at, 'value']
  if (op === 'known' || op === 'unknown') {
    if (value !== undefined) throw wrong(path, value, `does not go with ${op}: leave it out`)
    return { op }
  }
  if (value === undefined) throw wrong(path, undefined, `is missing: ${op} needs a value`)
  if (op === 'inLast' || op === 'notInLast' || op === 'top') return { op, value: spanOf(op, value, path) }
  if (op === 'in' || op === 'notIn') {
    if (!Array.isArray(value)) throw wrong(path, value, `must be a list for ${op}`)
    return { op, value: [...new Set(value.map((one, index) => scalarOf(one, term, [...path, index])))] }
  }
  if (op === 'between') {
    if (!Array.isArray(value) || value.length !== 2) throw wrong(path, value, 'must be two values for between: the least and the most')
    return { op, value: value.map((one, index) => scalarOf(one, term, [...path, index])) }
  }
  if (Array.isArray(value)) throw wrong(path, value, `must be one value for ${op}`, op === 'is' ? 'For one of several use the operator in.' : undefined)
  return { op, value: op === 'contains' || op === 'startsWith' ? nonEmpty(value, path) : scalarOf(value, term, path) }
}

function spanOf(op: 'inLast' | 'notInLast' | 'top', value: Scalar | Scalar[], path: Path): number {
  const [most, unit, steps] = op === 'top' ? [100, 'per cent above 0, up to 100, with at most two places', 100] : [3650, 'whole days from 1 to 3650', 1]
  if (typeof value !== 'number' || value <= 0 || value > most || !Number.isInteger(value * steps)) throw wrong(path, value, `must be a number: ${unit}`)
  return value
}

function scalarOf(value: Scalar, term: Term, path: Path): Scalar {
  if (term.values) {
    const channel = term.type === 'channel' || term.type === 'channels'
    return (
      (channel ? channelNamed(String(value)) : undefined) ??
      named(
        String(value),
        term.values.map((name) => ({ name })),
        path,
        term.name,
      ).name
    )
  }
  switch (term.type) {
    case 'boolean':
      if (typeof value !== 'boolean') throw wrong(path, value, 'must be true or false')
      return value
    case 'number':
    case 'money':
      return decimal(value, path)
    case 'date':
      return parseDay(nonEmpty(value, path), pathText(path))
    default:
      return nonEmpty(value, path)
  }
}

function nonEmpty(value: Scalar, path: Path): string {
  if (typeof value !== 'string' || value.trim() === '') throw wrong(path, value, 'must be text', 'For customers without a value use the operator unknown.')
  return value.trim()
}

/** A decimal as text: a number is taken as it is written. */
function decimal(value: Scalar, path: Path): string {
  const text = typeof value === 'boolean' ? '' : String(value)
  if (!isDecimal(text)) throw wrong(path, value, 'must be a number', 'At most 20 digits before and 6 after the point.')
  return normalDecimal(text)
}
