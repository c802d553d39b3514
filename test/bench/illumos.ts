import { strace } from '../../parsers/strace.ts';
import { argumentsOf } from '../../src/model/accessors.ts';
import { Clock } from '../../src/model/clock.ts';
import { errnoNumber } from '../../src/model/errno.ts';
import type { SignalEvent, SyscallEvent, TraceEvent } from '../../src/model/event.ts';
import { readSiginfo } from '../../src/model/siginfo.ts';

// What `strace -f` recorded, as `truss -f` of illumos would have printed it: calls whole and where they return, under
// the names they have there, with what truss shows of their arguments. A log to measure with, not one to learn from.

const LINUX_ONLY = new Set(['arch_prctl', 'set_tid_address', 'set_robust_list', 'rseq', 'getrandom']);
const BIRTHS = new Set(['vfork', 'clone', 'clone3']);
const NAMES: Readonly<Record<string, string>> = {
  rt_sigaction: 'sigaction',
  rt_sigprocmask: 'lwp_sigmask',
  faccessat2: 'faccessat',
  newfstatat: 'fstatat64',
  stat: 'stat64',
  prlimit64: 'getrlimit',
  pselect6: 'pollsys',
  pread64: 'pread',
  sysinfo: 'sysconfig',
  pipe2: 'pipe',
  lseek: 'llseek',
};
/** Calls `at` a directory by the name they have where it is the current one. */
const AT_NAMES: Readonly<Record<string, string>> = {
  openat: 'open',
  fstatat64: 'stat64',
  readlinkat: 'readlink',
  unlinkat: 'unlink',
};
const SIGNAL_NUMBERS: Readonly<Record<string, number>> = { SIGSEGV: 11, SIGTERM: 15, SIGCLD: 18 };
const ADDRESS = '0x08047A10';
const RESULT_COLUMN = 48;
const TAB = 8;
/** How much of what was read or written truss shows. */
const SHOWN_BYTES = 12;

/** The log in illumos truss's words. */
export function asIllumosTruss(log: string): string {
  return new Translation(eventsOf(log)).text();
}

function eventsOf(log: string): TraceEvent[] {
  const events: TraceEvent[] = [];
  const sink = { event: (event: TraceEvent) => events.push(event), diagnostic() {} };
  const parser = strace.createParser(sink, { input: 0, defaultPid: null, clock: new Clock(), needs: null });
  for (const [index, line] of log.trimEnd().split('\n').entries()) parser.push(line, index + 1);
  parser.end();
  return events;
}

class Translation {
  readonly #events: readonly TraceEvent[];
  /** Children with their parents, of those that have not acted yet. */
  readonly #unborn = new Map<number, number>();
  /** Signals that were the death of somebody. */
  readonly #fatal = new Set<SignalEvent>();
  readonly #lines: string[] = [];

  constructor(events: readonly TraceEvent[]) {
    this.#events = events;
    const lastSignals = new Map<number | null, SignalEvent>();
    for (const event of events) {
      if (event.kind === 'syscall' && BIRTHS.has(event.name) && event.pid !== null) {
        this.#unborn.set(Number(event.result), event.pid);
      } else if (event.kind === 'signal') lastSignals.set(event.pid, event);
      else if (event.kind === 'killed') {
        const signal = lastSignals.get(event.pid);
        if (signal !== undefined) this.#fatal.add(signal);
      }
    }
  }

  text(): string {
    for (const event of this.#events) {
      if (event.pid === null) continue;
      this.#bear(event.pid);
      if (event.kind === 'signal') this.#signal(event, event.pid);
      else if (event.kind === 'syscall') this.#call(event, event.pid);
    }
    return `${this.#lines.join('\n')}\n`;
  }

  #put(pid: number, text: string): void {
    this.#lines.push(`${pid}:\t${text}`);
  }

  /** Says of a child that acts for the first time how it came to be. */
  #bear(pid: number): void {
    const parent = this.#unborn.get(pid);
    if (parent === undefined) return;
    this.#unborn.delete(pid);
    this.#put(parent, laidOut('vforkx(0)', `= ${pid}`));
    this.#put(pid, `vforkx()\t(returning as child ...)\t= ${parent}`);
  }

  #call(event: SyscallEvent, pid: number): void {
    const { name, outcome } = event;
    if (LINUX_ONLY.has(name) || BIRTHS.has(name)) return;
    if (name === 'exit_group') this.#put(pid, `_exit(${event.args})`);
    else if (name === 'rt_sigreturn') this.#put(pid, `setcontext(${ADDRESS})`);
    else if (name === 'execve' && outcome === 'returned') {
      const [path = '', words = ''] = argumentsOf(event);
      this.#put(pid, `execve(${path}, 0x080A5F0C, 0x080A60F4)  argc = ${words.split('", "').length}`);
    } else if (outcome !== 'unfinished') this.#put(pid, laidOut(callText(event), resultText(event)));
  }

  #signal(event: SignalEvent, pid: number): void {
    const signal = event.signal === 'SIGCHLD' ? 'SIGCLD' : event.signal;
    const { address, pid: child, status } = readSiginfo(event.siginfo ?? '');
    const about =
      signal === 'SIGCLD'
        ? `CLD_${status?.startsWith('SIG') ? 'KILLED' : 'EXITED'} pid=${child} status=${hex(status === 'SIGSEGV' ? 11 : Number(status), 4)}`
        : `SEGV_MAPERR addr=${hex(Number(address ?? 0), 8)}`;
    if (signal === 'SIGSEGV') {
      this.#put(pid, '    Incurred fault #6, FLTBOUNDS  %pc = 0x0849C1F2');
      this.#put(pid, `      siginfo: ${signal} ${about}`);
    }
    const disposition = this.#fatal.has(event) ? 'default' : 'caught';
    this.#put(pid, `    Received signal #${SIGNAL_NUMBERS[signal]}, ${signal} [${disposition}]`);
    this.#put(pid, `      siginfo: ${signal} ${about}`);
  }
}

function callText(event: SyscallEvent): string {
  const [first = '', ...others] = argumentsOf(event).map((piece) => argumentText(event.name, piece));
  if (event.name === 'wait4')
    return `waitid(P_${first === '-1' ? 'ALL, 0' : `PID, ${first}`}, ${ADDRESS}, WEXITED|WTRAPPED)`;
  const name = NAMES[event.name] ?? event.name;
  if (first === 'AT_FDCWD') return `${AT_NAMES[name] ?? name}(${others.join(', ')})`;
  return `${name}(${[first, ...others].join(', ')})`;
}

function argumentText(call: string, piece: string): string {
  const text = piece.replace(/ ?\/\*.*\*\//, '');
  if (call === 'pipe2') return text.replace(', ', ',');
  if (/^(?:~?\[|\{|0x)/.test(text)) return ADDRESS;
  if (text === 'NULL') return '0x00000000';
  const isData = ['read', 'write', 'pread64'].includes(call);
  return isData && text.startsWith('"') ? dataText(text) : text;
}

/** `" # i n c l"..` of `"#include <a.h>"...`. */
function dataText(text: string): string {
  const bytes = [...text.slice(1, text.lastIndexOf('"')).matchAll(/\\(?:x..|\d{1,3}|.)|./g)].map(([byte]) => byte);
  const shown = bytes
    .slice(0, SHOWN_BYTES)
    .map((byte) => (byte.length === 1 ? ` ${byte}` : byte.slice(-2).padStart(2, '0')));
  return `"${shown.join('')}"${bytes.length > SHOWN_BYTES ? '..' : ''}`;
}

function resultText({ name, outcome, result, errno }: SyscallEvent): string {
  if (outcome === 'restarted') return 'Err#91 ERESTART';
  if (errno?.name != null) return `Err#${errnoNumber(errno.name, 'illumos')} ${errno.name}`;
  if (name === 'wait4') return '= 0';
  return `= ${result?.startsWith('0x') ? hex(Number(result), 8) : result}`;
}

function hex(number: number, digits: number): string {
  return `0x${number.toString(16).toUpperCase().padStart(digits, '0')}`;
}

/** A call with its result in truss's column. */
function laidOut(call: string, result: string): string {
  const tabs = (RESULT_COLUMN >> 3) - Math.floor(call.length / TAB);
  return `${call}${tabs > 0 ? '\t'.repeat(tabs) : ' '}${result}`;
}
