import type { Ancestor, BlameResult, Crash, FailedExit, Kill, SurvivedSignal } from '../../analyze/blame-result.ts';
import type { Candidate } from '../../analyze/candidates.ts';
import type { Place } from '../../analyze/process.ts';
import { dialectTraits } from '../../model/dialect.ts';
import type { TraceSummary } from '../../model/trace.ts';
import { explanationRows, failureRows, faultParts, LIST, type Row, rowsOf, useParts } from './explanation.ts';
import { baseName, programAndPid } from './names.ts';
import { commandLine, printable } from './printable.ts';
import {
  apart,
  count,
  counted,
  cut,
  duration,
  paint,
  type Tone,
  type View,
  where,
  whereBeside,
  widthOf,
  wrapped,
} from './style.ts';

const LABEL_WIDTH = 15;
const NARROW = 72;
/** Crashes of one group that are named one by one. */
const NAMED = 8;

/** The crashes and the file behind each, for people. `full`: with all that is known. Ends with a newline. */
export function renderBlame(result: BlameResult, trace: TraceSummary, view: View, full = false): string {
  const blocks = groups(result.crashes).map((group) => renderGroup(group, trace, view, full));
  if (blocks.length === 0) blocks.push(renderNone(result, trace, view));
  const others = [
    ...result.killed.map((kill) => renderKill(kill, trace, view)),
    ...result.survived.map((signal) => renderSurvived(signal, trace, view)),
  ];
  if (others.length > 0) blocks.push(others.join('\n'));
  return `${blocks.join('\n\n')}\n`;
}

/** One line for a crash that was just seen. */
export function renderAnnouncement(crash: Crash, trace: { readonly inputs: readonly string[] }): string {
  const file = crash.culprit ?? crash.lastOpened;
  const opened = file === null ? '' : `, ${crash.culprit === null ? 'last opened' : 'culprit'} ${printable(file.path)}`;
  const input = trace.inputs[crash.fault.place.input] ?? '?';
  return `crash: ${programAndPid(crash)} ${crash.signal}${opened}, ${input}:${crash.fault.place.line}`;
}

// ---- one crash, or several alike

/** Crashes of one program by one signal over one file are one story. */
function groups(crashes: readonly Crash[]): Crash[][] {
  const byStory = new Map<string, Crash[]>();
  for (const crash of crashes) {
    const file = crash.culprit?.path ?? crash.lastOpened?.path;
    const story = [crash.program, crash.signal, crash.how, file ?? `pid ${crash.pid}`].join('\0');
    const group = byStory.get(story);
    if (group === undefined) byStory.set(story, [crash]);
    else group.push(crash);
  }
  return [...byStory.values()];
}

function renderGroup(group: readonly Crash[], trace: TraceSummary, view: View, full: boolean): string {
  const [crash, ...others] = group;
  if (crash === undefined) return '';
  const head = `${paint(programAndPid(crash), 'strong', view)} ${paint(`crashed: ${ending(crash)}`, 'crash', view)}`;
  const lines = [apart(head, paint(where(crash.fault.place, trace), 'dim', view), view.width)];
  const row = (label: string, text: string) => lines.push(labelled(label, text, view));
  const addRows = (rows: readonly Row[]) => {
    for (const [label, text] of rows) row(label, text);
  };
  const room = view.width - labelWidth(view);
  const { place } = crash.fault;

  renderCulprit(crash, trace, view, row);
  addRows(rowsOf('fault', faultParts(crash, trace), room));
  addRows(explanationRows(crash, trace, full, room));
  if (crash.argv !== null) row('command', cut(commandLine(wholeWords(crash)), room));
  else if (crash.program?.includes('/')) row('program', printable(crash.program));
  if (crash.cwd !== null) row('in', printable(crash.cwd));
  const [parent] = crash.ancestors;
  if (parent !== undefined) row('started by', cut(startedBy(crash.ancestors), room));
  addRows(failureRows(crash, trace, room));
  if (crash.how === 'inferred') row('evidence', evidence(crash));
  if (crash.lastFailedOpen !== null && isClose(crash.lastFailedOpen.place, crash)) {
    const { path, errno, place: at } = crash.lastFailedOpen;
    row('open failed', beside(printable(path), `${whereBeside(at, place, trace)}   ${errno ?? 'error'}`, view));
  }
  if (others.length > 0) {
    const named = others
      .slice(0, NAMED)
      .map((other) => `pid ${other.pid ?? '?'} ${whereBeside(other.fault.place, place, trace)}`);
    if (others.length > NAMED) named.push(`and ${count(others.length - NAMED)} more`);
    addRows(rowsOf('also', named, room, LIST));
  }
  return lines.join('\n');
}

function renderCulprit(
  crash: Crash,
  trace: TraceSummary,
  view: View,
  row: (label: string, text: string) => void,
): void {
  const {
    culprit,
    lastOpened,
    unnamedOpen,
    fault: { place },
  } = crash;
  if (culprit !== null) {
    const tone: Tone = culprit.confidence === 'high' ? 'good' : 'doubtful';
    const at = `${whereBeside(culprit.place, place, trace)}   ${paint(`${culprit.confidence} confidence`, tone, view)}`;
    row('culprit', beside(paint(printable(culprit.path), 'strong', view), at, view));
    const use = crash.explanation?.work.use ?? null;
    const used = use === null ? [] : useParts(use, (at) => whereBeside(at, place, trace));
    for (const parts of [reasons(crash, culprit), used]) {
      for (const line of wrapped(parts, view.width - labelWidth(view))) row('', line);
    }
  } else {
    row('culprit', `unknown: ${whyUnknown(crash)}`);
  }
  if (unnamedOpen !== null) {
    row('last opened', beside('a file whose path the log does not show', whereBeside(unnamedOpen, place, trace), view));
  } else if (lastOpened !== null && !samePlace(lastOpened.place, culprit?.place)) {
    row('last opened', beside(printable(lastOpened.path), whereBeside(lastOpened.place, place, trace), view));
  }
}

/** Why there is no culprit. */
export function whyUnknown({ lastOpened, unnamedOpen }: Crash): string {
  if (lastOpened !== null) return 'nothing it opened is an input';
  return unnamedOpen === null ? 'the log shows no file it opened' : 'the log shows no path of what it opened';
}

/** What speaks for a culprit, in statements. */
export function reasons(crash: Crash, culprit: Candidate): string[] {
  const {
    lastOpened,
    fault: { place },
  } = crash;
  const parts = culprit.reasons.map(printable);
  if (lastOpened !== null && samePlace(lastOpened.place, culprit.place)) {
    if (lastOpened.tid !== null && parts[0]?.includes('thread')) parts[0] = `${parts[0]} (tid ${lastOpened.tid})`;
    if (lastOpened.fd !== null) parts.push(`fd ${lastOpened.fd}`);
  }
  if (place.atNs !== null && culprit.place.atNs !== null && place.atNs >= culprit.place.atNs) {
    parts.push(`${duration(place.atNs - culprit.place.atNs)} before the fault`);
  }
  return parts;
}

/** The words of the command, latin1 bytes; the tracer may have cut its first, which is no shorter than the program's own path. */
export function wholeWords({ argv, program }: Crash): readonly string[] {
  const [first = '', ...rest] = argv ?? [];
  return first.endsWith('...') && program !== null ? [program, ...rest] : [first, ...rest];
}

/** What it died of: 'SIGSEGV, core dumped'. */
export function ending(crash: Crash): string {
  const { signal } = crash.fault;
  const first = signal !== null && signal !== crash.signal ? ` after ${signal}` : '';
  if (crash.how === 'inferred') return `${crash.signal}, inferred: the log shows no deaths`;
  if (crash.how === 'handled') return `${crash.signal}, handled, exit status ${crash.exitStatus ?? '?'}`;
  return `${crash.signal}${first}${crash.coreDumped === true ? ', core dumped' : ''}`;
}

/** What a death that no line shows is inferred from. */
function evidence({ end, fault: { signal } }: Crash): string {
  if (end !== null) return 'a shell told of the death';
  return signal === null ? 'its last call sent the signal to itself' : 'the signal was told of, and no line follows';
}

/** A failed open is worth a line only where it is the thread's last word before the fault. */
function isClose(place: Place, crash: Crash): boolean {
  const { lastOpened } = crash;
  return lastOpened === null || (place.input === lastOpened.place.input && place.line > lastOpened.place.line);
}

function samePlace(a: Place, b: Place | undefined): boolean {
  return b !== undefined && a.input === b.input && a.line === b.line;
}

/** The ancestors, nearest first. */
export function startedBy(ancestors: readonly Ancestor[]): string {
  return ancestors.map(ancestorName).join(' < ');
}

function ancestorName({ pid, argv, program }: Ancestor): string {
  if (argv === null || argv.length === 0) return programAndPid({ pid, program });
  const [first = '', ...rest] = argv;
  const command = commandLine([baseName(first), ...rest.slice(0, 2)]) + (rest.length > 2 ? ' …' : '');
  return pid === null ? command : `${command} (pid ${pid})`;
}

// ---- everything else

function renderNone(result: BlameResult, trace: TraceSummary, view: View): string {
  const size = counted(trace.lines, 'line', 'lines');
  if (result.processes === 0) return `no process in the log, ${size}`;
  const lines = [`no crash in ${counted(result.processes, 'process', 'processes')}, ${size}`];
  if (!dialectTraits[trace.dialect].showsEnds) {
    lines.push(`  ${trace.dialect} prints no signals and no exits: a process that was killed just stops`);
  }
  const { failedExits, failedExitCount } = result;
  if (failedExitCount > 0) {
    lines[0] += `; ${counted(failedExitCount, 'process', 'processes')} exited non-zero:`;
    const names = failedExits.map((exit) => failedExitName(exit));
    const width = Math.max(...names.map(widthOf));
    for (const [index, exit] of failedExits.entries()) {
      const name = names[index] ?? '';
      const gap = ' '.repeat(width - widthOf(name) + 3);
      lines.push(
        `  ${name}${gap}status ${String(exit.status).padEnd(4)}${paint(where(exit.place, trace), 'dim', view)}`,
      );
    }
    if (failedExitCount > failedExits.length) lines.push(`  and ${count(failedExitCount - failedExits.length)} more`);
  }
  return lines.join('\n');
}

function failedExitName(exit: FailedExit): string {
  return programAndPid(exit);
}

function renderKill(kill: Kill, trace: TraceSummary, view: View): string {
  const { pid, signal, place, sender, limitClause, lastOpened } = kill;
  const parts = [`${programAndPid(kill)} killed: ${signal ?? 'signal unknown'}`];
  const beside = (at: Place | null): string => {
    if (at === null) return '';
    return ` ${place === null ? where(at, trace) : whereBeside(at, place, trace)}`;
  };
  const isOwn = sender !== null && sender.pid === pid;
  // The kernel too signs with the process itself, for a broken pipe or a limit: then no call of it is there.
  if (sender !== null && !(isOwn && sender.place === null)) {
    parts.push(`sent by ${isOwn ? 'itself' : programAndPid(sender)}${beside(sender.place)}`);
  }
  if (limitClause !== null) parts.push(printable(limitClause.text) + beside(limitClause.place));
  if (lastOpened !== null) parts.push(`last opened ${printable(lastOpened.path)}`);
  const end = place === null ? '' : where(place, trace);
  const [first = '', ...more] = wrapped(parts, view.width - widthOf(end) - 2, ', ', '  ');
  const line = place === null ? first : apart(first, paint(end, 'dim', view), view.width);
  return [line, ...more].join('\n');
}

function renderSurvived(signal: SurvivedSignal, trace: TraceSummary, view: View): string {
  const times = signal.count === 1 ? signal.signal : `${count(signal.count)} × ${signal.signal}`;
  return apart(
    `${programAndPid(signal)} survived ${times}`,
    paint(where(signal.place, trace), 'dim', view),
    view.width,
  );
}

function labelWidth(view: View): number {
  return view.width < NARROW ? 4 : 2 + LABEL_WIDTH;
}

/** A row with its label in front; on a narrow terminal the label stands on a line of its own. */
function labelled(label: string, text: string, view: View): string {
  if (view.width >= NARROW) return `  ${paint(label.padEnd(LABEL_WIDTH), 'dim', view)}${text}`;
  return label === '' ? `    ${text}` : `  ${paint(label, 'dim', view)}\n    ${text}`;
}

/** A path, which is never cut, and what belongs beside it: on the next line where there is no room. */
function beside(path: string, text: string, view: View): string {
  const room = view.width - labelWidth(view);
  if (widthOf(path) + 3 + widthOf(text) <= room) return `${path}   ${text}`;
  return `${path}\n${' '.repeat(labelWidth(view))}${text}`;
}
