import { recognizesDtruss } from './dtruss-recognize.ts';
import { recognizesKdump } from './kdump-recognize.ts';
import { recognizesStrace } from './strace-recognize.ts';
import type { TracerFormat } from './tracer-format.ts';
import { recognizesTrussAix } from './truss-aix-recognize.ts';
import { recognizesTrussFreebsd } from './truss-freebsd-recognize.ts';
import { recognizesTrussIllumos } from './truss-illumos-recognize.ts';

/** Every format forklore reads. */
export const formats: readonly TracerFormat[] = [
  {
    dialect: 'strace',
    title: 'strace (Linux)',
    reference: 'https://strace.io/',
    recognizes: recognizesStrace,
    load: async () => (await import('./strace.ts')).strace,
  },
  {
    dialect: 'truss-illumos',
    title: 'truss (illumos, Solaris)',
    reference: 'https://illumos.org/man/1/truss',
    recognizes: recognizesTrussIllumos,
    load: async () => (await import('./truss-illumos.ts')).trussIllumos,
  },
  {
    dialect: 'truss-freebsd',
    title: 'truss (FreeBSD)',
    reference: 'https://man.freebsd.org/truss(1)',
    recognizes: recognizesTrussFreebsd,
    load: async () => (await import('./truss-freebsd.ts')).trussFreebsd,
  },
  {
    dialect: 'truss-aix',
    title: 'truss (AIX)',
    reference: 'https://www.ibm.com/docs/en/aix/7.3?topic=t-truss-command',
    recognizes: recognizesTrussAix,
    load: async () => (await import('./truss-aix.ts')).trussAix,
  },
  {
    dialect: 'dtruss',
    title: 'dtruss (macOS, DTraceToolkit)',
    reference: 'https://github.com/apple-oss-distributions/dtrace/blob/main/DTTk/Man/man1m/dtruss.1m',
    recognizes: recognizesDtruss,
    load: async () => (await import('./dtruss.ts')).dtruss,
  },
  {
    dialect: 'kdump',
    title: 'kdump and ktruss (the BSDs)',
    reference: 'https://man.freebsd.org/cgi/man.cgi?query=kdump',
    recognizes: recognizesKdump,
    load: async () => (await import('./kdump.ts')).kdump,
  },
];
