import type { ReactNode } from 'react';
import type { FileRow } from '../explore/exploration.ts';
import type { TraceHeader } from '../model/trace.ts';
import { printable } from '../render/text/printable.ts';
import { count, counted, size, where } from '../render/text/style.ts';
import { cutStart, type Line, padEnd, padStart, piece, wrappedText } from './line.ts';
import { Lines, plainRow, type Row, selectionOf } from './lines.tsx';
import type { Snapshot } from './session.ts';
import type { Theme } from './theme.ts';

const COUNT_WIDTH = 6;
const SIZE_WIDTH = 9;
const OPEN_WIDTH = 5;

/** Each file that the selected process did something with; the one at the cursor in full below. */
export function FilesView({
  snapshot,
  width,
  height,
  wholeHeight,
  theme,
}: {
  readonly snapshot: Snapshot;
  readonly width: number;
  /** Of both parts. */
  readonly height: number;
  readonly wholeHeight: number;
  readonly theme: Theme;
}): ReactNode {
  const { state, files, header } = snapshot;
  const { top, cursor } = state.windows.files;
  const listHeight = height - wholeHeight - 1;
  const shown = (files ?? []).slice(top, top + listHeight);
  const rows = shown.map((file, index): Row => {
    return { line: fileLine(file, width), selection: selectionOf(top + index === cursor, state.pane === 'detail') };
  });
  if (rows.length === 0) rows.push(plainRow([piece(` ${nothing(snapshot)}`, 'dim')]));
  const list = [plainRow(headings(width)), ...rows];
  while (list.length < height - wholeHeight) list.push(plainRow([]));
  const chosen = files?.[cursor];
  const whole = wholeHeight === 0 || chosen === undefined ? [] : wholeRows(chosen, header, width);
  return <Lines rows={[...list, ...whole.slice(0, wholeHeight)]} width={width} height={height} theme={theme} />;
}

function nothing({ state, files }: Snapshot): string {
  if (state.selected === null) return 'choose a process on the left';
  return files === null ? 'reading…' : 'it did nothing with files, as far as the log shows';
}

function pathWidth(width: number): number {
  return Math.max(8, width - 2 - 2 * COUNT_WIDTH - 2 * SIZE_WIDTH - OPEN_WIDTH);
}

function headings(width: number): Line {
  const names = [
    padEnd(' file', pathWidth(width) + 1),
    padStart('opened', COUNT_WIDTH + 1).slice(1),
    padStart('failed', COUNT_WIDTH + 1),
    padStart('read', SIZE_WIDTH),
    padStart('written', SIZE_WIDTH),
  ];
  return [piece(names.join(''), 'dim')];
}

function fileLine(file: FileRow, width: number): Line {
  const path = printable(file.path);
  const isMissing = file.opened === 0 && file.failed > 0;
  const number = (value: number, columns: number): string => padStart(value === 0 ? '' : count(value), columns);
  const bytes = (moved: FileRow['read']): string => padStart(moved.calls === 0 ? '' : size(moved.bytes), SIZE_WIDTH);
  return [
    piece(
      ` ${padEnd(cutStart(path, pathWidth(width)), pathWidth(width))}`,
      isMissing || file.isSystemFile ? 'dim' : 'plain',
    ),
    piece(number(file.opened, COUNT_WIDTH)),
    piece(number(file.failed, COUNT_WIDTH + 1), 'warning'),
    piece(bytes(file.read)),
    piece(bytes(file.written)),
    piece(file.stillOpen === true ? ' open' : '', 'strong'),
  ];
}

function wholeRows(file: FileRow, header: TraceHeader, width: number): Row[] {
  const acts = [
    file.opened > 0 ? `opened ${times(file.opened)}` : '',
    ...file.failures.map(({ act, errno, count: failed }) => `${act} failed ${errno ?? ''} ${times(failed)}`),
    moved('read', file.read),
    moved('written', file.written),
    file.stillOpen === true ? 'still open at the end' : '',
  ].filter((part) => part !== '');
  const span = `${where(file.first, header)} to :${file.last.line}`;
  const texts = [printable(file.path), acts.join('; '), span].flatMap((text) => wrappedText(text, width - 2));
  const rule = plainRow([piece('─'.repeat(width), 'dim')]);
  return [rule, ...texts.map((text) => plainRow([piece(` ${text}`)]))];
}

function times(value: number): string {
  return value === 1 ? 'once' : `${count(value)} times`;
}

function moved(what: string, { calls, bytes }: FileRow['read']): string {
  return calls === 0 ? '' : `${what} ${size(bytes)} in ${counted(calls, 'call', 'calls')}`;
}
