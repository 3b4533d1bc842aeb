/** Reads a mapping file: YAML, checked as a whole, all mistakes told at once with their paths. Knows nothing of the data file. */
import { readFile, stat } from 'node:fs/promises'
import { parseDocument } from 'yaml'
import { MercatError } from '../../core/errors.ts'
import { type Mapping, mappingProblems, mappingSchema } from './schema.ts'

const largest = 1024 * 1024

/** Throws `invalid_arguments` with every mistake on a line of its own. */
export async function readMapping(path: string): Promise<Mapping> {
  const size = await stat(path).then(
    ({ size }) => size,
    (cause: unknown) => {
      throw new MercatError('invalid_arguments', `The mapping ${path} cannot be read`, { argument: 'mapping' }, { cause })
    },
  )
  if (size > largest) throw new MercatError('too_large', `The mapping ${path} is larger than 1 MB`, { argument: 'mapping' })
  return parseMapping(await readFile(path, 'utf8'), path)
}

export function parseMapping(yaml: string, name: string): Mapping {
  const document = parseDocument(yaml, { uniqueKeys: true, prettyErrors: true })
  const broken = document.errors.map(({ message }) => message.split('\n')[0] ?? message)
  if (broken.length) throw wrong(name, broken)
  const value = unfold(document, name)
  const result = mappingSchema.safeParse(value)
  const problems = [...(result.error?.issues ?? []).map(({ path, message }) => `${pathOf(path)}: ${message}`), ...mappingProblems(value)]
  if (!result.success || problems.length) throw wrong(name, problems)
  return result.data
}

const pathOf = (path: readonly PropertyKey[]): string =>
  path.map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index ? '.' : ''}${String(step)}`)).join('') || 'the mapping'

function wrong(name: string, problems: readonly string[]): MercatError {
  return new MercatError(
    'invalid_arguments',
    `The mapping ${name} has ${problems.length === 1 ? 'a mistake' : `${problems.length} mistakes`}:\n${problems.map((problem) => `  - ${problem}`).join('\n')}\n`,
    {
      argument: 'mapping',
      hint: 'docs/import.md describes the form; examples/ has complete mappings.',
    },
  )
}

/** Aliases may repeat a value map; nested in one another they unfold to gigabytes, which the parser refuses. */
function unfold(document: ReturnType<typeof parseDocument>, name: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 })
  } catch {
    throw wrong(name, ['it repeats itself by aliases more than a mapping has need to'])
  }
}
