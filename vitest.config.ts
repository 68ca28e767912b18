import { defineConfig } from 'vitest/config';
import { SkipReporter } from './test/servers/skip-reporter.js';

/**
 * unit: pure, no server. integration: real servers started by the test (PostgreSQL from npm, redis-server, sshd, …).
 * host: a real systemd host; root only; in CI, not in `npm test`'s default on a machine without systemd-nspawn.
 */
export default defineConfig({
  test: {
    reporters: ['default', new SkipReporter()],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.integration.test.ts', 'test/lab/**'],
          // Property tests take seconds on a machine that has other things to do.
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/**/*.integration.test.ts'],
          exclude: ['test/lab/**'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          // Most of them wait, for a clock or for a server: one after the other leaves two cores two thirds idle.
          maxWorkers: 2,
          // After the unit tests, which use every core.
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'host',
          include: ['test/lab/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
