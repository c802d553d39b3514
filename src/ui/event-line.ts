import type { EventRow } from '../explore/exploration.ts';
import type { Errno, SyscallEvent, TraceEvent } from '../model/event.ts';
import { printable } from '../render/text/printable.ts';
import { shortDuration } from '../render/text/style.ts';
import {
  cutEnd,
  cutMiddle,
  cutStart,
  fittedLine,
  type Line,
  lineWidth,
  type Piece,
  padEnd,
  padStart,
  piece,
  shifted,
  startOf,
  widthOf,
} from './line.ts';
import { THREAD_TONES, type Tone } from './theme.ts';

/** How events are listed. Widths in columns. */
export interface EventColumns {
  /** Seconds since the trace's first stamp, or the time since the event above; 0 where the log has no times. */
  readonly time: number;
  /** Who did it, where events of several processes are listed; else 0. */
  readonly who: number;
  /** How long calls took; 0 where the log does not tell. */
  readonly duration: number;
}

/** Bytes of an argument that are looked at: what is beyond is far out of any screen, and a line may have a gigabyte. */
const MOST_BYTES = 4000;
const BETWEEN = '  ';
const LEAST_ARGUMENTS = 12;
/** Of a path this much tells something. */
const LEAST_QUOTED = 12;
/** In place of what stands before and behind it, where there is no room. */
const SHORT_HEAD = '(…"';
const SHORT_TAIL = '"…)';

/** One event of the list. `time`: as it is to be shown; `who`: the process, '' where it is the same for all. */
export function eventLine(
  row: EventRow,
  time: string,
  who: string,
  columns: EventColumns,
  shift: number,
  width: number,
): Line {
  const front: Piece[] = [];
  if (columns.time > 0) front.push(piece(padStart(time, columns.time) + BETWEEN, 'dim'));
  if (columns.who > 0) front.push(piece(padEnd(who, columns.who) + BETWEEN, 'dim'));
  const { event } = row;
  const took = event.kind === 'syscall' && event.durationNs !== null ? shortDuration(event.durationNs) : '';
  const back = columns.duration > 0 ? piece(padStart(took, columns.duration), 'dim') : null;
  const used = front.reduce((sum, { text }) => sum + widthOf(text), 0) + (back === null ? 0 : columns.duration + 1);
  const room = Math.max(0, width - used);
  // Scrolled to the side the event stands as it is; else its result is in sight, and the middle of its arguments is not.
  const whole = eventPieces(event, row.thread, shift + room);
  const text = fittedLine(shift > 0 || event.kind !== 'syscall' ? shifted(whole, shift) : squeezed(whole, room), room);
  return back === null ? [...front, ...text] : [...front, ...text, piece(' '), back];
}

/** A call with as much of its arguments as there is room for beside its name and its result. */
function squeezed([name, args, ...rest]: Line, width: number): Line {
  if (name === undefined || args === undefined) return [];
  const room = Math.max(LEAST_ARGUMENTS, width - lineWidth([name, ...rest]));
  return [name, { ...args, text: squeezedArguments(args.text, room) }, ...rest];
}

/** Of arguments the end of a path tells most, or the beginning of another text; what stands around it the least. */
function squeezedArguments(text: string, width: number): string {
  const open = text.indexOf('"') + 1;
  const close = open === 0 ? -1 : text.indexOf('"', open);
  if (widthOf(text) <= width || close < 0) return cutMiddle(text, width);
  const quoted = text.slice(open, close);
  const least = Math.min(LEAST_QUOTED, widthOf(quoted));
  const head = width - open - least < widthOf(SHORT_TAIL) ? SHORT_HEAD : text.slice(0, open);
  const room = width - widthOf(head);
  const wholeTail = text.slice(close);
  const tail = shortened(wholeTail, room - widthOf(quoted));
  const rest = room - widthOf(tail);
  if (rest < least) return cutMiddle(text, width);
  return `${head}${quoted.startsWith('/') ? cutStart(quoted, rest) : cutEnd(quoted, rest)}${tail}`;
}

/** What stands behind the text, as much of it as there is room for. */
function shortened(tail: string, room: number): string {
  if (widthOf(tail) <= room) return tail;
  return room < widthOf(SHORT_TAIL) ? SHORT_TAIL : `${startOf(tail, room - 2)}…)`;
}

/** The whole event, as long as it is. */
export function wholeEvent({ event, thread }: EventRow): string {
  return eventPieces(event, thread, Number.POSITIVE_INFINITY)
    .map(({ text }) => text)
    .join('');
}

/** What the event says, in pieces; of long texts at least `width` columns. */
function eventPieces(event: TraceEvent, thread: number, width: number): Line {
  const bytes = Math.max(MOST_BYTES, width * 4);
  const shown = (text: string): string => printable(text.length > bytes ? text.slice(0, bytes) : text);
  switch (event.kind) {
    case 'syscall':
      return callPieces(event, toneOfThread(thread), shown);
    case 'signal':
      return [piece(event.signal, 'warning'), ...about(event.disposition), ...about(event.siginfo)];
    case 'fault':
      return [
        piece(event.fault, 'crash'),
        ...about(event.pc === null ? null : `at ${event.pc}`),
        ...about(event.siginfo),
      ];
    case 'killed':
      return [
        piece(`killed by ${event.signal ?? 'a signal'}`, 'crash'),
        ...about(event.coreDumped ? 'core dumped' : null),
      ];
    case 'exit':
      return [piece(`exited with ${event.status ?? 'a status not shown'}`, event.status === 0 ? 'plain' : 'warning')];
    case 'process-start':
      return [piece('begins', 'strong'), ...about(event.via), ...about(event.parentPid && `of ${event.parentPid}`)];
    case 'identity':
      return [piece('is the process without a pid above', 'dim')];
    case 'program':
      return [piece(`runs ${printable(event.program)}`, 'dim')];
    case 'lookup':
      return [piece(`looks up ${shown(event.path)}`, 'dim')];
    case 'detach':
      return [piece('is not traced any more', 'dim')];
    case 'lost':
      return [piece(shown(event.text), 'warning')];
    case 'note':
    case 'unparsed':
      return [piece(shown(event.text), 'dim')];
    default:
      return event satisfies never;
  }
}

function callPieces(event: SyscallEvent, tone: Tone, shown: (text: string) => string): Line {
  const pieces = [piece(printable(event.name), tone), piece(`(${shown(event.args)})`)];
  if (event.outcome === 'unfinished') return [...pieces, piece('  does not return', 'dim')];
  if (event.outcome === 'restarted') return [...pieces, piece('  is restarted', 'dim')];
  const isFailed = event.outcome === 'failed';
  const result = [event.result, errorName(event.errno)].filter((part) => part !== null).join(' ');
  pieces.push(piece(` = ${shown(result)}`, isFailed ? 'warning' : 'plain'));
  return event.detail === null ? pieces : [...pieces, piece(` ${shown(event.detail)}`, 'dim')];
}

function errorName(errno: Errno | null): string | null {
  if (errno === null) return null;
  return errno.name ?? (errno.number === null ? null : `errno ${errno.number}`);
}

function about(text: string | number | null): Line {
  return text === null || text === '' ? [] : [piece(`  ${printable(String(text))}`, 'dim')];
}

function toneOfThread(thread: number): Tone {
  return thread === 0 ? 'call' : (THREAD_TONES[(thread - 1) % THREAD_TONES.length] ?? 'call');
}
