import type { Platform } from './dialect.ts';
import { signalName } from './signals.ts';

/** What a tracer printed of a siginfo; null is what it did not. */
export interface Siginfo {
  /** 'SEGV_MAPERR', 'SI_TKILL', 'CLD_DUMPED'. */
  readonly code: string | null;
  /** Faulting address: '0x7f35e4bffe80'; a null pointer is '0x0'. */
  readonly address: string | null;
  /** Sender, or the child that changed state. */
  readonly pid: number | null;
  /** Exit code, or a signal's name or number, as printed. */
  readonly status: string | null;
}

const CODE = /\b(?:si_code=)?((?:SI|SEGV|BUS|FPE|ILL|TRAP|CLD|POLL|EMT|SYS)_[A-Z0-9_]+)/;
const ADDRESS = /\b(?:si_)?addr=(NULL|0x[0-9a-fA-F]+|0)\b/;
/** With the id in the tracer's own pid namespace behind it, where strace translates. */
const PID = /\b(?:si_)?pid=(\d+)(?: \/\* (\d+) in strace's PID NS \*\/)?/;
const STATUS = /\b(?:si_)?status=(\w+)/;
/** strace <= 4.5.20: `@ pc (address)`, hexadecimal without 0x; 0 also where the kernel told no address. */
const OLD_ADDRESS = /@ [0-9a-f]+ \(([0-9a-f]+)\)$/;

/**
 * Reads a siginfo in any tracer's words:
 * `{si_signo=SIGSEGV, si_code=SEGV_MAPERR, si_addr=NULL}` (strace), `SIGSEGV SEGV_MAPERR addr=0x00000054` (truss).
 */
export function readSiginfo(text: string): Siginfo {
  const old = OLD_ADDRESS.exec(text)?.[1];
  const ids = PID.exec(text);
  const pid = ids?.[2] ?? ids?.[1];
  const code = CODE.exec(text)?.[1] ?? null;
  return {
    code,
    address: old === undefined ? addressOf(ADDRESS.exec(text)?.[1], code) : old === '0' ? null : `0x${old}`,
    pid: pid === undefined ? null : Number(pid),
    status: STATUS.exec(text)?.[1] ?? null,
  };
}

function addressOf(printed: string | undefined, code: string | null): string | null {
  // The kernel's own signals carry no address: what is printed there is a field nobody filled.
  if (printed === undefined || code?.startsWith('SI_') === true) return null;
  if (printed === 'NULL') return '0x0';
  return `0x${printed.replace(/^0x0*(?=[0-9a-fA-F])/i, '').toLowerCase()}`;
}

/** A wait word has the exit status in its second byte, the signal in seven bits of its first. */
const MAX_STATUS = 255;
const STATUS_SHIFT = 8;
const SIGNAL_MASK = 127;

/** How a child ended, told by its parent's SIGCHLD or wait call. */
export type ChildEnd =
  | { readonly how: 'exited'; readonly status: number | null }
  | { readonly how: 'killed'; readonly signal: string | null; readonly coreDumped: boolean | null };

export interface ChildReport {
  readonly pid: number;
  readonly end: ChildEnd;
}

/** The child that a SIGCHLD's siginfo reports as ended, or null where it reports none. */
export function childReport(siginfo: string, platform: Platform): ChildReport | null {
  const { code, pid, status } = readSiginfo(siginfo);
  if (pid === null) return null;
  switch (code) {
    case 'CLD_EXITED':
      return { pid, end: { how: 'exited', status: status === null ? null : exitStatus(numberOf(status), platform) } };
    case 'CLD_KILLED':
    case 'CLD_DUMPED':
      return { pid, end: { how: 'killed', signal: nameOf(status, platform), coreDumped: code === 'CLD_DUMPED' } };
    default:
      return null;
  }
}

// Older NetBSD gives the whole word that wait tells: 256 for 1, 139 for SIGSEGV with a core.
function exitStatus(status: number | null, platform: Platform): number | null {
  return status !== null && platform === 'bsd' && status > MAX_STATUS ? status >> STATUS_SHIFT : status;
}

function numberOf(text: string): number | null {
  const value = Number(text);
  return Number.isInteger(value) ? value : null;
}

function nameOf(status: string | null, platform: Platform): string | null {
  if (status === null) return null;
  const number = numberOf(status);
  return number === null ? status : signalName(number & SIGNAL_MASK, platform);
}

const EXITED = /WIFEXITED\(s\) && WEXITSTATUS\(s\) == (\d+)/;
// FreeBSD truss: { EXITED,val=1 }, { SIGNALED,sig=SIGSEGV,cored }
const BRACED_EXIT = /\{ EXITED,val=(\d+) \}/;
const BRACED_SIGNAL = /\{ SIGNALED,sig=(SIG[A-Z0-9]+)(,cored)? \}/;
const SIGNALED = /WIFSIGNALED\(s\) && WTERMSIG\(s\) == (\w+)/;

/** How the child ended that a wait call's decoded status word is about, or null where it did not end. */
export function waitStatus(args: string): ChildEnd | null {
  const exited = (EXITED.exec(args) ?? BRACED_EXIT.exec(args))?.[1];
  if (exited !== undefined) return { how: 'exited', status: Number(exited) };
  const braced = BRACED_SIGNAL.exec(args);
  if (braced !== null) return { how: 'killed', signal: braced[1] ?? null, coreDumped: braced[2] !== undefined };
  const signal = SIGNALED.exec(args)?.[1];
  // A number is no signal the kernel has: the word was no status (an injected result, a foreign structure).
  if (signal === undefined || !signal.startsWith('SIG')) return null;
  return {
    how: 'killed',
    signal,
    coreDumped: args.includes('WCOREDUMP(s)'),
  };
}
