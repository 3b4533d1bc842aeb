/** Product: what can be made or sold, before it is configured for a campaign. */
import { z } from 'zod'
import { defineEntityType } from '../define.ts'
import { lineOf } from '../fields.ts'

const word = z.string().min(1).max(100)

export const productDefinition = z.strictObject({
  /** Prints, calendar, photobook, postcard or another. */
  kind: word.optional(),
  /** As it is spoken of: `10 x 15 cm`, `A4`. */
  size: word.optional(),
  paper: word.optional(),
})

export default defineEntityType({
  type: 'product',
  title: 'Product',
  description: 'A base product, such as prints, a calendar, a photobook or a postcard, with its size and paper.',
  scope: null,
  sight: 'shared',
  statuses: ['active', 'draft', 'archived'],
  definition: productDefinition,
  summary: ({ kind, size, paper }) => lineOf([kind, size, paper], 'Product'),
  links: () => [],
  rules: () => [],
})
