/** Product configuration: a product as campaigns offer it. */
import { z } from 'zod'
import { defineEntityType } from '../define.ts'
import { countOf, keyField, lineOf, textsField, urlField } from '../fields.ts'

export const productConfigurationDefinition = z.strictObject({
  /** The base product. */
  product: keyField.optional(),
  names: textsField.optional(),
  descriptions: textsField.optional(),
  captions: textsField.optional(),
  image: urlField.optional(),
  artwork: z
    .array(z.strictObject({ name: z.string().min(1).max(200), image: urlField.optional() }))
    .min(1)
    .max(200)
    .optional(),
})

export default defineEntityType({
  type: 'product_configuration',
  title: 'Product configuration',
  description: 'A product as campaigns offer it: names, descriptions and captions by language, an image, and at least one artwork.',
  scope: null,
  sight: 'shared',
  statuses: ['active', 'draft', 'archived'],
  definition: productConfigurationDefinition,
  summary: ({ product, names, artwork }) =>
    lineOf(
      [product && `of ${product}`, names && Object.keys(names).length ? Object.keys(names).join(' ') : undefined, countOf(artwork?.length ?? 0, 'artwork')],
      'Product configuration',
    ),
  links: ({ product }) => (product ? [{ rel: 'product', type: 'product', key: product }] : []),
  rules: () => [],
})
