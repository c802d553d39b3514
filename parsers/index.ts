import { dtruss } from './dtruss.ts';
import { kdump } from './kdump.ts';
import { strace } from './strace.ts';
import type { TracerFormat } from './tracer-format.ts';
import { trussAix } from './truss-aix.ts';
import { trussFreebsd } from './truss-freebsd.ts';
import { trussIllumos } from './truss-illumos.ts';

/** Every format forklore reads, one line each. */
export const formats: readonly TracerFormat[] = [strace, trussIllumos, trussFreebsd, trussAix, dtruss, kdump];
