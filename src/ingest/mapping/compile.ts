/** Compiles a mapping's expressions to SQL over the columns of a source. Names and values of files never become SQL: columns are positions, values are parameters. */
import { MercatError } from '../../core/errors.ts'
import { nearest } from '../../core/text.ts'
import { kinds } from '../kinds/index.ts'
import { decimal } from '../sql/fields.ts'
import { formattedInstant, localInstant } from '../sql/time.ts'
import type { RawSelect } from '../sql/normalise.ts'
import type { Condition, Expression, Mapping, RecordMapping } from './schema.ts'

/** A column of the source as SQL. */
export interface SourceColumn {
  /** String, '' when absent. */
  readonly text: string
  /** Nullable(DateTime64(3, 'UTC')) when the file's own type is an instant. */
  readonly instant?: string
}

export interface Source {
  readonly columns: ReadonlyMap<string, SourceColumn>
  /** UInt64: where the record starts, for people. */
  readonly line: string
  /** UInt64: the number of the record, from 1. */
  readonly row: string
}

export interface CompiledRecord {
  readonly kind: RecordMapping['kind']
  readonly grouped: boolean
  readonly raw: RawSelect
  readonly params: Readonly<Record<string, unknown>>
}

/** The columns a mapping reads, in order of first use. */
export function columnsOf(mapping: Mapping): string[] {
  const names = new Set<string>()
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit)
    else if (typeof value === 'object' && value !== null) {
      if ('column' in value) names.add(String(value.column))
      Object.values(value).forEach(visit)
    }
  }
  for (const record of mapping.records) visit([record.when, Object.values(record.fields)])
  return [...names]
}

/** Throws `invalid_arguments` for columns the file does not have: all at once, each with the names most like it. */
export function checkColumns(mapping: Mapping, available: readonly string[], file: string): void {
  const missing = columnsOf(mapping).filter((name) => !available.includes(name))
  if (!missing.length) return
  const told = missing.map((name) => {
    const like = nearest(name, available)
    return `  - ${JSON.stringify(name)}${like.length ? ` (nearest: ${like.map((other) => JSON.stringify(other)).join(', ')})` : ''}`
  })
  throw new MercatError('invalid_arguments', `${file} lacks columns that the mapping reads:\n${told.join('\n')}\n`, { argument: 'mapping', allowed: available.slice(0, 100) })
}

/** One record of a mapping over a source. `from` is what stands after FROM. */
export function compileRecord(record: RecordMapping, source: Source, from: string, timeZone: string | undefined): CompiledRecord {
  const compiler = new Compiler(source)
  const texts: string[] = []
  const instants: string[] = []
  const selected: string[] = []
  for (const [name, expression] of Object.entries(record.fields)) {
    const type = (kinds[record.kind].fields as Record<string, { type: string }>)[name]?.type
    const instant = type === 'instant' ? compiler.instant(expression, timeZone) : undefined
    if (instant) {
      instants.push(name)
      selected.push(`${instant.sql} AS t_${name}`)
    }
    if (instant?.typed) continue
    texts.push(name)
    selected.push(`${compiler.text(expression)} AS f_${name}`)
  }
  const where = record.when ? ` WHERE ${compiler.condition(record.when)}` : ''
  return {
    kind: record.kind,
    grouped: record.grouped ?? false,
    params: compiler.params,
    raw: { sql: `SELECT ${source.line} AS line, ${selected.join(', ')} FROM ${from}${where}`, texts, instants },
  }
}

class Compiler {
  readonly params: Record<string, unknown> = {}
  readonly #source: Source
  constructor(source: Source) {
    this.#source = source
  }

  #bind(value: string | string[]): string {
    const name = `m${Object.keys(this.params).length}`
    this.params[name] = value
    return `{${name}:${Array.isArray(value) ? 'Array(String)' : 'String'}}`
  }

  #column(name: string): SourceColumn {
    const column = this.#source.columns.get(name)
    if (!column) throw new Error('checkColumns comes first')
    return column
  }

  text(expression: Expression): string {
    if ('constant' in expression) return this.#bind(expression.constant)
    if ('row' in expression) return `toString(${this.#source.row})`
    if ('concat' in expression) return this.#concat(expression.concat)
    if ('multiply' in expression) return this.#multiply(expression.multiply)
    if ('when' in expression) return `if(${this.condition(expression.when)}, ${this.text(expression.value)}, ${expression.otherwise ? this.text(expression.otherwise) : "''"})`
    const { text } = this.#column(expression.column)
    if (!expression.map) return expression.otherwise === undefined ? text : `if(${text} = '', ${this.#bind(expression.otherwise)}, ${text})`
    // A value the map does not name stays, unless `otherwise` says what it becomes: the field's own rules then judge it.
    const entries = Object.entries(expression.map)
    const rest = expression.otherwise === undefined ? text : this.#bind(expression.otherwise)
    return `transform(${text}, ${this.#bind(entries.map(([from]) => from))}, ${this.#bind(entries.map(([, to]) => to))}, ${rest})`
  }

  /** A part that is absent makes the whole absent: an id built of nothing would join rows that have nothing in common. */
  #concat(parts: readonly Expression[]): string {
    const texts = parts.map((part) => this.text(part))
    return `if(${texts.map((text) => `${text} = ''`).join(' OR ')}, '', concat('', ${texts.join(', ')}))`
  }

  /** Exact, in decimals; a factor that is no decimal makes text that no field takes for one. */
  #multiply(factors: readonly Expression[]): string {
    const texts = factors.map((factor) => this.text(factor))
    const product = texts.map((text) => `toDecimal256(assumeNotNull(${decimal(text)}), 6)`).reduce((left, right) => `multiplyDecimal(${left}, ${right}, 12)`)
    return `multiIf(${texts.map((text) => `${text} = ''`).join(' AND ')}, '', ${texts.map((text) => `${decimal(text)} IS NULL`).join(' OR ')}, 'not a product', toString(${product}))`
  }

  /** SQL of an instant where text alone would not do: a typed column, a declared form, or local time; undefined: parse the text. */
  instant(expression: Expression, timeZone: string | undefined): { sql: string; typed: boolean } | undefined {
    if ('column' in expression) {
      const { instant } = this.#column(expression.column)
      if (instant && !expression.map) return { sql: instant, typed: true }
      if (expression.format) return { sql: formattedInstant(this.text(expression), this.#bind(expression.format), this.#bind(timeZone ?? 'UTC')), typed: false }
    }
    if (timeZone === undefined) return undefined
    return { sql: localInstant(this.text(expression), this.#bind(timeZone)), typed: false }
  }

  condition(condition: Condition): string {
    if ('all' in condition) return `(${condition.all.map((part) => this.condition(part)).join(' AND ')})`
    if ('any' in condition) return `(${condition.any.map((part) => this.condition(part)).join(' OR ')})`
    if ('not' in condition) return `NOT (${this.condition(condition.not)})`
    const { text } = this.#column(condition.column)
    if ('is' in condition) return `has(${this.#bind([condition.is].flat())}, ${text})`
    if ('isNot' in condition) return `NOT has(${this.#bind([condition.isNot].flat())}, ${text})`
    if ('startsWith' in condition) return `startsWith(${text}, ${this.#bind(condition.startsWith)})`
    if ('empty' in condition) return `${text} ${condition.empty ? '=' : '!='} ''`
    // What is no number is neither above nor below.
    const [sign, bound] = 'above' in condition ? ['>', condition.above] : ['<', condition.below]
    return `ifNull(${decimal(text)} ${sign} toDecimal128(${this.#bind(bound)}, 6), false)`
  }
}
