/** What a file of tests has from its first to its last test. Apart from test/app.ts, which programs without a test runner use too. */
import { afterAll, beforeAll } from 'vitest'
import { startApp, type TestApp, type TestAppOptions } from './app.ts'

/** A Mercat for the whole file. Its members are there from the first hook or test on, not before. */
export function sharedApp(options?: TestAppOptions): TestApp {
  const app = {} as TestApp
  beforeAll(async () => void Object.assign(app, await startApp(options)))
  // No members when it did not start.
  afterAll(async () => await (app as Partial<TestApp>).close?.())
  return app
}
