/** Folder: where people keep campaigns and flows together. */
import { z } from 'zod'
import { defineEntityType } from '../define.ts'

const key = z.string().min(1).max(200)

export const folderDefinition = z.strictObject({
  parent: key.optional(),
  /** Keys of the brands that may use it; empty: all. */
  allowedBrands: z.array(key).max(1000).default([]),
})

export default defineEntityType({
  type: 'folder',
  title: 'Folder',
  description: 'A folder of campaigns and flows, possibly inside another, possibly kept to some brands.',
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
})
