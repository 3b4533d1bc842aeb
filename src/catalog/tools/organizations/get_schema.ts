/** The tool get_schema. It must not compute anything. */
import { getSchema, getSchemaInput, getSchemaOutput, schemaText } from '../../../domain/organizations/index.ts'
import { defineTool } from '../../define.ts'

export default defineTool({
  name: 'get_schema',
  title: 'Get schema',
  effect: 'read',
  description: 'One JSON Schema 2020-12, made from the types that validate.',
  input: getSchemaInput,
  output: getSchemaOutput,
  run: ({ input }) => Promise.resolve(getSchema(input)),
  render: schemaText,
})
