/** Two suites: `unit` (beside the source, quick, part of `npm run check`) and `system` (whole stores, servers, browsers, kills). */
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    pool: 'forks',
    // Twice the cores: many files wait for processes, browsers and stores most of their time.
    maxWorkers: 4,
    // A busy machine may take its time.
    expect: { poll: { timeout: 20_000 } },
    projects: [
      { extends: true, test: { name: 'unit', include: ['src/**/*.test.ts'], testTimeout: 120_000, hookTimeout: 120_000 } },
      { extends: true, test: { name: 'system', include: ['test/**/*.test.ts'], globalSetup: ['scripts/dashboard.mjs'], testTimeout: 300_000, hookTimeout: 300_000 } },
    ],
  },
})
