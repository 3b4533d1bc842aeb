/** The tool list_schemas. It must not compute anything. */
import { listSchemasInput, listSchemasOutput, schemaNames, schemasText } from '../../../domain/organizations/index.ts'
import { defineTool } from '../../define.ts'

export default defineTool({
  name: 'list_schemas',
  title: 'List schemas',
  effect: 'read',
  description: 'Names of the JSON Schemas: entity types, organizations, contracts, invoices, and what the tools that write take.',
  input: listSchemasInput,
  output: listSchemasOutput,
  run: () => Promise.resolve({ schemas: schemaNames() }),
  render: schemasText,
})
