import type { CallStatistics } from '../../analyze/call-statistics.ts';
import type { Place } from '../../analyze/process.ts';
import type { SlowCall } from '../../analyze/slowest-calls.ts';
import type { ProcessSummary, SummaryResult, Wait } from '../../analyze/summary.ts';
import type { SummaryLimit, SummaryLimitCode } from '../../analyze/summary-limits.ts';
import type { TraceSummary } from '../../model/trace.ts';
import { type Column, columns } from './columns.ts';
import { programAndPid } from './names.ts';
import { printable, printableText } from './printable.ts';
import { apart, count, counted, cut, paint, shortDuration, type View, whereBeside, widthOf } from './style.ts';

/** What a person asked to see. */
export interface SummaryChoice {
  /** Processes to list. */
  readonly processes: number;
  /** The pid or program that was chosen; null: all. */
  readonly process: string | null;
}

/** Calls, errors and times, for people. Ends with a newline. */
export function renderSummary(result: SummaryResult, trace: TraceSummary, view: View, choice: SummaryChoice): string {
  const { total, processes } = result;
  if (total.calls === 0 && result.unfinished.length === 0) return `${renderNone(trace, choice)}\n`;
  const blocks = [
    headline(result, view),
    callTable(result, view),
    errorBlock(result.calls, view),
    waitBlock(result, view),
    processes.length < 2 ? [] : processBlock(result, trace, view, choice.processes),
    slowBlock('slowest calls, waits left out', result.slowest, trace, view),
    slowBlock('longest waits', result.longestWaits, trace, view),
    result.limits.map((limit) => limitLine(limit, view)),
  ];
  const texts = blocks.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
  return `${texts.join('\n\n')}\n`;
}

function renderNone(trace: TraceSummary, { process }: SummaryChoice): string {
  const of = process === null ? '' : ` of ${printableText(process)}`;
  return `no call${of} in ${counted(trace.lines, 'line', 'lines')}`;
}

// 2,183 calls of 4 processes, 12 errors; 1.27 s in calls, 900 ms of it waiting; 1.35 s from first stamp to last
function headline({ total, processes, unlisted, waits, elapsedNs }: SummaryResult, view: View): string[] {
  const number = processes.length + unlisted.processes;
  const of = number === 0 ? '' : ` of ${counted(number, 'process', 'processes')}`;
  const parts = [`${counted(total.calls, 'call', 'calls')}${of}, ${counted(total.errors, 'error', 'errors')}`];
  if (total.totalNs !== null) {
    const waitingNs = sumNs(waits ?? []);
    const waiting = waitingNs === 0 ? 'none' : shortDuration(waitingNs);
    parts.push(`${shortDuration(total.totalNs)} in calls, ${waiting} of it waiting`);
  }
  if (elapsedNs !== null) parts.push(`${shortDuration(elapsedNs)} from the first stamp to the last`);
  const line = parts.join('; ');
  return (widthOf(line) > view.width ? parts : [line]).map((text) => paint(text, 'strong', view));
}

// ---- by call

const TIME_COLUMNS: readonly Column[] = [
  { heading: '% time', align: 'right' },
  { heading: 'total', align: 'right' },
  { heading: 'mean', align: 'right' },
  { heading: 'p50', align: 'right' },
  { heading: 'p95', align: 'right' },
  { heading: 'max', align: 'right' },
];
const COUNT_COLUMNS: readonly Column[] = [
  { heading: 'calls', align: 'right' },
  { heading: 'errors', align: 'right' },
  { heading: 'syscall', align: 'left' },
];

function callTable({ total, calls }: SummaryResult, view: View): string[] {
  if (calls.length === 0) return [];
  const rows = [...calls, { ...total, name: 'total' }].map((call) => callRow(call, total));
  const hasTimes = total.totalNs !== null;
  const spec = [...(hasTimes ? TIME_COLUMNS : [{ heading: '% calls', align: 'right' } as const]), ...COUNT_COLUMNS];
  const [heading = '', ...lines] = columns(spec, rows, view.width);
  const rule = paint('-'.repeat(Math.max(...[heading, ...lines].map(widthOf))), 'dim', view);
  const sum = lines.pop() ?? '';
  return [paint(heading, 'dim', view), ...lines, rule, sum];
}

function callRow(call: CallStatistics, total: CallStatistics): string[] {
  const counts = [count(call.calls), call.errors === 0 ? '' : count(call.errors), printable(call.name)];
  if (total.totalNs === null) return [percent(call.calls, total.calls), ...counts];
  const { totalNs, meanNs, p50Ns, p95Ns, maxNs } = call;
  const times = [totalNs, meanNs, p50Ns, p95Ns, maxNs].map((ns) => (ns === null ? '?' : shortDuration(ns)));
  return [totalNs === null ? '?' : percent(totalNs, total.totalNs), ...times, ...counts];
}

function percent(part: number, whole: number): string {
  return whole === 0 ? '0.00' : ((100 * part) / whole).toFixed(2);
}

function errorBlock(calls: readonly CallStatistics[], view: View): string[] {
  const failing = calls.filter(({ errors }) => errors > 0).sort((a, b) => b.errors - a.errors);
  if (failing.length === 0) return [];
  const spec: Column[] = [
    { heading: '', align: 'left' },
    { heading: 'errors', align: 'right' },
    { heading: '', align: 'left' },
    { heading: 'by error', align: 'left' },
  ];
  const rows = failing.map(({ name, calls: all, errors, errnos }) => {
    const named = errnos.map(([errno, times]) => `${printable(errno)} ${count(times)}`).join(', ');
    return [printable(name), count(errors), `of ${count(all)}`, named];
  });
  const [, ...lines] = columns(spec, rows);
  return [paint('errors by call', 'dim', view), ...lines.map((line) => clip(`  ${line}`, view.width))];
}

// ---- waiting

const WAITS_FOR: Readonly<Record<Wait['kind'], string>> = {
  children: 'child processes',
  events: 'events',
  locks: 'locks',
  time: 'time to pass',
  signals: 'signals',
  peers: 'messages',
  resumed: 'what was resumed',
};

function waitBlock({ waits, total }: SummaryResult, view: View): string[] {
  if (waits === null || waits.length === 0 || total.totalNs === null) return [];
  const spec: Column[] = [
    { heading: '', align: 'left' },
    { heading: '', align: 'right' },
    { heading: '', align: 'right' },
    { heading: '', align: 'left' },
  ];
  const rows = waits.map(({ kind, calls, totalNs, names }) => [
    `for ${WAITS_FOR[kind]}`,
    shortDuration(totalNs),
    counted(calls, 'call', 'calls'),
    names.map(printable).join(', '),
  ]);
  const [, ...lines] = columns(spec, rows);
  const heading = `waiting, ${percent(sumNs(waits), total.totalNs)} % of the time; reads and writes may wait too, uncounted`;
  return [paint(heading, 'dim', view), ...lines.map((line) => clip(`  ${line}`, view.width))];
}

// ---- by process

/** Calls that are named beside a process. */
const NAMED = 3;

function processBlock(
  { processes, total, unlisted }: SummaryResult,
  trace: TraceSummary,
  view: View,
  most: number,
): string[] {
  const shown = processes.slice(0, most);
  const hasTimes = total.totalNs !== null;
  const spec: Column[] = [
    { heading: 'pid', align: 'right' },
    { heading: 'process', align: 'left' },
    ...(hasTimes
      ? ([
          { heading: 'time', align: 'right' },
          { heading: 'waiting', align: 'right' },
        ] as const)
      : []),
    { heading: 'calls', align: 'right' },
    { heading: 'errors', align: 'right' },
    { heading: 'mostly', align: 'left' },
  ];
  const [heading = '', ...lines] = columns(
    spec,
    shown.map((process) => processRow(process, hasTimes)),
  );
  const block = withPlaces(
    heading,
    shown.map(({ start }, index) => ({ place: start, inColumns: (room) => clip(lines[index] ?? '', room) })),
    trace,
    view,
  );
  const more = processes.length - shown.length;
  if (more > 0) block.push(paint(`… and ${counted(more, 'process', 'processes')} more (--top N, --json)`, 'dim', view));
  if (unlisted.processes > 0) {
    const calls = counted(unlisted.calls, 'call', 'calls');
    block.push(
      paint(`… and ${counted(unlisted.processes, 'process', 'processes')} not kept apart: ${calls}`, 'dim', view),
    );
  }
  return block;
}

function processRow({ pid, program, total, waitingNs, calls }: ProcessSummary, hasTimes: boolean): string[] {
  const name = program === null ? '?' : printable(program.slice(program.lastIndexOf('/') + 1));
  const times = [total.totalNs, waitingNs].map((ns) => (ns === null ? '?' : shortDuration(ns)));
  const mostly = calls
    .slice(0, NAMED)
    .map(
      (call) => `${printable(call.name)} ${call.totalNs === null ? count(call.calls) : shortDuration(call.totalNs)}`,
    );
  return [
    pid === null ? '?' : String(pid),
    name,
    ...(hasTimes ? times : []),
    count(total.calls),
    total.errors === 0 ? '' : count(total.errors),
    mostly.join(', '),
  ];
}

// ---- single calls

function slowBlock(heading: string, calls: readonly SlowCall[], trace: TraceSummary, view: View): string[] {
  if (calls.length === 0) return [];
  const spec: Column[] = [
    { heading: '', align: 'right' },
    { heading: '', align: 'left' },
  ];
  const [, ...leads] = columns(
    spec,
    calls.map((call) => [shortDuration(call.durationNs), programAndPid(call)]),
  );
  const widest = Math.max(...leads.map(widthOf));
  const lines = calls.map(({ place, text }, index) => ({
    place,
    inColumns: (room: number) => {
      const lead = `  ${leads[index] ?? ''}`;
      return (
        lead + ' '.repeat(widest + 4 - widthOf(lead)) + cut(printable(text), Math.max(MIN_CALL, room - widest - 4))
      );
    },
  }));
  return withPlaces(heading, lines, trace, view);
}

/** Columns a call and the name of an input keep, whatever else stands on their lines. */
const MIN_CALL = 24;
const MIN_INPUT = 12;

// ---- what cannot be said

function limitLine({ code, count: number, remedy }: SummaryLimit, view: View): string {
  const advice = remedy === null ? '' : `; ${remedy}`;
  return `${paint('note:', 'dim', view)} ${SENTENCES[code](number ?? 0)}${advice}`;
}

const SENTENCES: Readonly<Record<SummaryLimitCode, (number: number) => string>> = {
  'no-durations': () => 'the log does not show how long calls took',
  'some-durations': (calls) =>
    `${counted(calls, 'call shows', 'calls show')} no duration: counted, and in none of the times`,
  'coarse-durations': (ns) =>
    `durations are printed in steps of ${shortDuration(ns)}: shorter calls may show as nothing`,
  'unfinished-calls': (calls) =>
    `${counted(calls, 'call was', 'calls were')} not seen to return: in none of the counts`,
  'calls-filtered': () => 'programs ran without asking for memory: the log holds only some of the calls',
  'failures-only': () => 'no call in the log succeeded: it may hold failures only',
  'processes-unlisted': (processes) =>
    `${counted(processes, 'process', 'processes')} with few calls are counted in the sums only`,
};

// ---- parts

function sumNs(waits: readonly Wait[]): number {
  return waits.reduce((sum, { totalNs }) => sum + totalNs, 0);
}

/** A line that is about a place. */
interface Placed {
  readonly place: Place;
  /** Its text; as many columns are free. */
  inColumns(room: number): string;
}

/** Lines under a heading, each with its place at the right edge; the input stands in the heading, and where it changes. */
function withPlaces(heading: string, lines: readonly Placed[], trace: TraceSummary, view: View): string[] {
  const [first] = lines;
  if (first === undefined) return [];
  const input = printableText(trace.inputs[first.place.input] ?? '?');
  const name = cut(input, Math.max(MIN_INPUT, view.width - widthOf(heading) - 2));
  const block = [paint(apart(heading, name, view.width), 'dim', view)];
  let above = first.place;
  for (const { place, inColumns } of lines) {
    const at = whereBeside(place, above, trace);
    block.push(apart(inColumns(view.width - widthOf(at) - 2), paint(at, 'dim', view), view.width));
    above = place;
  }
  return block;
}

/** The beginning of a line that has no room for its end. */
function clip(line: string, width: number): string {
  if (widthOf(line) <= width) return line;
  let kept = line;
  while (kept !== '' && widthOf(kept) > width - 1) kept = kept.slice(0, -1);
  return `${kept}…`;
}
