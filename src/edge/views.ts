/** Reads the built pages of the views once, at the start. Knows no file but those, and does without what is not there: answers are then text alone. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type BuiltViews, type ViewName, viewNames } from '../catalog/views.ts'
import type { Logger } from '../core/log.ts'

/** @param folder what scripts/dashboard.mjs built */
export function readViews(log: Logger, folder = join(import.meta.dirname, '../../web/dist/views')): BuiltViews {
  const built = new Map<ViewName, string>()
  for (const view of viewNames) {
    try {
      built.set(view, readFileSync(join(folder, `${view}.html`), 'utf8'))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
      log.error({ view }, 'The view for the chat is not built (npm run dashboard): its tools answer with text alone')
    }
  }
  return built
}
