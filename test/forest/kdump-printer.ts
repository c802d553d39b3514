import { callName } from './bsd-calls.ts';
import type { Birth, Call, Happening, Request, Result } from './happening.ts';
import type { Run } from './kernel.ts';
import { Log, type Printed } from './printed.ts';
import type { SimProcess, SimThread } from './process.ts';

// Prints a run as kdump does: a record for the entry of a call, for each name it looks up, and for its return.

export interface KdumpOptions {
  readonly system: 'freebsd' | 'openbsd' | 'netbsd' | 'dragonfly';
  /** Whether records tell which thread they are of: -H, and always on NetBSD and DragonFly. */
  readonly threadIds: boolean;
  /** -T */
  readonly stamps: boolean;
  /** FreeBSD to 11: `RET execve 0`, a new thread begins with `RET fork 0`, signals without a code. */
  readonly old: boolean;
}

export const PLAIN_KDUMP: KdumpOptions = { system: 'freebsd', threadIds: true, stamps: false, old: false };

const BASE_SECONDS = 1_700_000_000;
const STEP_MICROS = 137;
const FIRST_THREAD = 100_100;
const INTERPRETER = '/libexec/ld-elf.so.1';
const FLAGS: Readonly<Record<string, number>> = {
  O_RDONLY: 0,
  O_WRONLY: 1,
  O_CREAT: 0x200,
  O_TRUNC: 0x400,
  O_DIRECTORY: 0x20_000,
  O_CLOEXEC: 0x100_000,
};

type Names = Readonly<Partial<Record<Request['name'], string>>>;

/** What calls are called elsewhere than on FreeBSD. */
const NAMES: Readonly<Record<KdumpOptions['system'], Names>> = {
  freebsd: {},
  openbsd: {
    clone: 'fork',
    posix_spawn: 'vfork',
    thread: '__tfork',
    waitid: 'wait4',
    'exit-thread': '__threxit',
    gettid: 'getthrid',
    join: 'futex',
    tgkill: 'thrkill',
  },
  netbsd: {
    vfork: '__vfork14',
    clone: '__clone',
    posix_spawn: '__vfork14',
    thread: '_lwp_create',
    wait4: '__wait450',
    waitid: '__wait450',
    'exit-thread': '_lwp_exit',
    sigreturn: 'setcontext',
    pause: '__sigsuspend14',
    gettid: '_lwp_self',
    join: '_lwp_wait',
    sigaction: '__sigaction_sigtramp',
    sigprocmask: '__sigprocmask14',
    tgkill: '_lwp_kill',
  },
  dragonfly: {
    posix_spawn: 'vfork',
    thread: 'lwp_create2',
    waitid: 'wait4',
    'exit-thread': 'extexit',
    gettid: 'lwp_gettid',
    join: 'umtx_sleep',
    tgkill: 'lwp_kill',
  },
};

export function printKdump(run: Run, options: KdumpOptions): Printed {
  return new Printer(run, options).print();
}

/** The id in the column of threads: of the process's own count, or of the whole system's. */
export function kdumpThread(system: KdumpOptions['system'], { process, serial }: SimThread): number {
  const isSmall = system === 'netbsd' || system === 'dragonfly';
  return isSmall ? serial - process.firstSerial + 1 : FIRST_THREAD + serial;
}

class Printer {
  readonly #run: Run;
  readonly #options: KdumpOptions;
  readonly #log = new Log();
  /** Programs' short names. */
  readonly #names = new Map<SimProcess, string>();
  /** Calls whose path was looked up. */
  readonly #lookedUp = new Set<Call>();
  /** Processes whose core file was looked up. */
  readonly #dumped = new Set<SimProcess>();

  constructor(run: Run, options: KdumpOptions) {
    this.#run = run;
    this.#options = options;
  }

  print(): Printed {
    for (const happening of this.#run.happenings) this.#one(happening);
    return this.#log.printed(this.#run.happenings.length);
  }

  #one(what: Happening): void {
    switch (what.kind) {
      case 'born':
        this.#born(what);
        break;
      case 'enter': {
        const empty = this.#options.system === 'openbsd' ? '()' : '';
        const args = this.#arguments(what.call.request);
        this.#record(what, 'CALL', `${this.#name(what.call.request)}${args === '' ? empty : `(${args})`}`);
        // Names are looked up before or behind the records of other threads.
        if (what.index % 2 === 0) this.#lookUp(what, what.call);
        break;
      }
      case 'return':
        this.#returned(what);
        break;
      case 'signal':
        // Nobody is told of a signal that is ignored.
        if (what.signal !== 'SIGCHLD') this.#record(what, 'PSIG', `${what.signal} ${this.#delivery(what)}`);
        break;
      case 'killed':
        if (!what.coreDumped || this.#dumped.has(what.process)) break;
        this.#dumped.add(what.process);
        this.#record(what, 'NAMI', `"${this.#comm(what)}.core"`);
        break;
      case 'abandon':
      case 'exited':
      case 'superseded':
        break;
      default:
        what satisfies never;
    }
  }

  #born(what: Happening & { readonly kind: 'born' }): void {
    const { process, via } = what;
    if (via !== 'thread') {
      this.#names.set(process, process.parent === null ? 'ktrace' : (this.#names.get(process.parent) ?? ''));
    }
    const name = what.index === 0 ? 'ktrace' : this.#birthName(via);
    if (name !== null) this.#record(what, 'RET', `${name} 0`);
  }

  /** The call a new task seems to return from; null where it returns from none. */
  #birthName(via: Birth): string | null {
    const { system, old } = this.#options;
    if (via !== 'thread') return this.#name({ name: via });
    if (system === 'freebsd') return old ? 'fork' : 'thr_new';
    return system === 'openbsd' ? '__tfork' : null;
  }

  #returned(what: Happening & { readonly kind: 'return' }): void {
    const { call, process, result } = what;
    const { request } = call;
    if (!this.#lookedUp.has(call)) this.#lookUp(what, call);
    if (request.name === 'exec' && result.kind === 'number') {
      this.#write(what, 'NAMI', `"${INTERPRETER}"`);
      this.#names.set(process, request.path.replace(/.*\//, ''));
    }
    if (request.name === 'write') {
      this.#write(what, 'GIO', `fd 2 wrote ${request.text.length + 1} bytes`);
      this.#log.write(`       "${request.text}`);
      this.#log.write('       "');
    }
    this.#record(what, 'RET', `${this.#name(request)} ${this.#result(request, result)}`);
  }

  #lookUp(what: Happening, call: Call): void {
    this.#lookedUp.add(call);
    if (!('path' in call.request)) return;
    this.#log.markPath(call);
    this.#write(what, 'NAMI', `"${call.request.path}"`);
  }

  // ---- calls

  #name(request: Request): string {
    return NAMES[this.#options.system][request.name] ?? callName(request);
  }

  #arguments(request: Request): string {
    switch (request.name) {
      case 'open': {
        const at = request.directory === null ? '' : `${this.#number(request.directory)},`;
        return `${at}0x20af08,${this.#flags(request.flags)}`;
      }
      case 'close':
      case 'dup':
      case 'fchdir':
        return this.#number(request.fd);
      case 'read':
        return `${this.#number(request.fd)},0x801b0000,0x1000`;
      case 'write':
        return `${this.#number(2)},0x60023f,${this.#number(request.text.length + 1)}`;
      case 'chdir':
        return '0x801a2b080';
      case 'fork':
      case 'vfork':
      case 'getpid':
        return '';
      case 'posix_spawn':
        return this.#options.system === 'freebsd' ? '0x80000000<RFSPAWN>' : '';
      case 'clone':
        return this.#options.system === 'openbsd' ? '' : '0x14<RFFDG|RFPROC>';
      case 'exec':
        return '0x7fffffffe6b8,0x7fffffffeaf0,0x7fffffffeb00';
      case 'wait4':
      case 'waitid':
        return `${this.#number(request.pid ?? -1)},0x7fffffffe8dc,0,0`;
      case 'exit-group':
        return this.#number(request.status);
      case 'tgkill':
        return `0x18a95,${request.signal}`;
      case 'kill':
        return `${this.#number(request.pid)},${request.signal}`;
      case 'sigaction':
        return `${request.signal},0x7fffffffd2d0,0`;
      case 'thread':
      case 'exit-thread':
      case 'sigreturn':
      case 'pause':
      case 'gettid':
      case 'brk':
      case 'join':
      case 'sigprocmask':
        return '0x7fffffffd340';
      default:
        return request satisfies never;
    }
  }

  #number(value: number): string {
    const { system } = this.#options;
    const isDecimal = value === 0 || system === 'openbsd' || (system === 'netbsd' && value <= 9);
    return isDecimal ? String(value) : `0x${(value >>> 0).toString(16)}`;
  }

  // 0x100000<O_RDONLY|O_CLOEXEC>
  #flags(flags: readonly string[]): string {
    const { system, old } = this.#options;
    const bits = this.#number(flags.reduce((all, flag) => all | (FLAGS[flag] ?? 0), 0));
    const creates = flags.includes('O_CREAT');
    if (system === 'netbsd' || system === 'dragonfly') return `${bits},0x1b6`;
    if (old) return `${flags.join('|')},${creates ? '0644' : '<unused>0x1b6'}`;
    return `${bits}<${flags.join('|')}>${creates ? ',0644<S_IRUSR|S_IWUSR|S_IRGRP|S_IROTH>' : ''}`;
  }

  #result(request: Request, result: Result): string {
    const { system, old } = this.#options;
    switch (result.kind) {
      case 'number':
        if (request.name === 'exec') return old || system === 'dragonfly' ? '0' : 'JUSTRETURN';
        if (request.name === 'sigreturn') return 'JUSTRETURN';
        if (request.name === 'thread' && system !== 'openbsd') return '0';
        return value(result.value);
      case 'error':
        return result.errno === 'ESRCH' ? '-1 errno 3 No such process' : '-1 errno 2 No such file or directory';
      case 'interrupted':
        return request.name === 'pause' ? '-1 errno 4 Interrupted system call' : 'RESTART';
      case 'child':
        return value(result.report.pid);
      default:
        return result satisfies never;
    }
  }

  // PSIG  SIGSEGV SIG_DFL code=SEGV_MAPERR
  #delivery({ disposition, siginfo }: Happening & { readonly kind: 'signal' }): string {
    const { system, old } = this.#options;
    const what = disposition === 'caught' ? 'caught handler=0x201a90 mask=0x0' : 'SIG_DFL';
    const code = siginfo.code === 'SI_TKILL' ? 'SI_LWP' : siginfo.code;
    const { address } = siginfo;
    if (system === 'netbsd') {
      return `${what}: code=${code}${address === null ? ` sent by pid=${siginfo.pid}, uid=0)` : `, addr=${address}, trap=6)`}`;
    }
    if (old) return disposition === 'caught' ? `${what} code=0x0` : what;
    return `${what} code=${code}${system === 'openbsd' && address !== null ? ` addr=${address} trapno=6` : ''}`;
  }

  // ---- records

  #record(what: Happening, type: string, payload: string): void {
    this.#log.mark(what);
    this.#write(what, type, payload);
  }

  #write(what: Happening, type: string, payload: string): void {
    const micros = what.index * STEP_MICROS;
    const seconds = BASE_SECONDS + Math.floor(micros / 1e6);
    const stamp = this.#options.stamps ? `${seconds}.${String(micros % 1e6).padStart(6, '0')} ` : '';
    this.#log.write(`${this.#who(what)} ${this.#comm(what).padEnd(8)} ${stamp}${type.padEnd(4)}  ${payload}`);
  }

  #who(what: Happening): string {
    const { system, threadIds } = this.#options;
    const thread = String(kdumpThread(system, what));
    switch (system) {
      case 'freebsd':
      case 'netbsd':
        return String(what.pid).padStart(6) + (threadIds ? ` ${thread.padStart(6)}` : '');
      case 'openbsd':
        return String(what.pid).padStart(6) + (threadIds ? `/${thread.padEnd(7)}` : '');
      case 'dragonfly':
        return `${String(what.pid).padStart(5)}:${thread.padEnd(4)}`;
      default:
        return system satisfies never;
    }
  }

  #comm({ process }: Happening): string {
    return this.#names.get(process) ?? '';
  }
}

function value(number: number): string {
  return number > 9 ? `${number}/0x${number.toString(16)}` : String(number);
}
