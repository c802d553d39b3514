import { describe, expect, test } from 'vitest';
import { forklore } from './program.ts';

const LOG = 'samples/strace/files.strace';

describe('files', () => {
  test.concurrent('--csv prints a row a file, --by-process a row a file of each process', async () => {
    const over = await forklore(['files', '--csv', LOG]);
    expect(over).toMatchObject({ status: 0 });
    const [header, ...rows] = over.stdout.trimEnd().split('\r\n');
    expect(header).toMatch(/^pid,program,path,.*,last_input,last_line$/);
    expect(rows.every((row) => row.startsWith(',,'))).toBe(true);
    expect(rows.filter((row) => row.startsWith(',,gone,'))).toHaveLength(1);
    const each = await forklore(['files', '--csv', '--by-process', LOG]);
    expect(each.stdout.split('\r\n')[1]).toMatch(/^\d+,/);
  });

  test.concurrent('--csv takes the same choices as the text', async () => {
    const { stdout } = await forklore(['files', '--csv', '--written', '--sort', 'path', LOG]);
    const paths = stdout
      .trimEnd()
      .split('\r\n')
      .slice(1)
      .map((row) => row.split(',')[2] ?? '');
    expect(paths.length).toBeGreaterThan(3);
    expect(paths).toEqual([...paths].sort());
  });

  test.concurrent('refuses two outputs at once', async () => {
    const { stdout, stderr, status } = await forklore(['files', '--csv', '--json', LOG]);
    expect({ stdout, status }).toEqual({ stdout: '', status: 2 });
    expect(stderr).toContain('--json and --csv ask for different outputs');
  });
});
