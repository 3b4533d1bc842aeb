/** Folder: where people keep campaigns and flows together. */
import { z } from 'zod'
import { defineEntityType } from '../define.ts'
import { keyField } from '../fields.ts'

export const folderDefinition = z.strictObject({
  parent: keyField.optional(),
  /** Keys of the brands that may use it; empty: all. */
  allowedBrands: z.array(keyField).max(1000).default([]),
})

export default defineEntityType({
  type: 'folder',
  title: 'Folder',
  description: 'A folder of campaigns and flows, possibly inside another, possibly kept to some brands.',
  scope: 'read:campaigns',
  sight: 'used',
  statuses: ['active', 'archived'],
  definition: folderDefinition,
  summary: ({ parent, allowedBrands }) =>
    [parent ? `in folder ${parent}` : 'top folder', allowedBrands.length ? `for ${allowedBrands.length} brand${allowedBrands.length === 1 ? '' : 's'}` : undefined]
      .filter(Boolean)
      .join(', '),
  links: ({ parent, allowedBrands }) => [
    ...(parent ? [{ rel: 'parent', type: 'folder', key: parent }] : []),
    ...allowedBrands.map((brand) => ({ rel: 'allowed brand', type: 'brand', key: brand })),
  ],
  rules: () => [],
})
