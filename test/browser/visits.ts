/** Every page of the dashboard that a person's menu leads to, and the first item of each that lists some, each until all that is in sight is there. */
import { setTimeout as delay } from 'node:timers/promises'
import type { Page } from 'playwright-core'

export interface Visit {
  readonly path: string
  /** From asking for the page until nothing in sight is still loading. */
  readonly milliseconds: number
}

const loading = "[...document.querySelectorAll('.mantine-Skeleton-root, .mantine-Loader-root')].some((one) => one.getBoundingClientRect().top < innerHeight)"

async function visit(page: Page, origin: string, path: string): Promise<Visit> {
  const began = performance.now()
  await page.goto(origin + path, { waitUntil: 'commit' })
  await page.getByRole('main').getByRole('heading', { level: 1 }).waitFor()
  while (await page.evaluate<boolean>(loading)) await delay(10)
  return { path, milliseconds: performance.now() - began }
}

/** @param page on any page of the account, with its menu */
export async function visitPages(page: Page, origin: string, account: string): Promise<Visit[]> {
  const visits: Visit[] = []
  const links = page.getByRole('navigation', { name: 'Main' }).getByRole('link')
  await links.first().waitFor()
  const all = await links.evaluateAll((found) => found.map((link) => new URL((link as unknown as { href: string }).href).pathname))
  for (const path of all.filter((one) => one.startsWith(`/a/${account}/`))) {
    visits.push(await visit(page, origin, path))
    const item = page.getByRole('main').locator(`table a[href^="${path}/"]`).first()
    const first = (await item.count()) > 0 ? await item.getAttribute('href') : null
    if (first) visits.push(await visit(page, origin, first))
  }
  return visits
}
