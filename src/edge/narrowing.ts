/** Reads ?toolsets= and ?read_only= of an MCP endpoint. They only narrow; what they cannot mean is an error, for a mistyped narrowing that is passed over would widen. */
import { type Toolset, toolsetNames } from '../core/access.ts'
import { MercatError } from '../core/errors.ts'
import { clip, inline, nearest } from '../core/text.ts'
import { type Narrowing, noNarrowing } from '../catalog/offer.ts'

const parameters = ['toolsets', 'read_only']

/** @param query what follows the question mark; throws `invalid_arguments` */
export function readNarrowing(query: string): Narrowing {
  if (query === '') return noNarrowing
  const given = new URLSearchParams(query)
  for (const name of given.keys()) {
    if (!parameters.includes(name))
      throw new MercatError('invalid_arguments', `${inline(clip(name, 40))} is not a parameter of this address`, {
        allowed: parameters,
        nearest: nearest(clip(name, 40), parameters),
      })
    if (given.getAll(name).length > 1)
      throw new MercatError('invalid_arguments', `${name} is given twice`, { hint: name === 'toolsets' ? 'Separate toolsets by commas.' : 'Give it once.' })
  }
  const readOnly = given.get('read_only')
  if (readOnly !== null && readOnly !== '1' && readOnly !== '0') throw new MercatError('invalid_arguments', 'read_only must be 1 or 0')
  const toolsets = given.get('toolsets')
  return { toolsets: toolsets === null ? null : readToolsets(toolsets), readOnly: readOnly === '1' }
}

function readToolsets(text: string): ReadonlySet<Toolset> {
  const known = new Map(toolsetNames.map((name) => [name as string, name]))
  const names = new Set<Toolset>()
  for (const given of text.split(',').map((name) => name.trim())) {
    const name = known.get(given)
    if (!name)
      throw new MercatError('invalid_arguments', `Unknown toolset: ${given === '' ? 'an empty name' : inline(clip(given, 40))}`, {
        nearest: nearest(clip(given, 40), toolsetNames),
        allowed: toolsetNames,
      })
    names.add(name)
  }
  return names
}
