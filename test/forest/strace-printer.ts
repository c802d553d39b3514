import type { Call, ChildReport, Happening, Request, Result, Siginfo } from './happening.ts';
import type { Run } from './kernel.ts';
import { Log, type Printed } from './printed.ts';

// Prints a run as strace does.

export interface StraceOptions {
  /** `file`: -o FILE -f. `stderr`: -f. `bare`: one task's own file (-ff). */
  readonly layout: 'file' | 'stderr' | 'bare';
  /** 4.26: a blank after `resumed>`; 6.16: separators in the second half. */
  readonly version: '4.26' | '6.1' | '6.16';
  readonly stamps: 'none' | '-t' | '-tt' | '-ttt' | '-r';
  /** -T */
  readonly durations: boolean;
  /** -y */
  readonly paths: boolean;
  /** -i */
  readonly pointers: boolean;
  /** -q */
  readonly quiet: boolean;
  /** -e trace=: null is all of them. */
  readonly calls: ReadonlySet<Request['name']> | null;
}

export const PLAIN: StraceOptions = {
  layout: 'file',
  version: '6.1',
  stamps: 'none',
  durations: false,
  paths: false,
  pointers: false,
  quiet: false,
  calls: null,
};

export interface PrintedStrace extends Printed {
  /** Whether a line without a column is of a child that never had one. */
  readonly anonymous: boolean;
}

const BASE_SECONDS = 1_700_000_000;
const STEP_MICROS = 137;
const RESULT_COLUMN = 40;

export function printStrace(run: Run, options: StraceOptions): PrintedStrace {
  return new Printer(options).print(run.happenings);
}

/** As -ff writes it: by file name, `BASE.TID`. Lines are of the file of the happening's task. */
export function printStraceFiles(run: Run, base: string, options: StraceOptions): ReadonlyMap<string, Printed> {
  const byTask = new Map<number, Happening[]>();
  const files = (tid: number) => {
    const found = byTask.get(tid) ?? [];
    byTask.set(tid, found);
    return found;
  };
  for (const what of run.happenings) {
    files(what.tid).push(what);
    if (what.kind === 'superseded') files(what.by).push(what);
  }
  const printed = new Map<string, Printed>();
  for (const [tid, happenings] of byTask) {
    printed.set(`${base}.${tid}`, new Printer({ ...options, layout: 'bare' }, tid).print(happenings));
  }
  return printed;
}

class Printer {
  readonly #options: StraceOptions;
  /** Whose file it is (-ff). */
  readonly #tid: number | null;
  readonly #log = new Log();
  /** The line that is not ended yet, and whose call it is. */
  #open: { text: string; readonly call: Call; readonly tid: number } | null = null;
  #traced = 0;
  #previousMicros = 0;
  #anonymous = false;
  readonly #named = new Set<object>();

  constructor(options: StraceOptions, tid: number | null = null) {
    this.#options = options;
    this.#tid = tid;
  }

  print(happenings: readonly Happening[]): PrintedStrace {
    for (const happening of happenings) this.#one(happening);
    this.#cut();
    return { ...this.#log.printed((happenings.at(-1)?.index ?? -1) + 1), anonymous: this.#anonymous };
  }

  #one(what: Happening): void {
    if ('call' in what && this.#options.calls?.has(what.call.request.name) === false) return;
    switch (what.kind) {
      case 'born':
        this.#traced++;
        if (what.index > 0) this.#attached(what);
        break;
      case 'enter':
        this.#cut();
        this.#log.mark(what);
        this.#open = { text: this.#prefix(what) + this.#head(what.call), call: what.call, tid: what.tid };
        break;
      case 'return': {
        if (what.call.request.name === 'write' && this.#options.layout === 'stderr')
          this.#output(what.call.request.text);
        const tail = this.#tail(what.call, what.result);
        const result = this.#result(what.call, what.result);
        this.#finish(
          what,
          `${tail})`,
          this.#options.durations ? `${result} <0.000${100 + (what.index % 900)}>` : result,
        );
        break;
      }
      case 'abandon':
        this.#finish(what, this.#hasTail(what.call) ? ' <unfinished ...>)' : ')', '?');
        break;
      case 'signal':
        this.#whole(what, `--- ${what.signal} ${siginfo(what.signal, what.siginfo)} ---`);
        break;
      case 'exited':
        this.#whole(what, `+++ exited with ${what.status} +++`);
        this.#traced--;
        break;
      case 'killed':
        this.#whole(what, `+++ killed by ${what.signal}${what.coreDumped ? ' (core dumped)' : ''} +++`);
        this.#traced--;
        break;
      case 'superseded':
        this.#traced--;
        if (this.#open?.call.request.name === 'exec' && this.#open.tid === what.by) {
          this.#log.write(`${this.#open.text} <pid changed to ${what.tid} ...>`);
          this.#open = null;
        }
        if (this.#tid === what.by) break;
        this.#whole(what, `+++ superseded by execve in pid ${what.by} +++`);
        break;
      default:
        what satisfies never;
    }
  }

  // ---- lines

  /** Another line comes between the two halves of a call. */
  #cut(): void {
    if (this.#open === null) return;
    this.#log.write(`${this.#open.text} <unfinished ...>`);
    this.#open = null;
  }

  #whole(what: Happening, body: string): void {
    this.#cut();
    this.#log.mark(what);
    this.#log.write(this.#prefix(what) + body);
  }

  #finish(what: Happening & { readonly call: Call }, tail: string, result: string): void {
    let text: string;
    if (this.#open?.call === what.call) {
      text = this.#open.text + tail;
      this.#open = null;
    } else {
      this.#cut();
      const gap = this.#options.version === '4.26' ? ' ' : '';
      text = `${this.#prefix(what)}<... ${this.#name(what.call.request)} resumed>${gap}${tail}`;
    }
    this.#log.mark(what);
    this.#log.write(`${`${text} `.padEnd(RESULT_COLUMN)}= ${result}`);
  }

  #attached({ tid, process }: Happening): void {
    if (this.#options.quiet || this.#options.layout !== 'stderr') return;
    this.#named.add(process);
    this.#log.write(`${this.#open?.text ?? ''}strace: Process ${tid} attached`);
    if (this.#open !== null) this.#open = { ...this.#open, text: '' };
  }

  /** The program's own, on the same terminal. */
  #output(text: string): void {
    this.#log.write(`${this.#open?.text ?? ''}${text}`);
    if (this.#open !== null) this.#open = { ...this.#open, text: '' };
  }

  #prefix(what: Happening): string {
    const micros = what.index * STEP_MICROS;
    let prefix = '';
    if (this.#options.layout === 'file') prefix = `${String(what.tid).padEnd(5)} `;
    else if (this.#options.layout === 'stderr') {
      if (this.#traced > 1) {
        this.#named.add(what.process);
        prefix = `[pid ${String(what.tid).padStart(5)}] `;
      } else if (what.parentPid !== 1 && !this.#named.has(what.process)) this.#anonymous = true;
    }
    switch (this.#options.stamps) {
      case 'none':
        break;
      case '-t':
        prefix += `${clock(micros)} `;
        break;
      case '-tt':
        prefix += `${clock(micros)}.${decimals(micros)} `;
        break;
      case '-ttt':
        prefix += `${BASE_SECONDS + Math.floor(micros / 1e6)}.${decimals(micros)} `;
        break;
      case '-r':
        prefix += `     0.${decimals(micros - this.#previousMicros)} `;
        this.#previousMicros = micros;
        break;
      default:
        this.#options.stamps satisfies never;
    }
    return this.#options.pointers ? `${prefix}[00007f12${what.index.toString(16).padStart(8, '0')}] ` : prefix;
  }

  // ---- calls

  #name(request: Request): string {
    switch (request.name) {
      case 'open':
        return 'openat';
      case 'posix_spawn':
      case 'thread':
        return 'clone3';
      case 'exec':
        return 'execve';
      case 'exit-group':
        return 'exit_group';
      case 'exit-thread':
        return 'exit';
      case 'sigreturn':
        return 'rt_sigreturn';
      case 'sigaction':
        return 'rt_sigaction';
      case 'sigprocmask':
        return 'rt_sigprocmask';
      case 'join':
        return 'futex';
      default:
        return request.name;
    }
  }

  #head(call: Call): string {
    return `${this.#name(call.request)}(${this.#first(call)}`;
  }

  /** What is printed at entry. */
  #first(call: Call): string {
    const { request } = call;
    const { version } = this.#options;
    const separator = version === '6.16' ? '' : ', ';
    switch (request.name) {
      case 'open': {
        const at =
          request.directory === null
            ? this.#place('AT_FDCWD', call.cwd)
            : this.#place(String(request.directory), call.base);
        const mode = request.flags.includes('O_CREAT') ? ', 0644' : '';
        return `${at}, "${request.path}", ${request.flags.join('|')}${mode}`;
      }
      case 'close':
      case 'dup':
      case 'fchdir':
        return `${request.fd}`;
      case 'read':
        return `${request.fd}${separator}`;
      case 'chdir':
        return `"${request.path}"`;
      case 'fork':
      case 'vfork':
      case 'pause':
      case 'getpid':
      case 'gettid':
        return '';
      case 'clone':
        return version === '4.26' ? '' : 'child_stack=NULL, flags=CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD';
      case 'posix_spawn':
        return '{flags=CLONE_VM|CLONE_VFORK|CLONE_CLEAR_SIGHAND, exit_signal=SIGCHLD, stack=0x7f84f1a5d000, stack_size=0x9000}, 88';
      case 'thread':
        return '{flags=CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD|CLONE_SYSVSEM, exit_signal=0, tls=0x7f84f1a5d6c0}';
      case 'exec':
        return `"${request.path}", [${request.argv.map((word) => `"${word}"`).join(', ')}], 0x7ffd48272d20 /* 3 vars */`;
      case 'wait4':
        return `${request.pid ?? -1}${separator}`;
      case 'waitid':
        return `P_PID, ${request.pid ?? 0}${separator}`;
      case 'exit-group':
        return `${request.status}`;
      case 'exit-thread':
        return '0';
      case 'sigreturn':
        return '{mask=[]}';
      case 'brk':
        return 'NULL';
      case 'join':
        return '0x7f84f1a5d990, FUTEX_WAIT_BITSET|FUTEX_CLOCK_REALTIME, 7, NULL, FUTEX_BITSET_MATCH_ANY';
      case 'sigaction':
        return `${request.signal}, {sa_handler=SIG_DFL, sa_mask=[], sa_flags=0}${separator}`;
      case 'sigprocmask':
        return `SIG_SETMASK, []${separator}`;
      case 'tgkill':
        return `${request.pid}, ${request.tid}, ${request.signal}`;
      case 'kill':
        return `${request.pid}, ${request.signal}`;
      case 'write':
        return `2, "${request.text}\\n", ${request.text.length + 1}`;
      default:
        return request satisfies never;
    }
  }

  #hasTail(call: Call): boolean {
    return this.#rest(call, { kind: 'interrupted' }) !== '';
  }

  /** What is printed at return. */
  #tail(call: Call, result: Result): string {
    const rest = this.#rest(call, result);
    if (rest === '') return '';
    const { name } = call.request;
    const joins = this.#options.version === '6.16' && name !== 'clone' && name !== 'thread';
    return joins ? `, ${rest}` : rest;
  }

  #rest(call: Call, result: Result): string {
    const value = result.kind === 'number' ? result.value : 0;
    switch (call.request.name) {
      case 'read':
        return '"int main()\\n"..., 4096';
      case 'clone':
        if (this.#options.version !== '4.26') return ', child_tidptr=0x7f84f1a5da10';
        return 'child_stack=NULL, flags=CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD, child_tidptr=0x7f84f1a5da10';
      case 'thread':
        return ` => {parent_tid=[${value}]}, 88`;
      case 'wait4':
        return `${result.kind === 'child' ? waitStatus(result.report) : '0x7ffd48272d2c'}, 0, NULL`;
      case 'waitid':
        return `${result.kind === 'child' ? childInfo(result.report) : '0x7ffd48272d2c'}, WEXITED, NULL`;
      case 'sigaction':
      case 'sigprocmask':
        return 'NULL, 8';
      default:
        return '';
    }
  }

  #result(call: Call, result: Result): string {
    switch (result.kind) {
      case 'number':
        if (call.request.name === 'open') return this.#place(String(result.value), call.kernelPath);
        return call.request.name === 'brk' ? `0x${result.value.toString(16)}` : String(result.value);
      case 'error':
        return `-1 ${result.errno} (${result.errno === 'ESRCH' ? 'No such process' : 'No such file or directory'})`;
      case 'interrupted':
        return '? ERESTARTSYS (To be restarted if SA_RESTART is set)';
      case 'child':
        return call.request.name === 'waitid' ? '0' : String(result.report.pid);
      default:
        return result satisfies never;
    }
  }

  #place(printed: string, path: string | null): string {
    return this.#options.paths && path !== null ? `${printed}<${path}>` : printed;
  }
}

function siginfo(signal: string, { code, address, pid, child }: Siginfo): string {
  if (child !== null) return childInfo(child);
  const details = address === null ? `si_pid=${pid}, si_uid=0` : `si_addr=${address}`;
  return `{si_signo=${signal}, si_code=${code}, ${details}}`;
}

function childInfo({ pid, status, signal, coreDumped }: ChildReport): string {
  const code = signal === null ? 'CLD_EXITED' : coreDumped ? 'CLD_DUMPED' : 'CLD_KILLED';
  return `{si_signo=SIGCHLD, si_code=${code}, si_pid=${pid}, si_uid=0, si_status=${signal ?? status}, si_utime=0, si_stime=0}`;
}

function waitStatus({ status, signal, coreDumped }: ChildReport): string {
  if (signal === null) return `[{WIFEXITED(s) && WEXITSTATUS(s) == ${status}}]`;
  return `[{WIFSIGNALED(s) && WTERMSIG(s) == ${signal}${coreDumped ? ' && WCOREDUMP(s)' : ''}}]`;
}

function clock(micros: number): string {
  const seconds = 36_000 + Math.floor(micros / 1e6);
  return [seconds / 3600, (seconds / 60) % 60, seconds % 60]
    .map((part) => String(Math.floor(part)).padStart(2, '0'))
    .join(':');
}

function decimals(micros: number): string {
  return String(micros % 1e6).padStart(6, '0');
}
