/** The tool list_entities. It must not compute anything. */
import { cutList, listEntitiesInput, listEntitiesOutput, listText, scopeOfType, scopesOfTypes } from '../../../domain/explorer/index.ts'
import { defineTool } from '../../define.ts'

export default defineTool({
  name: 'list_entities',
  title: 'List entities',
  effect: 'read',
  scope: { of: scopeOfType, oneOf: scopesOfTypes },
  description: 'Entities of one type with their ids; needs the read scope of the type. Filters are names or ids. For figures use the reports.',
  input: listEntitiesInput,
  output: listEntitiesOutput,
  run: ({ input, ctx }) => ctx.explorer.list(input),
  render: listText,
  list: { count: ({ rows }) => rows.length, cut: cutList },
})
