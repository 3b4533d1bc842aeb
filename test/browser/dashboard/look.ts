/** How a page of the dashboard is looked at: wide and narrow, light and dark, each fitting, accessible, and left as a picture for people. */
import type { Page } from 'playwright-core'
import { expectAccessible, expectFits, screenshot } from '../chromium.ts'

/** @param height for a dialog that is longer than a screen */
export async function look(page: Page, name: string, height = 800): Promise<void> {
  for (const width of [1280, 360]) {
    await page.setViewportSize({ width, height })
    await expectFits(page)
    await expectAccessible(page)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await screenshot(page, `${name}-${width}-${colorScheme}`)
    }
    await page.emulateMedia({ colorScheme: null })
  }
  await page.setViewportSize({ width: 1280, height: 800 })
}
