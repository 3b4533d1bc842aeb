/** Content profile: the texts and images of webapps. What it leaves empty falls back to the default. */
import { z } from 'zod'
import { defineEntityType } from '../define.ts'
import { countOf, languageField, lineOf, urlField } from '../fields.ts'

const name = z.string().min(1).max(100)

export const contentProfileDefinition = z.strictObject({
  images: z.record(name, urlField).default({}),
  /** Texts by language, section and name. */
  translations: z.record(languageField, z.record(name, z.record(name, z.string().max(5000)))).default({}),
  support: z.strictObject({ url: urlField.optional(), email: z.email().max(254).optional(), phone: z.string().max(50).optional() }).optional(),
})

export default defineEntityType({
  type: 'content_profile',
  title: 'Content profile',
  description: 'Images, translations by section and language, and support of webapps; what is empty falls back to the default.',
  scope: null,
  sight: 'own',
  statuses: ['active', 'draft', 'archived'],
  definition: contentProfileDefinition,
  summary: ({ images, translations }) =>
    lineOf([Object.keys(translations).length ? Object.keys(translations).join(' ') : undefined, countOf(Object.keys(images).length, 'image')], 'Content profile'),
  links: () => [],
  rules: () => [],
})
