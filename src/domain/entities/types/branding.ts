/** Branding (webapp theme): how webapps look. */
import { z } from 'zod'
import { defineEntityType } from '../define.ts'
import { lineOf } from '../fields.ts'

const name = z.string().min(1).max(100)

export const brandingDefinition = z.strictObject({
  /** By role, such as `primary`. */
  colours: z.record(name, z.string().regex(/^#[0-9a-fA-F]{6}([0-9a-fA-F]{2})?$/, 'must be like #1a2b3c')).default({}),
  /** By role, such as `heading`. */
  fonts: z.record(name, z.string().min(1).max(200)).default({}),
  /** By part, such as `button`: `square`, `rounded` or `pill`. */
  shapes: z.record(name, z.enum(['square', 'rounded', 'pill'])).default({}),
})

export default defineEntityType({
  type: 'branding',
  title: 'Branding',
  description: 'How webapps look (also called webapp theme): colours, fonts and shapes.',
  scope: null,
  sight: 'own',
  statuses: ['active', 'draft', 'archived'],
  definition: brandingDefinition,
  summary: ({ colours, fonts }) =>
    lineOf(
      [...Object.entries(colours).slice(0, 3), ...Object.entries(fonts).slice(0, 2)].map(([role, value]) => `${role} ${value}`),
      'Branding',
    ),
  links: () => [],
  rules: () => [],
})
