/** The tool search_catalog. It must not compute anything. */
import { cutSearch, searchCatalogInput, searchCatalogOutput, searchText } from '../../../domain/explorer/index.ts'
import { defineTool } from '../../define.ts'

export default defineTool({
  name: 'search_catalog',
  title: 'Search catalog',
  effect: 'read',
  description:
    'Finds entities of all types, and tags, channels, statuses and countries in use, by name, key or tag, forgiving typing errors, with sends in a window. Types whose read scope is missing are left out and named.',
  input: searchCatalogInput,
  output: searchCatalogOutput,
  run: ({ input, ctx }) => ctx.explorer.search(input, ctx.signal),
  render: searchText,
  list: { count: ({ hits }) => hits.length, cut: cutSearch },
})
