import { defineConfig } from 'vitest/config';

export default defineConfig(({ mode }) => ({
  test: {
    include: [mode === 'bench' ? 'test/bench/bench.ts' : 'test/**/*.test.ts'],
    // Programs are started and packages installed: slow on a loaded machine, and no sign of a hang.
    testTimeout: 60_000,
    // All cores: most tests wait for programs they started.
    maxWorkers: '100%',
  },
}));
