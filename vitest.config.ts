import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Programs are started and packages installed: slow on a loaded machine, and no sign of a hang.
    testTimeout: 60_000,
  },
});
