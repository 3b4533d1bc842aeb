/** The tool campaign_product_setup. It must not compute anything. */
import { productSetupInput, productSetupOutput, productSetupText } from '../../../domain/organizations/index.ts'
import { defineTool } from '../../define.ts'

export default defineTool({
  name: 'campaign_product_setup',
  title: 'Campaign product setup',
  effect: 'write',
  scope: 'create:campaigns',
  description: 'Links products to a campaign that is a draft, and both to a theme set: step 3 of 4. Only adds links. Ask the person first; validateOnly shows what would change.',
  input: productSetupInput,
  output: productSetupOutput,
  run: ({ input, ctx }) => ctx.organizations.setUpProducts(input),
  render: productSetupText,
})
