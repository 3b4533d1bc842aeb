/** Turns command definitions into a command line: parsing, help and usage errors. Runs nothing and opens nothing. */
import { Command, CommanderError, Option } from 'commander'
import { z } from 'zod'
import packageJson from '../../package.json' with { type: 'json' }
import { type CliEntry, type CommandDefinition, exitCodes } from './define.ts'

/** What a command line asks for: a command with its arguments, or text that is already the answer (help, version, a usage error). */
export type Parsed = { command: CommandDefinition; args: Record<string, unknown> } | { text: string; exitCode: 0 | 2 }

/** What of a field's JSON Schema the command line needs. */
interface Field {
  type?: string
  description?: string
  placeholder?: string
  default?: unknown
  enum?: string[]
  items?: { type?: string; enum?: string[] }
}

const footer = `
Exit codes: 0 done · 1 failed · 2 the command line is wrong · 3 finished, but rows were rejected.
Settings come from MERCAT_* environment variables: docs/generated/configuration.md.`

/** @param argv without node and script */
export function parseCommandLine(entries: readonly CliEntry[], argv: readonly string[]): Parsed {
  let text = ''
  let chosen: Parsed | undefined
  const program = buildProgram(entries, (command, args) => {
    chosen = { command, args }
  })
  const collect = (written: string) => {
    text += written
  }
  configureAll(program, (command) => command.exitOverride().configureOutput({ writeOut: collect, writeErr: collect, getOutHelpWidth: () => 100, getErrHelpWidth: () => 100 }))
  if (argv.length === 0) return { text: program.helpInformation() + footer, exitCode: exitCodes.ok }
  try {
    program.parse(argv, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    return { text: text.trimEnd(), exitCode: error.exitCode === 0 ? exitCodes.ok : exitCodes.usage }
  }
  if (!chosen) throw new Error('commander parsed a command line without choosing a command')
  if ('text' in chosen) return chosen
  return checkArguments(chosen.command, chosen.args)
}

/** The whole program as commander sees it; docs/generated/cli.md is made from it too. */
export function buildProgram(entries: readonly CliEntry[], choose: (command: CommandDefinition, args: Record<string, unknown>) => void): Command {
  const program = new Command('mercat')
    .description('Mercat: right marketing figures for AI assistants, from your own machine.')
    .version(packageJson.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show help for a command')
    .addHelpText('after', footer)
  for (const entry of entries) {
    if (!('commands' in entry)) {
      addCommand(program, entry, choose)
      continue
    }
    const group = program
      .command(entry.name)
      .summary(entry.summary)
      .description(entry.description ?? `${entry.summary}.`)
    for (const command of entry.commands) addCommand(group, command, choose)
  }
  return program
}

function addCommand(parent: Command, definition: CommandDefinition, choose: (command: CommandDefinition, args: Record<string, unknown>) => void): void {
  const schema = z.toJSONSchema(definition.input, { io: 'input', unrepresentable: 'any' }) as { properties?: Record<string, Field>; required?: string[] }
  const fields = schema.properties ?? {}
  const required = new Set(schema.required)
  const positional: readonly string[] = definition.arguments ?? []
  const command = parent
    .command(definition.name)
    .summary(definition.summary)
    .description(definition.description ?? `${definition.summary}.`)
  for (const name of positional) {
    const field = fields[name]
    if (!field) throw new Error(`Command ${definition.name}: argument ${name} is not a field of its input`)
    const shown = `${field.placeholder ?? kebab(name)}${field.type === 'array' ? '...' : ''}`
    command.argument(required.has(name) ? `<${shown}>` : `[${shown}]`, describe(field))
  }
  for (const [name, field] of Object.entries(fields)) {
    if (!positional.includes(name)) command.addOption(option(name, field, required.has(name)))
  }
  if (definition.examples?.length) command.addHelpText('after', `\nExamples:\n${definition.examples.map((example) => `  ${example}`).join('\n')}`)
  command.action(() => {
    const given: Record<string, unknown> = { ...command.opts() }
    for (const [index, name] of positional.entries()) given[name] = command.processedArgs[index]
    const args = Object.entries(given).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0))
    choose(definition, Object.fromEntries(args.map(([name, value]) => [name, converted(value, fields[name])])))
  })
}

function option(name: string, field: Field, required: boolean): Option {
  if (field.type === 'boolean') return new Option(field.default === true ? `--no-${kebab(name)}` : `--${kebab(name)}`, field.description ?? '')
  // Not mandatory for commander, which would call a misspelt `--acount` a missing `--account`: the schema tells what is missing, after the suggestion.
  const built = new Option(`--${kebab(name)} <${field.placeholder ?? 'value'}>`, `${describe(field)}${required ? ' (required)' : ''}`)
  const choices = field.enum ?? field.items?.enum
  if (field.type === 'array') built.argParser((value: string, previous: string[] | undefined) => [...(previous ?? []), value])
  else if (choices) built.choices(choices)
  return built
}

function describe(field: Field): string {
  const values = field.type === 'array' && field.items?.enum ? ` (${field.items.enum.join(', ')})` : ''
  return `${field.description ?? ''}${values}${field.default === undefined || Array.isArray(field.default) ? '' : ` (default: ${String(field.default)})`}`
}

/** A number is converted only where the field is one; anything that is none stays text, for the schema to refuse by name. */
function converted(value: unknown, field: Field | undefined): unknown {
  const isNumber = field?.type === 'number' || field?.type === 'integer'
  if (!isNumber || typeof value !== 'string') return value
  const plain = value.replaceAll('_', '')
  return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : value
}

/** The definition's own schema has the last word. */
function checkArguments(command: CommandDefinition, given: Record<string, unknown>): Parsed {
  const result = command.input.safeParse(given)
  if (result.success) return { command, args: result.data }
  const positional: readonly string[] = command.arguments ?? []
  const problems = result.error.issues.map((issue) => {
    const field = String(issue.path[0] ?? '')
    const shown = positional.includes(field) ? `<${kebab(field)}>` : `--${kebab(field)}`
    return given[field] === undefined ? `error: ${shown} is required` : `error: ${shown}: ${issue.message.replace(/^Invalid input: /, '')}`
  })
  return { text: [...problems, 'The same with --help shows what it takes.'].join('\n'), exitCode: exitCodes.usage }
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

/** Settings that commander does not hand down to commands that exist already. */
function configureAll(command: Command, configure: (command: Command) => void): void {
  configure(command)
  for (const child of command.commands) configureAll(child, configure)
}
