import type { Act, RunProcess } from '../../analyze/diff/run.ts';
import type { ToldAct } from '../comparison.ts';
import { endingWords } from './endings.ts';
import { printable } from './printable.ts';
import { count } from './style.ts';

/** 'open src/lib.rs  ENOENT  ×3'. */
export function actText({ act, count: times }: ToldAct): string {
  return [callText(act), act.outcome === 'ok' ? '' : printable(act.outcome), times === 1 ? '' : `×${count(times)}`]
    .filter((part) => part !== '')
    .join('  ');
}

/** 'open src/lib.rs  ENOENT → ok', 'read src/lib.rs  ×3 → ×5': one call, and what came of it in either run. */
export function changeText(a: ToldAct, b: ToldAct): string {
  const isOutcome = a.act.outcome !== b.act.outcome;
  const results = ({ act, count: times }: ToldAct): string => {
    const repeats = isOutcome && times === 1 ? '' : `×${count(times)}`;
    return [isOutcome ? printable(act.outcome) : '', a.count === b.count ? '' : repeats].join(' ').trim();
  };
  return `${callText(a.act)}  ${results(a)} → ${results(b)}`;
}

function callText({ operation, object }: Act): string {
  return object === '' ? printable(operation) : `${printable(operation)} ${printable(object)}`;
}

/** What was done, of operations on which two runs often part. */
const PAST: Readonly<Record<string, string>> = {
  open: 'opened',
  'open to write': 'opened to write',
  stat: 'looked at',
  access: 'looked at',
  readlink: 'looked at',
  list: 'listed',
  exec: 'ran',
  spawn: 'started a process',
  thread: 'started a thread',
  unlink: 'removed',
  mkdir: 'made',
  rename: 'renamed',
  link: 'linked',
  symlink: 'linked',
  truncate: 'truncated',
  attributes: 'changed',
  chdir: 'went to',
  read: 'read',
  write: 'wrote',
  close: 'closed',
  signal: 'got',
  kill: 'signalled',
};

/** 'opened src/lib.rs', 'looked at /etc/x (ENOENT)'. */
export function pastText(act: Act): string {
  const past = PAST[act.operation];
  const said = past === undefined ? callText(act) : `${past} ${printable(act.object)}`.trimEnd();
  const { outcome } = act;
  return outcome === 'ok' || outcome === '' ? said : `${said} (${printable(outcome)})`;
}

/** 'opened', 'renamed'; the operation itself where there is no better word. */
export function pastVerb({ operation }: Act): string {
  return PAST[operation] ?? printable(operation);
}

/** 'crashed: SIGSEGV', 'exited 0'; where no line shows it, that. */
export function processEnd({ end }: RunProcess): string {
  return endingWords(end, end.crashed) ?? 'end not in the log';
}
