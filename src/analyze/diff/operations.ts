import type { Platform } from '../../model/dialect.ts';
import type { SyscallEvent } from '../../model/event.ts';
import { type Role, type Syscall, syscallOf } from '../../model/syscalls.ts';
import { type WaitKind, waitKindOf } from '../../model/waits.ts';
import { detach } from '../../scan/detach.ts';
import { viaOf } from '../process-calls.ts';

/** What programs do to run at all, by what it is about. `start`: what the loader and the C library set up. */
export type Chore = 'memory' | 'locks' | 'signals' | 'identity' | 'time' | 'waiting' | 'limits' | 'system' | 'start';

/** What a call is about; `name`: a file by its name, `descriptor`: what is open, `process`: births, execs, signals. */
export type OperationKind = 'name' | 'descriptor' | 'process' | 'call' | 'housekeeping';

/** What a call does, in one word for all systems. */
export interface Operation {
  readonly name: string;
  readonly kind: OperationKind;
  /** Of housekeeping, which; null of all else. */
  readonly chore: Chore | null;
  /** What else is known of the call; null of most that are not about files or processes. */
  readonly call: Syscall | null;
}

type Entry = readonly [name: string | null, kind: OperationKind, chore?: Chore];

/** By role; the name is the role's canonical name where it is null. */
const BY_ROLE: Readonly<Record<Role, Entry>> = {
  open: ['open', 'name'],
  close: ['close', 'descriptor'],
  'close-range': ['close', 'descriptor'],
  dup: ['dup', 'descriptor'],
  fcntl: ['fcntl', 'descriptor'],
  chdir: ['chdir', 'name'],
  fchdir: ['chdir', 'descriptor'],
  getcwd: ['getcwd', 'housekeeping', 'identity'],
  exec: ['exec', 'process'],
  spawn: ['spawn', 'process'],
  wait: ['wait', 'housekeeping', 'waiting'],
  exit: ['exit', 'process'],
  'exit-thread': ['exit', 'process'],
  getpid: ['getpid', 'housekeeping', 'identity'],
  getppid: ['getppid', 'housekeeping', 'identity'],
  gettid: ['gettid', 'housekeeping', 'identity'],
  sigreturn: ['sigreturn', 'housekeeping', 'signals'],
  kill: ['kill', 'process'],
  channel: [null, 'call'],
  read: [null, 'descriptor'],
  write: [null, 'descriptor'],
  copy: [null, 'descriptor'],
  seek: ['seek', 'descriptor'],
  list: ['list', 'descriptor'],
  map: ['map', 'housekeeping', 'memory'],
  unmap: ['unmap', 'housekeeping', 'memory'],
  protect: ['protect', 'housekeeping', 'memory'],
  remap: ['remap', 'housekeeping', 'memory'],
  break: ['break', 'housekeeping', 'memory'],
  stat: [null, 'name'],
  'stat-open': ['stat', 'descriptor'],
  rename: ['rename', 'name'],
  link: ['link', 'name'],
  create: [null, 'name'],
  unlink: ['unlink', 'name'],
  truncate: ['truncate', 'name'],
  'truncate-open': ['truncate', 'descriptor'],
  attributes: ['attributes', 'name'],
  limit: ['limit', 'housekeeping', 'limits'],
};

// By the names that `plainName` leaves. In the order Linux, illumos, the BSDs, macOS, AIX.
const CHORES: Readonly<Record<Chore, string>> = {
  memory:
    'mlock mlock2 munlock mlockall munlockall mincore msync mbind set_mempolicy get_mempolicy pkey_alloc pkey_free ' +
    'map_shadow_stack membarrier process_madvise memcntl minherit mimmutable kbind ' +
    'mach_vm_allocate_trap mach_vm_deallocate_trap mach_vm_protect_trap mach_vm_map_trap ' +
    'kernelrpc_mach_vm_allocate_trap kernelrpc_mach_vm_deallocate_trap kernelrpc_mach_vm_protect_trap ' +
    'kernelrpc_mach_vm_map_trap shared_region_check_np shared_region_map_and_slide_np map_with_linking_np ' +
    'vmgetinfo disclaim',
  locks:
    'futex_wake futex_requeue sched_yield yield lwp_unpark lwp_unpark_all lwp_mutex_wakeup lwp_mutex_trylock ' +
    'lwp_mutex_unlock lwp_mutex_register lwp_cond_signal lwp_cond_broadcast lwp_sema_post lwp_sema_trywait thr_wake ' +
    'umtx_lock umtx_unlock umtx_wakeup thrwakeup swtch swtch_pri ulock_wake psynch_mutexdrop psynch_cvsignal ' +
    'psynch_cvbroad psynch_cvclrprepost psynch_rw_unlock thread_switch thread_unlock thread_post thread_post_many',
  signals:
    'rt_sigaction rt_sigprocmask rt_sigpending sigaltstack sigaction sigprocmask signal ssetmask sgetmask sigpending ' +
    'lwp_sigmask sigfastblock getcontext sigblock sigsetmask sigstack sigvec pthread_sigmask disable_threadsignal sigthreadmask ' +
    'setitimer getitimer alarm timer_create timer_settime timer_delete timer_gettime timer_getoverrun',
  identity:
    'getuid geteuid getgid getegid getresuid getresgid getgroups getuid32 geteuid32 getgid32 getegid32 getresuid32 ' +
    'getresgid32 getgroups32 getpgid getpgrp getsid getlogin umask capget getpriority personality get_thread_area ' +
    'privsys zone getzoneid ucredsys issetugid pgrpsys uidsys lwp_self getloginclass getaudit getauid getaudit_addr ' +
    'csops csops_audittoken thread_self_id thread_selfid thread_selfusage getuidx getgidx getthrid',
  time:
    'gettimeofday clock_gettime clock_gettime64 clock_getres times time getrusage clock_adjtime adjtimex hrtime ' +
    'lwp_info clock_getcpuclockid2 mach_timebase_info mach_absolute_time mach_wait_until',
  waiting: 'kpoll',
  limits: 'getrlimit ugetrlimit getrlimit64 getdtablesize sysconfig pathconf fpathconf rctlsys',
  system:
    'uname newuname olduname sysinfo getrandom getentropy getcpu csrctl sys_parm read_sysconfig sched_getaffinity sched_setaffinity sched_getparam ' +
    'sched_getscheduler sched_get_priority_max sched_get_priority_min riscv_hwprobe systeminfo sysi86 utssys ' +
    'processor_bind processor_info sysctl sysctlbyname sysctlnametomib cpuset_getaffinity cpuset_getid sysarch kenv ' +
    'modfind modstat getosreldate elf_aux_info proc_info gethostuuid kdebug_typefilter kdebug_trace kdebug_trace64 ' +
    'kdebug_trace_string kdebug_is_enabled iopolicysys getsystemcfg getkerninfo loadquery',
  start:
    'arch_prctl set_thread_area set_robust_list get_robust_list rseq set_tls modify_ldt lwp_private lwp_setprivate ' +
    'lwp_getprivate lwp_ctl lwp_name lwp_setname lwp_detach lwp_suspend lwp_continue schedctl thr_set_name ' +
    'rtprio_thread setustack set_tcb get_tcb bsdthread_register bsdthread_ctl workq_open workq_kernreturn ' +
    'thread_set_tsd_base thread_fast_set_cthread_self crossarch_trap mac_syscall ledger persona task_self_trap ' +
    'mach_reply_port thread_self_trap host_self_trap mach_msg_trap mach_msg2_trap mach_port_deallocate_trap ' +
    'memorystatus_control thread_init thread_setmystate thread_setmystate_fast thread_setstate loadx',
};

const CHORE_BY_NAME: ReadonlyMap<string, Chore> = new Map(
  Object.entries(CHORES)
    .filter((entry): entry is [Chore, string] => isChore(entry[0]))
    .flatMap(([chore, names]) => names.split(' ').map((name) => [name, chore])),
);

function isChore(name: string): name is Chore {
  return name in CHORES;
}

const CHORE_BY_WAIT: Readonly<Record<WaitKind, Chore | null>> = {
  children: 'waiting',
  events: 'waiting',
  locks: 'locks',
  time: 'time',
  signals: 'signals',
  // What connects two programs is no mere waiting.
  peers: null,
  resumed: 'waiting',
};

/** Calls that make a thread and nothing else. */
const THREAD_MAKERS: ReadonlySet<string> = new Set(
  'lwp_create thr_new thr_create bsdthread_create tfork thread_create'.split(' '),
);
const THREAD: Operation = { name: 'thread', kind: 'process', chore: null, call: null };

/** More names than any system has calls: only a hostile log has more. */
const MAX_NAMES = 4096;

/** Knows what calls do, by the names one system prints. */
export class Operations {
  readonly #platform: Platform;
  readonly #known = new Map<string, Operation>();

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  /** What the call does; of a call nothing is known of, its own name. */
  of(event: SyscallEvent): Operation {
    const operation = this.#byName(event.name);
    return operation.name === 'spawn' && viaOf(event) === 'thread' ? { ...THREAD, call: operation.call } : operation;
  }

  #byName(name: string): Operation {
    let operation = this.#known.get(name);
    if (operation === undefined) {
      operation = operationOf(name, this.#platform);
      if (this.#known.size < MAX_NAMES) this.#known.set(detach(name), operation);
    }
    return operation;
  }
}

/** What the call with this printed name does, on this system. */
export function operationOf(name: string, platform: Platform): Operation {
  const call = syscallOf(name, platform);
  if (call !== null) {
    const [operation, kind, chore = null] = BY_ROLE[call.role];
    return { name: call.canonical === 'pair' ? pairName(name) : (operation ?? call.canonical), kind, chore, call };
  }
  const plain = plainName(name);
  if (THREAD_MAKERS.has(plain)) return THREAD;
  const wait = waitKindOf(name, platform) ?? waitKindOf(plain, platform);
  const chore = CHORE_BY_NAME.get(plain) ?? (wait === null ? null : CHORE_BY_WAIT[wait]);
  return { name: plain, kind: chore === null ? 'call' : 'housekeeping', chore, call: null };
}

/** Of calls that make two descriptors, which are connected. */
function pairName(name: string): string {
  return name.includes('socketpair') ? 'socketpair' : 'pipe';
}

/** 'sigaction' for '__sigaction14', 'linux_sigaction', 'compat11.freebsd32_sigaction' and 'sigaction#64'. */
function plainName(name: string): string {
  const plain = name
    .replace(/^[^:]*:|#.*$/g, '')
    .replace(/^compat[\d_]*\.?/, '')
    .replace(/^(?:freebsd32|linux32|linux)_/, '')
    .replace(/^_+/, '')
    .replace(/_nocancel$|_time64$/, '')
    .replace(/(?<=[a-z])\d\d$/, (version) => (version === '32' || version === '64' ? version : ''));
  return plain === '' ? name : plain;
}
