import { beforeAll, expect, test } from 'vitest'
import { sharedApp } from '../../shared.ts'
import { signIn, sharedChromium } from '../chromium.ts'
import { look } from './look.ts'
import { putReports } from './report-world.ts'

const openProfile = sharedChromium()
const mercat = sharedApp()
beforeAll(async () => {
  await putReports(mercat)
})
test('shots', async () => {
  const { page, close } = await openProfile()
  await signIn(page, mercat.origin, mercat.people.owner, '/a/acme/reports')
  await page.locator('[data-totals]').waitFor()
  await page.waitForTimeout(1500)
  for (const tab of ['overview', 'campaigns', 'flows', 'channels', 'health']) {
    await page.goto(mercat.at(`/a/acme/reports?report=${tab}`))
    await page.waitForTimeout(2500)
    await look(page, `reports-${tab}`).catch((error: unknown) => console.log(tab, String(error).slice(0, 1500)))
  }
  await close()
})
