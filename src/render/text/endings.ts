/** How a process ended, as far as the log tells. */
interface Ending {
  readonly how: 'exited' | 'killed' | 'inferred' | 'handled' | 'unknown';
  readonly status: number | null;
  readonly signal: string | null;
}

/** 'exited 1', 'crashed: SIGSEGV, handled, exited 4'; null where the log does not show an end. */
export function endingWords({ how, status, signal }: Ending, crashed: boolean): string | null {
  switch (how) {
    case 'exited':
      return `exited ${status ?? '?'}`;
    case 'killed':
      return `${crashed ? 'crashed' : 'killed'}: ${signal ?? 'signal unknown'}`;
    case 'inferred':
      return `crashed: ${signal ?? 'signal unknown'}, inferred`;
    case 'handled':
      return `crashed: ${signal ?? '?'}, handled, exited ${status ?? '?'}`;
    case 'unknown':
      return null;
    default:
      return how satisfies never;
  }
}
