import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { include: ['test/bench/bench.ts'], root: '.', disableConsoleIntercept: true, reporters: ['dot'] },
});
