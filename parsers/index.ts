import { strace } from './strace.ts';
import type { TracerFormat } from './tracer-format.ts';
import { trussIllumos } from './truss-illumos.ts';

/** Every format forklore reads. Order carries no meaning. */
export const formats: readonly TracerFormat[] = [strace, trussIllumos];
