/** Theme set: artwork templates for products of campaigns. */
import { z } from 'zod'
import { defineEntityType } from '../define.ts'
import { countOf, keyField, lineOf, urlField } from '../fields.ts'

export const themeSetDefinition = z.strictObject({
  templates: z
    .array(z.strictObject({ name: z.string().min(1).max(200), image: urlField.optional() }))
    .max(500)
    .default([]),
  /** Product configurations. */
  products: z.array(keyField).max(500).default([]),
  campaigns: z.array(keyField).max(500).default([]),
})

export default defineEntityType({
  type: 'theme_set',
  title: 'Theme set',
  description: 'Artwork templates, and the products and campaigns they are linked to.',
  scope: 'read:artwork',
  sight: 'own',
  statuses: ['active', 'draft', 'archived'],
  definition: themeSetDefinition,
  summary: ({ templates, products, campaigns }) =>
    lineOf([countOf(templates.length, 'template'), countOf(products.length, 'product'), countOf(campaigns.length, 'campaign')], 'Theme set'),
  links: ({ products, campaigns }) => [
    ...products.map((key) => ({ rel: 'product', type: 'product_configuration', key })),
    ...campaigns.map((key) => ({ rel: 'campaign', type: 'campaign', key })),
  ],
  rules: () => [],
})
