/** The prompt product_overview: what can be sold and how it looks. It must not take a theme set for a product. */
import { definePrompt, steps } from './define.ts'

export default definePrompt({
  name: 'product_overview',
  title: 'See the products',
  description: 'Which products there are, in which configurations, and which artwork goes with them.',
  arguments: { organization: { description: 'Client, by name. Default: all you may see', complete: 'organization' } },
  tools: ['list_product_catalog', 'list_organization_theme_sets'],
  text: ({ organization }, tool) => `Give an overview of the products${organization === undefined ? '' : ` and of the artwork of the client ${organization}`}.

${steps(
  `${tool('list_product_catalog')}: base products and their configurations.`,
  `${tool('list_organization_theme_sets')}${organization === undefined ? ', for each client that the person names; ask which, if there are many' : ` with organizationId ${organization}`}: theme sets, and the products and campaigns they are linked to.`,
)}

Report one table: product, configurations, theme sets linked to it. Then what does not fit together: configurations without artwork, and theme sets linked to no product or to one that is not in the catalog. Use the names and ids of the answers; make up no prices, sizes or papers that they do not hold.`,
})
