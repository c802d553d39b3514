import type { Candidate } from '../analyze/candidates.ts';
import type { Place } from '../analyze/process.ts';
import { FATES, type Fate, type ProcessRow, type ProcessTree, type Story } from '../explore/exploration.ts';
import type { TraceHeader } from '../model/trace.ts';
import { ending, reasons, startedBy, wholeWords, whyUnknown } from '../render/text/blame.ts';
import { explanationRows, failureRows, faultParts, useParts } from '../render/text/explanation.ts';
import { programAndPid } from '../render/text/names.ts';
import { commandLine, printable, shellWord } from '../render/text/printable.ts';
import { counted, duration, where, whereBeside } from '../render/text/style.ts';
import { eventLine, wholeEvent } from './event-line.ts';
import { fateText } from './fate.ts';
import {
  apart,
  cutStart,
  type Line,
  lineWidth,
  type Piece,
  padEnd,
  piece,
  textOf,
  widthOf,
  wrappedText,
} from './line.ts';
import type { LinePlace } from './state.ts';

/** One row of a story. */
export interface StoryLine {
  readonly line: Line;
  /** The line of the log it speaks of; null where of none. */
  readonly place: LinePlace | null;
  /** What is copied of it, uncut: a path, a command, a sentence; null where it says nothing. */
  readonly copied: string | null;
}

const LABEL_WIDTH = 12;
/** Below this a label would take too much of the room. */
const NARROW = 48;
const NARROW_LABEL_WIDTH = 2;
/** The label of what is to be copied; its rows are the last that explain a crash. */
const RUN_AGAIN = 'run again';
const EMPTY: StoryLine = { line: [], place: null, copied: null };

/** The story of a crash, in rows of a width. */
export function storyLines(story: Story, header: TraceHeader, width: number): StoryLine[] {
  const { crash, lastEvents } = story;
  const rows = new Rows(width);
  const fault = crash.fault.place;
  rows.add(crashLine(programAndPid(crash), ending(crash), fault, header, width), fault);
  rows.gap();
  if (crash.culprit === null) rows.labelled('culprit', `unknown: ${whyUnknown(crash)}`, null);
  else rows.culprit(crash.culprit, whereBeside(crash.culprit.place, fault, header));
  if (crash.culprit !== null) {
    rows.labelled('', reasons(crash, crash.culprit).join('; '), crash.culprit.place);
    const use = crash.explanation?.work.use ?? null;
    if (use !== null) rows.labelled('', useParts(use, (place) => whereBeside(place, fault, header)).join('; '), null);
  }
  const { lastOpened } = crash;
  if (lastOpened !== null && lastOpened.place.line !== crash.culprit?.place.line) {
    const text = `${printable(lastOpened.path)} ${whereBeside(lastOpened.place, fault, header)}`;
    rows.labelled('last opened', text, lastOpened.place);
  }
  rows.labelled('fault', faultParts(crash, header).join('; '), fault);
  const explained = explanationRows(crash, header, true, width - LABEL_WIDTH);
  const again = explained.findIndex(([label]) => label === RUN_AGAIN);
  const reasonsEnd = again < 0 ? explained.length : again;
  for (const [label, text] of explained.slice(0, reasonsEnd)) rows.labelled(label, text, null);
  if (crash.cwd !== null) rows.labelled('in', printable(crash.cwd), null);
  if (crash.ancestors.length > 0) rows.labelled('started by', startedBy(crash.ancestors), null);
  for (const [label, text] of failureRows(crash, header, width - LABEL_WIDTH)) rows.labelled(label, text, null);
  rows.gap();
  rows.add([piece(lastEvents.length === 0 ? 'no line of its own is in the log' : 'its last lines', 'heading')], null);
  for (const row of lastEvents) rows.add(eventBefore(row, fault.atNs, width), row.event, wholeEvent(row));
  rows.gap();
  // Commands are long, and of no interest before the rest has been seen.
  if (crash.argv !== null) rows.labelled('command', commandLine(wholeWords(crash)), null);
  for (const [label, text] of explained.slice(reasonsEnd)) rows.labelled(label, text, null);
  return rows.lines;
}

/** Who crashed, of what, and where; without the name of the input where there is no room for it. */
function crashLine(who: string, what: string, place: Place, header: TraceHeader, width: number): Line {
  const left: Line = [piece(`${who} `, 'strong'), piece(what, 'crash')];
  const whole = where(place, header);
  const isRoom = lineWidth(left) + widthOf(whole) + 2 <= width;
  return apart(left, [piece(isRoom ? whole : `:${place.line}`, 'dim')], width);
}

/** An event with the time between it and the fault. */
function eventBefore(row: Story['lastEvents'][number], faultNs: number | null, width: number): Line {
  const { atNs } = row.event;
  const time = faultNs === null || atNs === null ? '' : atNs >= faultNs ? '0' : `-${duration(faultNs - atNs)}`;
  return eventLine(row, time, '', { time: faultNs === null ? 0 : 9, who: 0, duration: 0 }, 0, width);
}

/** What is told of a process that did not crash. */
export function plainLines(process: ProcessRow, header: TraceHeader, width: number): StoryLine[] {
  const rows = new Rows(width);
  rows.add([piece(`${programAndPid(process)} `, 'strong'), piece(fateText(process))], process.end);
  rows.gap();
  if (process.argv !== null) rows.labelled('command', commandLine(process.argv), null);
  rows.labelled('began', where(process.start, header), process.start);
  if (process.end !== null) rows.labelled('ended', where(process.end, header), process.end);
  if (process.durationNs !== null) rows.labelled('took', duration(process.durationNs), null);
  if (process.threads > 0) rows.labelled('threads', counted(process.threads + 1, 'thread', 'threads'), null);
  if (!process.traced) rows.labelled('', 'no line of its own is in the log', null);
  return rows.lines;
}

/** How all processes ended: the crashes one by one, then how many ended otherwise. */
export function overviewLines(
  crashed: readonly ProcessRow[],
  fates: ProcessTree['fates'],
  header: TraceHeader,
  width: number,
): StoryLine[] {
  const rows = new Rows(width);
  for (const process of crashed) {
    const place = process.end ?? process.start;
    rows.add(crashLine(programAndPid(process), fateText(process), place, header, width), place);
  }
  if (crashed.length > 0) rows.gap();
  for (const fate of FATES) {
    if (fates[fate] > 0) {
      rows.add([piece(`${counted(fates[fate], 'process', 'processes')} ${FATE_WORDS[fate]}`)], null);
    }
  }
  return rows.lines;
}

const FATE_WORDS: Readonly<Record<Fate, string>> = {
  crashed: 'crashed',
  killed: 'killed by a signal',
  failed: 'exited with another status than 0',
  exited: 'exited with status 0',
  running: 'running',
  unknown: 'without an end in the log',
};

/** Rows with labels at their left. */
class Rows {
  readonly lines: StoryLine[] = [];
  readonly #width: number;
  readonly #labelWidth: number;
  #label = '';

  constructor(width: number) {
    this.#width = width;
    this.#labelWidth = width < NARROW ? NARROW_LABEL_WIDTH : LABEL_WIDTH;
  }

  add(line: Line, place: LinePlace | null, copied = textOf(line)): void {
    this.lines.push({ line, place, copied });
  }

  gap(): void {
    this.lines.push(EMPTY);
  }

  /** A text as long as it is, with its label in front, or above where there is no room for one of the two. */
  labelled(label: string, text: string, place: LinePlace | null): void {
    if (text === '') return;
    for (const [index, line] of wrappedText(text, this.#width - this.#labelWidth).entries()) {
      this.#row(index === 0 ? label : '', [piece(line)], place, text);
    }
  }

  culprit({ path, confidence, place }: Candidate, line: string): void {
    const room = this.#width - this.#labelWidth - line.length - confidence.length - 5;
    const sure: Piece = piece(`${confidence} confidence`, confidence === 'high' ? 'good' : 'warning');
    const name = printable(path);
    const isShort = room - ' confidence'.length >= name.length;
    this.#row(
      'culprit',
      [
        piece(isShort ? name : cutStart(name, this.#width - this.#labelWidth), 'strong'),
        ...(isShort ? [piece(` ${line}   `, 'dim'), sure] : []),
      ],
      place,
      shellWord(path),
    );
    if (!isShort) this.#row('', [piece(`${line}   `, 'dim'), sure], place, shellWord(path));
  }

  #row(label: string, line: Line, place: LinePlace | null, copied: string): void {
    const isAbove = this.#labelWidth === NARROW_LABEL_WIDTH || label.length >= this.#labelWidth;
    if (isAbove && label !== '' && label !== this.#label) this.add([piece(label, 'dim')], place, copied);
    this.#label = label === '' ? this.#label : label;
    this.add([piece(padEnd(isAbove ? '' : label, this.#labelWidth), 'dim'), ...line], place, copied);
  }
}
