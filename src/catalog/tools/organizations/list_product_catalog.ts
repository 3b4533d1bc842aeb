/** The tool list_product_catalog. It must not compute anything. */
import { cutProducts, productCatalogInput, productCatalogOutput, productCatalogText } from '../../../domain/organizations/index.ts'
import { defineTool } from '../../define.ts'

export default defineTool({
  name: 'list_product_catalog',
  title: 'List product catalog',
  effect: 'read',
  description: 'Products of the account, with the configurations that campaigns offer: names by language, artwork, status.',
  input: productCatalogInput,
  output: productCatalogOutput,
  run: ({ input, ctx }) => ctx.organizations.products(input),
  render: productCatalogText,
  list: { count: ({ products }) => products.length, cut: cutProducts },
})
