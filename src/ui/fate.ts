import type { ProcessRow } from '../explore/exploration.ts';
import type { Tone } from './theme.ts';

/** How the end of a process looks in the tree. */
export interface FateMark {
  /** One column. */
  readonly glyph: string;
  readonly tone: Tone;
}

const MARKS: Readonly<Record<ProcessRow['fate'], FateMark>> = {
  crashed: { glyph: '✗', tone: 'crash' },
  killed: { glyph: '†', tone: 'warning' },
  failed: { glyph: '!', tone: 'warning' },
  exited: { glyph: '·', tone: 'dim' },
  running: { glyph: '○', tone: 'good' },
  unknown: { glyph: '?', tone: 'dim' },
};

/** The mark of how a process ended. */
export function fateMark({ fate }: ProcessRow): FateMark {
  return MARKS[fate];
}

/** How a process ended, in a word or two; '' where it ended well. */
export function fateWord({ fate, status, signal }: ProcessRow): string {
  switch (fate) {
    case 'crashed':
    case 'killed':
      return signal ?? fate;
    case 'failed':
      return `exit ${status ?? '?'}`;
    case 'running':
      return 'running';
    case 'exited':
    case 'unknown':
      return '';
    default:
      return fate satisfies never;
  }
}

/** How a process ended, in words that follow its name. */
export function fateText({ fate, status, signal, coreDumped }: ProcessRow): string {
  switch (fate) {
    case 'crashed':
      return `crashed: ${signal ?? 'signal unknown'}${coreDumped === true ? ', core dumped' : ''}`;
    case 'killed':
      return `was killed: ${signal ?? 'signal unknown'}`;
    case 'failed':
    case 'exited':
      return `exited with ${status ?? 'a status not shown'}`;
    case 'running':
      return 'is running';
    case 'unknown':
      return 'has no end in the log';
    default:
      return fate satisfies never;
  }
}
