import type { Call, Happening, Request, Result, Siginfo } from './happening.ts';
import type { Run } from './kernel.ts';
import { Log, type Printed } from './printed.ts';

// Prints a run as illumos truss does: calls whole as they complete, no line for a death by a signal.

export interface TrussOptions {
  /** -f */
  readonly follows: boolean;
  /** -d, -D, -E: so many time fields. */
  readonly stamps: number;
  /** -t: null is all of them. */
  readonly calls: ReadonlySet<Request['name']> | null;
  /** Whether calls that wait are printed as asleep. */
  readonly sleeps: boolean;
}

export const PLAIN_TRUSS: TrussOptions = { follows: true, stamps: 0, calls: null, sleeps: true };

const NUMBERS: Readonly<Record<string, number>> = {
  SIGQUIT: 3,
  SIGILL: 4,
  SIGABRT: 6,
  SIGFPE: 8,
  SIGKILL: 9,
  SIGBUS: 10,
  SIGSEGV: 11,
  SIGTERM: 15,
  SIGCLD: 18,
};
const FAULTS: Readonly<Record<string, string>> = {
  SIGSEGV: '#6, FLTBOUNDS',
  SIGBUS: '#5, FLTACCESS',
  SIGFPE: '#8, FLTIZDIV',
  SIGILL: '#1, FLTILL',
};
/** Lines of others before a call that waits is printed as asleep. */
const PATIENCE = 3;

export function printTruss(run: Run, options: TrussOptions): Printed {
  return new Printer(options).print(run.happenings);
}

interface Pending {
  readonly what: Happening & { readonly kind: 'enter' };
  readonly line: number;
  asleep: boolean;
}

class Printer {
  readonly #options: TrussOptions;
  readonly #log = new Log();
  readonly #pending = new Map<Call, Pending>();
  /** LWPs of each process as last seen. */
  readonly #lwps = new Map<object, number>();

  constructor(options: TrussOptions) {
    this.#options = options;
  }

  print(happenings: readonly Happening[]): Printed {
    if (this.#options.stamps > 0) {
      this.#log.write('Base time stamp:  1277716460.8580  [ Mon Jun 28 09:14:20 GMT 2010 ]');
    }
    for (const happening of happenings) {
      this.#lwps.set(happening.process, happening.threads);
      this.#one(happening);
      if (this.#options.sleeps) this.#sleep();
    }
    return this.#log.printed(happenings.length);
  }

  #shows({ request }: Call): boolean {
    return this.#options.calls?.has(request.name) !== false;
  }

  #one(what: Happening): void {
    switch (what.kind) {
      case 'born':
        if (what.index === 0) break;
        if (this.#options.calls !== null) break;
        if (what.via === 'thread') this.#put(what, 'lwp_create()\t(returning as new lwp ...)\t= 0');
        else {
          const isCopy = what.via === 'fork' || what.via === 'clone';
          this.#put(what, `${isCopy ? 'forkx()\t\t' : 'vforkx()\t'}(returning as child ...)\t= ${what.parentPid}`);
        }
        break;
      case 'enter': {
        const text = oneWay(what.call.request);
        if (!this.#shows(what.call)) break;
        if (text !== null) this.#put(what, text);
        else this.#pending.set(what.call, { what, line: this.#log.length, asleep: false });
        break;
      }
      case 'return': {
        const pending = this.#pending.get(what.call);
        this.#pending.delete(what.call);
        if (pending === undefined) break;
        const { request } = what.call;
        if (request.name === 'exec' && what.result.kind === 'number') {
          this.#put(
            { ...pending.what, index: what.index },
            `${callText(request, what)}  argc = ${request.argv.length}`,
          );
        } else this.#put(what, laidOut(callText(request, what), resultText(request, what.result, what)));
        break;
      }
      case 'signal':
        this.#signal(what);
        break;
      case 'abandon':
        this.#pending.delete(what.call);
        break;
      case 'exited':
      case 'killed':
      case 'superseded':
        break;
      default:
        what satisfies never;
    }
  }

  #sleep(): void {
    for (const pending of this.#pending.values()) {
      const { what, line, asleep } = pending;
      if (
        asleep ||
        this.#log.length - line < PATIENCE ||
        !['wait4', 'waitid', 'pause', 'join'].includes(what.call.request.name)
      )
        continue;
      pending.asleep = true;
      const text = callText(what.call.request, what);
      this.#log.write(
        `${this.#prefix({ ...what, threads: this.#lwps.get(what.process) ?? 1 })}${text}${text.length >> 3 >= 4 ? ' ' : '\t'.repeat(4 - (text.length >> 3))}(sleeping...)`,
      );
    }
  }

  #signal(what: Happening & { readonly kind: 'signal' }): void {
    const signal = what.signal === 'SIGCHLD' ? 'SIGCLD' : what.signal;
    const info = `      siginfo: ${signal} ${siginfo(what.siginfo)}`;
    const fault = FAULTS[signal];
    if (fault !== undefined && what.siginfo.address !== null) {
      this.#put(what, `    Incurred fault ${fault}  %pc = 0x08053C1E`);
      this.#log.write(this.#prefix(what) + info);
      this.#stampedLine(what, `    Received signal #${NUMBERS[signal]}, ${signal} [${what.disposition}]`);
    } else {
      const during = what.during === null ? '' : `, in ${nameOf(what.during.request)}()`;
      this.#put(what, `    Received signal #${NUMBERS[signal]}, ${signal}${during} [${what.disposition}]`);
    }
    this.#log.write(this.#prefix(what) + info);
  }

  #put(what: Happening, body: string): void {
    this.#log.mark(what);
    this.#stampedLine(what, body);
  }

  #stampedLine(what: Happening, body: string): void {
    const time = `${' 0.0'.padEnd(4)}${String(what.index).padStart(3, '0').slice(-3)}\t`;
    this.#log.write(this.#prefix(what) + time.repeat(this.#options.stamps) + body);
  }

  #prefix({ pid, lwp, threads }: Happening): string {
    const lwps = threads > 1 ? `/${lwp}` : '';
    const text = `${this.#options.follows ? pid : ''}${lwps}:`;
    if (text === ':') return '';
    return lwps !== '' && text.length < 8 ? `${text}\t${this.#options.follows ? '\t' : ''}` : `${text}\t`;
  }
}

function oneWay(request: Request): string | null {
  switch (request.name) {
    case 'exit-group':
      return `_exit(${request.status})`;
    case 'exit-thread':
      return 'lwp_exit()';
    case 'sigreturn':
      return 'setcontext(0x080467D0)';
    default:
      return null;
  }
}

function laidOut(call: string, result: string): string {
  const width = call.length >> 3;
  return call + (width >= 6 ? ' ' : '\t'.repeat(6 - width)) + result;
}

function nameOf(request: Request): string {
  return callText(request, null).replace(/\(.*/s, '');
}

function callText(request: Request, who: Happening | null): string {
  switch (request.name) {
    case 'open': {
      const rest = `"${request.path}", ${request.flags.join('|')}${request.flags.includes('O_CREAT') ? ', 0644' : ''}`;
      return request.directory === null ? `open(${rest})` : `openat(${request.directory}, ${rest})`;
    }
    case 'close':
    case 'fchdir':
      return `${request.name}(${request.fd})`;
    case 'dup':
      return `fcntl(${request.fd}, F_DUPFD, 0x00000000)`;
    case 'read':
      return `read(${request.fd}, " i n t   m a i n ( ) {".., 4096)`;
    case 'chdir':
      return `chdir("${request.path}")`;
    case 'fork':
    case 'clone':
      return 'forkx(0)';
    case 'vfork':
      return 'vforkx(0)';
    case 'posix_spawn':
      return 'vforkx(FORK_NOSIGCHLD|FORK_WAITPID)';
    case 'thread':
      return 'lwp_create(0x08047B30, LWP_DETACHED|LWP_SUSPENDED, 0xFEB2EDA0)';
    case 'exec':
      return `execve("${request.path}", 0x08047C88, 0x08047C98)`;
    case 'wait4':
    case 'waitid':
      return `waitid(P_PID, ${request.pid}, 0x08047A10, WEXITED|WTRAPPED)`;
    case 'pause':
      return 'pause()';
    case 'getpid':
      return 'getpid()';
    case 'gettid':
      return 'lwp_self()';
    case 'brk':
      return 'brk(0x08063000)';
    case 'join':
      return 'lwp_wait(2, 0x08047B2C)';
    case 'sigaction':
      return `sigaction(${request.signal}, 0x08046990, 0x08046A10)`;
    case 'sigprocmask':
      return 'lwp_sigmask(SIG_SETMASK, 0x00000400, 0x00000000, 0x00000000, 0x00000000)';
    case 'tgkill':
      return `lwp_kill(${who?.lwp}, ${request.signal})`;
    case 'kill':
      return `kill(${request.pid}, ${request.signal})`;
    case 'write':
      return `write(2, " i n t e r n a l   e r r".., ${request.text.length + 1})`;
    case 'exit-group':
    case 'exit-thread':
    case 'sigreturn':
      return oneWay(request) ?? '';
    default:
      return request satisfies never;
  }
}

function resultText(request: Request, result: Result, { pid, parentPid }: Happening): string {
  switch (result.kind) {
    case 'number':
      if (request.name === 'getpid') return `= ${pid} [${parentPid}]`;
      if (request.name === 'brk') return '= 0';
      return request.name === 'sigprocmask' ? '= 0xFFBFFEFF [0xFFFFFFFF]' : `= ${result.value}`;
    case 'error':
      return result.errno === 'ESRCH' ? 'Err#3 ESRCH' : 'Err#2 ENOENT';
    case 'interrupted':
      return 'Err#4 EINTR';
    case 'child':
      return '= 0';
    default:
      return result satisfies never;
  }
}

function siginfo({ code, address, pid, child }: Siginfo): string {
  if (child !== null) {
    const status = child.signal === null ? (child.status ?? 0) : (NUMBERS[child.signal] ?? 0);
    return `${code} pid=${child.pid} status=0x${status.toString(16).toUpperCase().padStart(4, '0')}`;
  }
  if (address !== null) return `${code} addr=0x${address.slice(2).toUpperCase().padStart(8, '0')}`;
  return `pid=${pid} uid=80${code === 'SI_TKILL' ? ' code=-1' : ''}`;
}
