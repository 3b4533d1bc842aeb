/** A real Chromium for tests: people who sign in through the real page, a check of accessibility, screenshots to look at, and no complaint of a page passed over. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect } from 'vitest'
import type { Person } from '../clients/oauth.ts'

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path))
/** No sandbox: tests may run as root, and visit only our own pages. The rest keeps Chromium from calling home. */
const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const screenshots = resolve(import.meta.dirname, '../screenshots')

/** For measurements; tests share one of a file. */
export async function launchBrowser(): Promise<Browser> {
  if (!executablePath) throw new Error('Chromium is missing: install it (Debian: apt-get install chromium)')
  return await chromium.launch({ executablePath, args: flags })
}

export interface ProfileOptions {
  /** 1280 unless told; 360 is a telephone. */
  readonly width?: number
  readonly height?: number
  readonly dark?: boolean
  readonly javaScriptEnabled?: boolean
}

/** A fresh browser profile with one page. `close` fails for everything its pages complained of and the test did not expect. */
export interface Profile {
  readonly context: BrowserContext
  readonly page: Page
  /** Complaints that match are what the test wants to see. */
  readonly expectComplaint: (pattern: RegExp) => void
  readonly close: () => Promise<void>
}

async function openProfile(browser: Browser, { width = 1280, height = 800, dark = false, javaScriptEnabled = true }: ProfileOptions = {}): Promise<Profile> {
  const context = await browser.newContext({ javaScriptEnabled, viewport: { width, height }, colorScheme: dark ? 'dark' : 'light', reducedMotion: 'reduce' })
  // The test's own limit is the one that counts: a busy machine may take its time.
  context.setDefaultTimeout(120_000)
  const complaints: string[] = []
  const expected: RegExp[] = []
  context.on('page', (opened) => {
    opened.on('console', (message) => {
      if (['error', 'warning'].includes(message.type()) && !message.location().url.endsWith('/favicon.ico')) complaints.push(message.text())
    })
    opened.on('pageerror', (error) => complaints.push(String(error)))
  })
  return {
    context,
    page: await context.newPage(),
    expectComplaint: (pattern) => expected.push(pattern),
    close: async () => {
      await context.close()
      expect(
        complaints.filter((text) => !expected.some((pattern) => pattern.test(text))),
        'what the pages complained of',
      ).toEqual([])
    },
  }
}

/** A Chromium for the whole file of tests. @returns opens a fresh profile in it */
export function sharedChromium(): (options?: ProfileOptions) => Promise<Profile> {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchBrowser()
  })
  afterAll(async () => await browser?.close())
  return async (options) => await openProfile(browser, options)
}

/** Signs in through the real page and ends at `path`. @param again although somebody is signed in */
export async function signIn(page: Page, origin: string, person: Person, path = '/', { again = false } = {}): Promise<void> {
  await page.goto(`${origin}/sign-in?${again ? 'again=1&' : ''}return_to=${encodeURIComponent(path)}`)
  await page.fill('input[type=email]', person.email)
  await page.fill('input[type=password]', person.password)
  await page.click('button[value=sign-in]')
  await page.waitForURL((url) => url.pathname !== '/sign-in')
}

interface Violation {
  readonly id: string
  readonly impact: string | null
  readonly help: string
  readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary?: string }[]
}

/** No serious or critical violation of WCAG 2.2 AA, in the light and in the dark scheme. The page keeps the scheme it had. */
export async function expectAccessible(page: Page): Promise<void> {
  const before = (await page.evaluate<boolean>("matchMedia('(prefers-color-scheme: dark)').matches")) ? 'dark' : 'light'
  await page.emulateMedia({ colorScheme: 'light' })
  await expectNoViolation(page, 'light')
  // The other colours change nothing but contrasts.
  await page.emulateMedia({ colorScheme: 'dark' })
  await expectNoViolation(page, 'dark', ['color-contrast'])
  await page.emulateMedia({ colorScheme: before })
}

/** The same for one page or frame as it is now. @param rules by name; default: all of the standards */
export async function expectNoViolation(page: Pick<Page, 'evaluate' | 'url'>, scheme: string, rules?: readonly string[]): Promise<void> {
  // By the debugger, not by a script element: the page's own policy would refuse that.
  await page.evaluate(axe)
  const violations = await page.evaluate<Violation[]>(
    `axe.run(document, { resultTypes: ['violations'], runOnly: ${JSON.stringify(rules ?? ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])} }).then(({ violations }) => violations)`,
  )
  const bad = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
  expect(
    bad.map(
      ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ target, failureSummary = '' }) => `${target.join(' ')} (${failureSummary.replace(/\s+/g, ' ')})`).join('; ')}`,
    ),
    `${page.url()} (${scheme})`,
  ).toEqual([])
}

/** Nothing sticks out to the side: a page that scrolls sideways is not finished. */
export async function expectFits(page: Page): Promise<void> {
  const [content, view] = await page.evaluate<[number, number]>('[document.documentElement.scrollWidth, document.documentElement.clientWidth]')
  expect(content, `${page.url()} sticks out`).toBeLessThanOrEqual(view)
}

/** test/screenshots/<name>.png, the whole page: for people to look at, compared with nothing. */
export async function screenshot(page: Page, name: string): Promise<void> {
  if (!process.env.MERCAT_SCREENSHOTS) return
  mkdirSync(screenshots, { recursive: true })
  const view = page.viewportSize()
  // As tall as the page, so that what is fixed to the window's edges stands where people see it.
  if (view) await page.setViewportSize({ ...view, height: Math.max(view.height, await page.evaluate<number>('document.documentElement.scrollHeight')) })
  await page.screenshot({ path: join(screenshots, `${name}.png`) })
  if (view) await page.setViewportSize(view)
}
