/** Webapp: the pages that visitors of a campaign use. Its key never changes. */
import { z } from 'zod'
import { defineEntityType } from '../define.ts'
import { keyField, languageField, lineOf, urlField } from '../fields.ts'

export const webappDefinition = z.strictObject({
  languages: z.array(languageField).max(50).default([]),
  branding: keyField.optional(),
  content: keyField.optional(),
  privacyUrl: urlField.optional(),
  /** Google Tag Manager. */
  gtmId: z
    .string()
    .regex(/^GTM-[A-Z0-9]{4,12}$/, 'must be like GTM-ABC1234')
    .optional(),
})

export default defineEntityType({
  type: 'webapp',
  title: 'Webapp',
  description: 'The pages that visitors of a campaign use: languages, branding, content, privacy page and tag manager. Its key never changes.',
  scope: 'read:webapps',
  sight: 'own',
  statuses: ['active', 'draft', 'archived'],
  definition: webappDefinition,
  summary: ({ languages, gtmId }) => lineOf([languages.length ? languages.join(' ') : undefined, gtmId], 'Webapp'),
  links: ({ branding, content }) => [
    ...(branding ? [{ rel: 'branding', type: 'branding', key: branding }] : []),
    ...(content ? [{ rel: 'content', type: 'content_profile', key: content }] : []),
  ],
  rules: () => [],
})
