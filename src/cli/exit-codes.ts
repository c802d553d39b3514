import { constants } from 'node:os';

/** How a run went, as far as the exit status is concerned. */
export type Outcome =
  /** The whole input was read, or the live pipe was followed for as long as the person wanted. */
  | { readonly kind: 'done' }
  /** There are differences; or `--exit-code` was given, and there are crashes. */
  | { readonly kind: 'found' }
  /** Unreadable input, bad usage, nothing recognised, or `--strict` and a line that was not understood. */
  | { readonly kind: 'trouble' }
  /** A signal ended the run before the input did. */
  | { readonly kind: 'interrupted'; readonly by: StopSignal };

/** Signals that ask forklore to stop. */
export type StopSignal = 'SIGINT' | 'SIGTERM';

/** The exit status of a run. Signals count as shells count them. */
export function exitStatus(outcome: Outcome): number {
  switch (outcome.kind) {
    case 'done':
      return 0;
    case 'found':
      return 1;
    case 'trouble':
      return 2;
    case 'interrupted':
      return 128 + constants.signals[outcome.by];
    default:
      return outcome satisfies never;
  }
}
