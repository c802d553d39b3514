import type { Sender } from './blame-result.ts';
import type { Clause } from './clause.ts';

/** What the machine refused, by the code of the signal. FPE_INTDIV: on x86 also a quotient that does not fit. */
const CODES: Readonly<Record<string, string>> = {
  FPE_INTDIV: 'integer division by zero, or a quotient that does not fit',
  FPE_INTOVF: 'integer overflow',
  FPE_FLTDIV: 'floating-point division by zero',
  FPE_FLTOVF: 'floating-point overflow',
  FPE_FLTUND: 'floating-point underflow',
  FPE_FLTRES: 'inexact floating-point result',
  FPE_FLTINV: 'invalid floating-point operation',
  FPE_FLTSUB: 'subscript out of range',
  ILL_ILLOPC: 'illegal instruction',
  ILL_ILLOPN: 'illegal instruction',
  ILL_ILLADR: 'illegal addressing mode',
  ILL_ILLTRP: 'illegal trap',
  ILL_PRVOPC: 'privileged instruction',
  ILL_PRVREG: 'privileged register',
  ILL_COPROC: 'coprocessor error',
  ILL_BADSTK: 'internal stack error',
  TRAP_BRKPT: 'breakpoint instruction',
  TRAP_TRACE: 'single-step trap',
  BUS_ADRALN: 'misaligned address',
  SEGV_PKUERR: 'a protection key forbids the access',
  SEGV_BNDERR: 'bounds check failed',
  SEGV_CPERR: 'control protection: a return or jump to where none may lead',
};

/** Whether the signal tells that the machine raised it, and no process sent it. */
export function isOfMachine({
  code,
  address,
}: {
  readonly code: string | null;
  readonly address: string | null;
}): boolean {
  return address !== null || (code !== null && !code.startsWith('SI_'));
}

/** What the machine says of the instruction that failed; null for codes that say nothing of it. */
export function instructionClause(code: string | null): Clause | null {
  const text = code === null ? undefined : CODES[code];
  return text === undefined ? null : { text, place: null };
}

/** 'sent by pid 123 (killer)'. */
export function senderClause({ pid, program, place }: Sender): Clause {
  return { text: `sent by pid ${pid}${program === null ? '' : ` (${program})`}`, place };
}

/** The call that a SIGSYS's siginfo says seccomp refused: its name or number as printed; null where it tells none. */
export function refusedCall(siginfo: string): string | null {
  if (!siginfo.includes('SYS_SECCOMP')) return null;
  return /\bsi_syscall=(?:__NR_)?([a-z0-9_]+)/i.exec(siginfo)?.[1] ?? null;
}
