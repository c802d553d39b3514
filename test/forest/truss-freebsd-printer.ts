import { callName, childCode, SIGNALS } from './bsd-calls.ts';
import type { Call, ChildReport, Happening, Request, Result } from './happening.ts';
import type { Run } from './kernel.ts';
import { Log, type Printed } from './printed.ts';

// Prints a run as FreeBSD's truss does: calls whole as they return, births, signals and deaths on lines of their own.

export interface FreebsdTrussOptions {
  /**
   * 9: a truss for each process, without lines for births and kills. 10.4: with both. 11: lines for threads, too, and
   * the exit call. 14: signals in detail.
   */
  readonly release: '9' | '10.4' | '11' | '14';
  /** -f */
  readonly follows: boolean;
  /** -H */
  readonly threadIds: boolean;
  /** -d, -D */
  readonly stamps: readonly ('since-start' | 'in-call')[];
  /** -a */
  readonly words: boolean;
  /** Whether the program's own output is on the same terminal. */
  readonly mixed: boolean;
  /** -t: null is all of them. */
  readonly calls: ReadonlySet<Request['name']> | null;
}

export const PLAIN_FREEBSD: FreebsdTrussOptions = {
  release: '14',
  follows: true,
  threadIds: false,
  stamps: [],
  words: false,
  mixed: false,
  calls: null,
};

const RELEASES: readonly FreebsdTrussOptions['release'][] = ['9', '10.4', '11', '14'];
/** Threads are numbered through all of the system. */
const FIRST_THREAD = 100_100;
const RESULT_COLUMN = 48;
const STEP_NANOS = 137_011;

/** The id of the run's thread that has this number. */
export function freebsdThread(serial: number): number {
  return FIRST_THREAD + serial;
}

export function printFreebsdTruss(run: Run, options: FreebsdTrussOptions): Printed {
  return new Printer(run, options).print();
}

class Printer {
  readonly #run: Run;
  readonly #firstExec: number | undefined;
  readonly #options: FreebsdTrussOptions;
  readonly #log = new Log();
  /** When each call was entered that has not returned. */
  readonly #entered = new Map<Call, number>();
  /** The call a process ends with. */
  readonly #exits = new Map<object, Happening & { readonly kind: 'enter' }>();
  /** Threads whose end waits for that of their process. */
  readonly #ending = new Map<object, Happening[]>();
  /** Processes whose first thread is gone. */
  readonly #headless = new Set<object>();

  constructor(run: Run, options: FreebsdTrussOptions) {
    this.#run = run;
    this.#firstExec = run.processes[0]?.execs[0];
    this.#options = options;
  }

  print(): Printed {
    for (const happening of this.#run.happenings) this.#one(happening);
    return this.#log.printed(this.#run.happenings.length);
  }

  #since(release: FreebsdTrussOptions['release']): boolean {
    return RELEASES.indexOf(this.#options.release) >= RELEASES.indexOf(release);
  }

  #one(what: Happening): void {
    switch (what.kind) {
      case 'born':
        this.#born(what);
        break;
      case 'enter':
        this.#entered.set(what.call, what.index);
        if (what.call.request.name === 'exit-group') this.#exits.set(what.process, what);
        if (what.call.request.name === 'exit-thread' && what.tid === what.pid) {
          this.#headless.add(what.process);
          this.#threadEnds(what);
        }
        break;
      case 'return':
        this.#returned(what);
        break;
      case 'abandon':
        this.#entered.delete(what.call);
        break;
      case 'signal':
        this.#put(what, `SIGNAL ${SIGNALS[what.signal]} (${what.signal})${this.#since('14') ? siginfo(what) : ''}`);
        break;
      case 'exited':
      case 'killed':
        this.#ended(what);
        break;
      case 'superseded':
        this.#threadEnds(what);
        break;
      default:
        what satisfies never;
    }
  }

  #born(what: Happening & { readonly kind: 'born' }): void {
    if (what.index === 0) return;
    if (what.via === 'thread') {
      if (this.#since('11')) this.#put(what, `<new thread ${freebsdThread(what.serial)}>`);
    } else if (this.#since('10.4')) {
      if (this.#options.follows) this.#put(what, '<new process>');
    } else {
      this.#put(what, 'SIGNAL 17 (SIGSTOP)');
    }
  }

  #returned(what: Happening & { readonly kind: 'return' }): void {
    const { call, result } = what;
    const { request } = call;
    if (request.name === 'write' && this.#options.mixed) this.#log.write(request.text);
    // The first program is executed before truss looks.
    const isShown = what.index !== this.#firstExec && this.#options.calls?.has(request.name) !== false;
    const text = isShown ? this.#result(request, result) : null;
    if (text !== null) this.#call(what, `${callName(request)}(${this.#arguments(what)})`, text);
    this.#entered.delete(call);
  }

  #ended(what: Happening & { readonly kind: 'exited' | 'killed' }): void {
    const exit = this.#exits.get(what.process);
    if (what.kind === 'exited' && exit === undefined) {
      this.#threadEnds(what);
      return;
    }
    const ending = this.#ending.get(what.process) ?? [];
    this.#ending.set(what.process, ending);
    if (what.tid !== what.pid || !this.#headless.has(what.process)) ending.push(what);
    if (what.tid !== what.pid) return;
    // The first thread ends last in a run; with truss it is the one that called exit, or any.
    const last = ending.find(({ serial }) => serial === exit?.serial) ?? ending.at(-1) ?? what;
    for (const thread of ending) if (thread !== last) this.#threadEnds(thread);
    this.#ending.delete(what.process);
    this.#exits.delete(what.process);
    const here = { ...last, index: what.index };
    if (what.kind === 'exited') {
      if (this.#since('11')) this.#call(here, `exit(0x${what.status.toString(16)})`, '');
      this.#put(here, `process exit, rval = ${what.status}`);
    } else if (this.#since('10.4')) {
      this.#put(here, `process killed, signal = ${SIGNALS[what.signal]}${what.coreDumped ? ' (core dumped)' : ''}`);
    } else {
      this.#put(here, 'process exit, rval = 0');
    }
  }

  #threadEnds(what: Happening): void {
    if (this.#since('11')) this.#put(what, `<thread ${freebsdThread(what.serial)} exited>`);
  }

  // ---- calls

  #arguments({ call: { request }, result, serial }: Happening & { readonly kind: 'return' }): string {
    switch (request.name) {
      case 'open': {
        const mode = request.flags.includes('O_CREAT') ? '0644' : '0666';
        const at = request.directory === null ? '' : `${request.directory},`;
        return `${at}"${request.path}",${request.flags.join('|')},${mode}`;
      }
      case 'close':
      case 'dup':
      case 'fchdir':
        return String(request.fd);
      case 'read':
        return `${request.fd},"int main()\\n"...,4096`;
      case 'chdir':
        return `"${request.path}"`;
      case 'fork':
      case 'vfork':
      case 'getpid':
        return '';
      case 'clone':
        return 'RFFDG|RFPROC';
      case 'posix_spawn':
        return 'RFSPAWN';
      case 'thread':
        return '0x7fffffffe100,0x68';
      case 'exec': {
        const words = request.argv.map((word) => `"${word}"`).join(', ');
        if (this.#options.words) return `"${request.path}",[ ${words} ],0x7fffffffe4d8`;
        const rest = this.#since('10.4') ? '0x7fffffffe4c0,0x7fffffffe4d8' : '<missing argument>,<missing argument>';
        return `"${request.path}",${rest}`;
      }
      case 'wait4':
        return `${request.pid ?? -1},${this.#status(result)},0x0,0x0`;
      case 'waitid':
        return `P_PID,${request.pid ?? 0},${this.#status(result)},WEXITED|WTRAPPED,0x0,0x0`;
      case 'sigreturn':
        return '0x7fffffffe0c0';
      case 'pause':
        return '{ }';
      case 'gettid':
        return '0x801a06400';
      case 'brk':
        return '0x0,2097152,PROT_READ|PROT_WRITE,MAP_PRIVATE|MAP_ANON,-1,0x0';
      case 'join':
        return '0x801a06400,UMTX_OP_WAIT,0x18a95,0x0,0x0';
      case 'sigaction':
        return `${request.signal},{ SIG_DFL 0x0 ss_t },0x0`;
      case 'sigprocmask':
        return 'SIG_SETMASK,{ },0x0';
      case 'tgkill':
        return `${freebsdThread(serial)},${request.signal}`;
      case 'kill':
        return `${request.pid},${request.signal}`;
      case 'write':
        return `2,"${request.text}\\n",${request.text.length + 1}`;
      case 'exit-group':
      case 'exit-thread':
        return '';
      default:
        return request satisfies never;
    }
  }

  #status(result: Result): string {
    return result.kind === 'child' && this.#since('10.4') ? waitStatus(result.report) : '0x7fffffffe8dc';
  }

  /** Null where the return is not printed. */
  #result(request: Request, result: Result): string | null {
    switch (result.kind) {
      case 'number':
        if (request.name === 'sigreturn' && this.#since('11')) return ' EJUSTRETURN';
        if (request.name === 'exec' && this.#since('14')) return ' EJUSTRETURN';
        return request.name === 'thread' || request.name === 'gettid' ? value(0) : value(result.value);
      case 'error':
        return result.errno === 'ESRCH' ? " ERR#3 'No such process'" : " ERR#2 'No such file or directory'";
      case 'interrupted':
        if (request.name === 'pause') return " ERR#4 'Interrupted system call'";
        return this.#since('11') ? ' ERESTART' : null;
      case 'child':
        return value(result.report.pid);
      default:
        return result satisfies never;
    }
  }

  // ---- lines

  #call(what: Happening, text: string, result: string): void {
    const line = this.#prefix(what) + text;
    const tabs = Math.max(0, RESULT_COLUMN / 8 - Math.floor(line.length / 8));
    this.#log.mark(what);
    this.#log.write(`${line}${'\t'.repeat(tabs)}${result}`);
  }

  #put(what: Happening, body: string): void {
    this.#log.mark(what);
    this.#log.write(this.#prefix(what) + body);
  }

  #prefix(what: Happening): string {
    const { follows, threadIds, stamps } = this.#options;
    const who = [
      ...(follows ? [String(what.pid).padStart(5)] : []),
      ...(threadIds ? [String(freebsdThread(what.serial)).padStart(6)] : []),
    ];
    const entered = 'call' in what ? (this.#entered.get(what.call) ?? what.index) : what.index;
    const times = stamps.map((stamp) => seconds(stamp === 'since-start' ? what.index : what.index - entered));
    return (who.length > 0 ? `${who.join(' ')}: ` : '') + times.map((time) => `${time} `).join('');
  }
}

function seconds(steps: number): string {
  const nanos = steps * STEP_NANOS;
  return `${Math.floor(nanos / 1e9)}.${String(nanos % 1e9).padStart(9, '0')}`;
}

function value(number: number): string {
  return ` = ${number} (0x${number.toString(16)})`;
}

function waitStatus({ status, signal, coreDumped }: ChildReport): string {
  return signal === null ? `{ EXITED,val=${status} }` : `{ SIGNALED,sig=${signal}${coreDumped ? ',cored' : ''} }`;
}

function siginfo({ siginfo: { code, address, pid, child } }: Happening & { readonly kind: 'signal' }): string {
  if (child !== null) {
    const status = child.signal === null ? child.status : SIGNALS[child.signal];
    return ` code=${childCode(child)} pid=${child.pid} uid=0 status=${status}`;
  }
  if (address !== null) return ` code=${code} trapno=12 addr=${address}`;
  return ` code=${code === 'SI_TKILL' ? 'SI_LWP' : code} pid=${pid} uid=1001`;
}
