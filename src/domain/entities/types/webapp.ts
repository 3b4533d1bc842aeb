/** Webapp: the pages that visitors of a campaign use. Its key never changes. */
import { z } from 'zod'
import { defineEntityType } from '../define.ts'
import { keyField, languageField, lineOf, urlField } from '../fields.ts'

const eventName = z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,39}$/, 'must be the name of an event, like begin_checkout')

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
  /** A Google Analytics 4 property that knows its visitors; without one its funnel is made of Mercat's own web events. */
  googleAnalytics: z
    .strictObject({
      propertyId: z.string().regex(/^\d{4,20}$/, 'must be the number of a property, like 123456789'),
      /** Names of the property's events, by step of the funnel. */
      events: z
        .strictObject({ visit: eventName.optional(), start: eventName.optional(), upload: eventName.optional(), checkout: eventName.optional(), order: eventName.optional() })
        .optional(),
    })
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
