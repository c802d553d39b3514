/** The tracers whose text forklore reads. The names appear in events and on the command line (`--from`). */
export const DIALECTS = ['strace', 'truss-illumos', 'truss-freebsd', 'truss-aix', 'dtruss', 'kdump'] as const;

export type Dialect = (typeof DIALECTS)[number];

/** Operating systems whose numbering of errors and signals, and whose call names, differ. */
export type Platform = 'linux' | 'illumos' | 'freebsd' | 'aix' | 'macos' | 'bsd';

export interface DialectTraits {
  /** Whose errno and signal numbers a log of this dialect prints. */
  readonly platform: Platform;
  /**
   * What the pid column counts: `task` where every thread has an id of its own there (strace), `process` where
   * threads stand in a second column (truss `pid/lwp`).
   */
  readonly pidColumn: 'task' | 'process';
  /**
   * True where a signal printed with a fatal default disposition is the death itself, because the tracer prints
   * no line for it.
   */
  readonly deathIsSignalLine: boolean;
  /** False where the tracer cannot see a process end. */
  readonly showsEnds: boolean;
  /** True where one process has a pid column only if its children were to be followed. */
  readonly followedHaveColumn: boolean;
}

export const dialectTraits: Readonly<Record<Dialect, DialectTraits>> = {
  strace: { platform: 'linux', pidColumn: 'task', deathIsSignalLine: false, showsEnds: true, followedHaveColumn: true },
  'truss-illumos': {
    platform: 'illumos',
    pidColumn: 'process',
    deathIsSignalLine: true,
    showsEnds: true,
    followedHaveColumn: true,
  },
  'truss-freebsd': {
    platform: 'freebsd',
    pidColumn: 'process',
    deathIsSignalLine: false,
    showsEnds: true,
    followedHaveColumn: true,
  },
  'truss-aix': {
    platform: 'aix',
    pidColumn: 'process',
    deathIsSignalLine: true,
    showsEnds: true,
    followedHaveColumn: true,
  },
  dtruss: {
    platform: 'macos',
    pidColumn: 'process',
    deathIsSignalLine: false,
    showsEnds: false,
    followedHaveColumn: false,
  },
  // FreeBSD, OpenBSD, NetBSD and DragonFly: a dump does not say which.
  kdump: { platform: 'bsd', pidColumn: 'process', deathIsSignalLine: true, showsEnds: true, followedHaveColumn: false },
};
