/** The tool get_entity. It must not compute anything. */
import { entityText, getEntityInput, getEntityOutput, scopeOfType, scopesOfTypes } from '../../../domain/explorer/index.ts'
import { defineTool } from '../../define.ts'

export default defineTool({
  name: 'get_entity',
  title: 'Get entity',
  effect: 'read',
  scope: { of: scopeOfType, oneOf: scopesOfTypes },
  description:
    'One entity: its JSON definition, explained in English predicate by predicate, its links, and the steps a person may take in the dashboard. Needs the read scope of the type.',
  input: getEntityInput,
  output: getEntityOutput,
  run: ({ input, ctx }) => ctx.explorer.get(input),
  render: entityText,
})
