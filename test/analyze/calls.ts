import type { Dialect } from '../../src/model/dialect.ts';
import type { SyscallEvent } from '../../src/model/event.ts';

/** A call of process 1 that returned. */
export function callOf(
  line: number,
  name: string,
  args: string,
  result: string,
  dialect: Dialect = 'strace',
): SyscallEvent {
  return {
    kind: 'syscall',
    dialect,
    input: 0,
    line,
    endLine: line,
    pid: 1,
    tid: null,
    time: null,
    atNs: null,
    name,
    args,
    result,
    detail: null,
    errno: null,
    durationNs: null,
    outcome: 'returned',
  };
}
