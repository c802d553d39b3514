import { argumentsOf, elementsOf, stringArgument } from '../model/accessors.ts';
import type { Dialect } from '../model/dialect.ts';
import type { StartVia, SyscallEvent, TraceEvent } from '../model/event.ts';
import { detach } from '../scan/detach.ts';

// What single events say of processes, before anybody knows which process it is.

/** Whether the event shows that a signal before it was no death: the end of a call that the death cut off does not. */
export function isSignOfLife(event: TraceEvent): boolean {
  return event.kind === 'syscall' && event.outcome !== 'unfinished';
}

/** Whether a signal cut a call short: the death of a process does that to the calls its other threads are in. */
export function isInterrupted(event: TraceEvent): boolean {
  return event.kind === 'syscall' && (event.outcome === 'restarted' || event.errno?.name === 'EINTR');
}

/** Calls that send a signal to a thread of the caller's process; their first argument names the thread. */
const THREAD_KILLS: ReadonlySet<string> = new Set(['__pthread_kill', 'lwp_kill', 'thr_kill']);

/** Whether the call sends a signal to a thread of the process that makes it. */
export function signalsOwnThread(event: SyscallEvent): boolean {
  return THREAD_KILLS.has(event.name);
}

/** Whether the event is a thread's last, as its process is killed: its death, or the end of the call it was in. */
export function isLastSign(event: TraceEvent, signal: string | null): boolean {
  if (event.kind === 'killed') return event.signal === signal;
  return event.kind === 'syscall' && event.outcome === 'unfinished';
}

/** Whether the event can only be the last of a thread: its death, or the end of a call that its death cut off. */
export function isLastWord(event: TraceEvent): boolean {
  return (
    event.kind === 'exit' || event.kind === 'killed' || (event.kind === 'syscall' && event.outcome === 'unfinished')
  );
}

/** Whether an event can be the first of a new process under a pid that was used before. */
export function startsAfresh(event: TraceEvent): boolean {
  return event.kind === 'syscall' && event.outcome === 'returned' && event.name.startsWith('exec');
}

const CLONE_THREAD = 0x10000;
/** FreeBSD numbers threads from here on, also those of Linux programs. */
const FREEBSD_MAX_PID = 99_999;

/** What a creation call made. `clone`: its flags do not show (strace without a decoder for clone3, -e raw). */
export function viaOf(event: SyscallEvent): StartVia {
  const { name, args } = event;
  const isNamed = args.indexOf('CLONE_') >= 0;
  if (isNamed && args.indexOf('CLONE_THREAD') >= 0) return 'thread';
  if (name.startsWith('vfork') || (isNamed && args.indexOf('CLONE_VFORK') >= 0)) return 'vfork';
  if (isNamed || args.includes('SIGCHLD') || /\bflags=0\b/.test(args) || name.includes('fork')) return 'fork';
  if (name.startsWith('linux_clone')) return Number(event.result) > FREEBSD_MAX_PID ? 'thread' : 'fork';
  // What clone3 begins with is an address, unless it is a structure.
  const isPointer = name.endsWith('3') || name.startsWith('syscall');
  const first = isPointer ? undefined : /^(?:flags=|clone_flags=)?(0x[0-9a-f]+)/.exec(args)?.[1];
  const raw = first ?? /\bflags=(0x[0-9a-f]+)/.exec(args)?.[1];
  if (raw === undefined) return 'clone';
  return Number(raw) & CLONE_THREAD ? 'thread' : 'fork';
}

/** What parent and child share. */
export interface Shares {
  readonly cwd: boolean;
  readonly files: boolean;
}

const SHARES_NOTHING: Shares = { cwd: false, files: false };

/** What clone flags make the two share. */
export function sharedBy(flags: string): Shares {
  if (flags.indexOf('CLONE_FS') < 0 && flags.indexOf('CLONE_FILES') < 0) return SHARES_NOTHING;
  return { cwd: /\bCLONE_FS\b/.test(flags), files: /\bCLONE_FILES\b/.test(flags) };
}

/** Status of `exit_group(139)` or `_exit(1)`: of the number, what the parent is told. */
export function exitStatus(event: SyscallEvent): number | null {
  const status = Number(argumentsOf(event)[0] ?? '');
  return Number.isNaN(status) ? null : status & 0xff;
}

/** A word of a command line or environment. */
export interface CommandWord {
  /** Latin1 bytes. */
  readonly text: string;
  /** Whether the tracer cut it: what follows is not in the log. */
  readonly cut: boolean;
}

/**
 * The words of a printed list: `["cc", "-c", "a"..., ...]`. Null where the argument is none. `leftOut`: the tracer
 * ended the list early.
 */
export function wordsOf(
  piece: string | undefined,
  dialect: Dialect,
): { readonly list: CommandWord[]; readonly leftOut: boolean } | null {
  if (piece === undefined || !piece.startsWith('[') || /^\[\/\*/.test(piece)) return null;
  const list: CommandWord[] = [];
  let leftOut = !piece.endsWith(']');
  for (const word of elementsOf(piece, dialect)) {
    const text = stringArgument(word, dialect);
    if (text !== null) list.push({ text: detach(text), cut: word.endsWith('...') });
    else leftOut = true;
  }
  return { list, leftOut };
}

/** The words of `["cc", "main.c"]`, with `...` where strace cut them; null where the log has an address. */
export function argvOf(piece: string | undefined, dialect: Dialect): string[] | null {
  const words = wordsOf(piece, dialect);
  if (words === null) return null;
  const texts = words.list.map(({ text, cut }) => (cut ? `${text}...` : text));
  return words.leftOut ? [...texts, '...'] : texts;
}
