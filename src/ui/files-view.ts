import type { FileRow } from '../explore/exploration.ts';
import type { TraceHeader } from '../model/trace.ts';
import { printable } from '../render/text/printable.ts';
import { count, counted, size, where, whereBeside } from '../render/text/style.ts';
import { cutStart, type Line, padEnd, padStart, piece, widthOf, wrappedText } from './line.ts';
import { plainRow, type Row, selectionOf } from './rows.ts';
import type { Snapshot } from './session.ts';
import type { Tone } from './theme.ts';

/** Between columns. */
const GAP = 2;

/** Each file that the selected process did something with; the one at the cursor in full below. */
export function fileRows(snapshot: Snapshot, width: number, height: number, wholeHeight: number): Row[] {
  const { state, files, header } = snapshot;
  const { top, cursor } = state.windows.files;
  const listHeight = height - wholeHeight - 1;
  const columns = columnsFor(files ?? []);
  const shown = (files ?? []).slice(top, top + listHeight);
  const rows = shown.map((file, index): Row => {
    return {
      line: fileLine(file, columns, width),
      selection: selectionOf(top + index === cursor, state.pane === 'detail'),
    };
  });
  if (rows.length === 0) rows.push(plainRow([piece(` ${nothing(snapshot)}`, 'dim')]));
  const list = [plainRow(headings(columns, width)), ...rows];
  while (list.length < height - wholeHeight) list.push(plainRow([]));
  const chosen = files?.[cursor];
  const whole = wholeHeight === 0 || chosen === undefined ? [] : wholeRows(chosen, header, width);
  return [...list, ...whole.slice(0, wholeHeight)];
}

function nothing({ state, files }: Snapshot): string {
  if (state.selected === null) return 'choose a process on the left';
  return files === null ? 'reading…' : 'it did nothing with files, as far as the log shows';
}

/** A column behind the paths. */
interface FileColumn {
  readonly heading: string;
  readonly tone: Tone;
  /** '' where the file has nothing of it. */
  readonly text: (file: FileRow) => string;
}

const COLUMNS: readonly FileColumn[] = [
  { heading: 'opened', tone: 'plain', text: ({ opened }) => (opened === 0 ? '' : count(opened)) },
  { heading: 'failed', tone: 'warning', text: ({ failed }) => (failed === 0 ? '' : count(failed)) },
  { heading: 'read', tone: 'plain', text: ({ read }) => (read.calls === 0 ? '' : size(read.bytes)) },
  { heading: 'written', tone: 'plain', text: ({ written }) => (written.calls === 0 ? '' : size(written.bytes)) },
  { heading: '', tone: 'strong', text: ({ stillOpen }) => (stillOpen === true ? 'open' : '') },
];

interface SizedColumn extends FileColumn {
  readonly width: number;
}

/** The columns that any of the files has something in, each as wide as its widest text. */
function columnsFor(files: readonly FileRow[]): SizedColumn[] {
  return COLUMNS.flatMap((column) => {
    const most = files.reduce((width, file) => Math.max(width, widthOf(column.text(file))), 0);
    return most === 0 ? [] : { ...column, width: Math.max(most, column.heading.length) + GAP };
  });
}

function pathWidth(columns: readonly SizedColumn[], width: number): number {
  return Math.max(
    8,
    columns.reduce((left, column) => left - column.width, width - 2),
  );
}

function headings(columns: readonly SizedColumn[], width: number): Line {
  const names = columns.map((column) => padStart(column.heading, column.width)).join('');
  return [piece(` ${padEnd('file', pathWidth(columns, width))}${names}`, 'dim')];
}

function fileLine(file: FileRow, columns: readonly SizedColumn[], width: number): Line {
  const room = pathWidth(columns, width);
  const isMissing = file.opened === 0 && file.failed > 0;
  const tone = isMissing || file.isSystemFile ? 'dim' : 'plain';
  const path = piece(` ${padEnd(cutStart(printable(file.path), room), room)}`, tone);
  return [path, ...columns.map((column) => piece(padStart(column.text(file), column.width), column.tone))];
}

function wholeRows(file: FileRow, header: TraceHeader, width: number): Row[] {
  const acts = [
    file.opened > 0 ? `opened ${times(file.opened)}` : '',
    ...file.failures.map((failure) => failed(failure)),
    moved('read', file.read),
    moved('written', file.written),
    file.stillOpen === true ? 'still open at the end' : '',
  ].filter((part) => part !== '');
  const isOnce = file.last.input === file.first.input && file.last.line === file.first.line;
  const span = `${where(file.first, header)}${isOnce ? '' : ` to ${whereBeside(file.last, file.first, header)}`}`;
  const said = [printable(file.path), acts.join('; '), span].filter((text) => text !== '');
  const texts = said.flatMap((text) => wrappedText(text, width - 2));
  const rule = plainRow([piece('─'.repeat(width), 'dim')]);
  return [rule, ...texts.map((text) => plainRow([piece(` ${text}`)]))];
}

function times(value: number): string {
  return value === 1 ? 'once' : `${count(value)} times`;
}

// Not opened: ENOENT, 3 times
function failed({ act, errno, count: failures }: FileRow['failures'][number]): string {
  const what = act === 'lookedAt' ? 'looked at' : act;
  return `not ${what}: ${errno ?? 'an error'}${failures === 1 ? '' : `, ${times(failures)}`}`;
}

function moved(what: string, { calls, bytes }: FileRow['read']): string {
  return calls === 0 ? '' : `${what} ${size(bytes)} in ${counted(calls, 'call', 'calls')}`;
}
