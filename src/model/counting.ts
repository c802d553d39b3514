/** Takes calls as numbers, where nothing else of them is needed: most lines of a log are never made an event then. */
export interface Counting {
  /**
   * Whether the call with this printed name may be told by numbers, where it tells nothing new of processes, and whether
   * it only waits; null where an event of it is needed. Must not change during a run.
   */
  countedAs(name: string): 'work' | 'wait' | null;
  /** Of calls that took longer, in nanoseconds, an event is needed all the same. They change as the log is read. */
  readonly floors: { readonly work: number; readonly wait: number };
  /**
   * A call of the task (pid column) that returned. `errno`: name of its error, null where it succeeded. `durationNs`,
   * `atNs`: as in a `SyscallEvent`; null where the line shows none.
   */
  count(pid: number | null, name: string, errno: string | null, durationNs: number | null, atNs: number | null): void;
}
