import { defineConfig } from 'vitest/config';
import './scripts/compile-cache.js'; // for the processes that tests start

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/support/global-setup.ts',
    pool: 'forks',
    maxWorkers: 2,
    maxConcurrency: 3,
    reporters: ['default', './test/support/requirements-reporter.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
