import type { EventList, Exploration, FileRow, Filter, ProcessRow } from '../explore/exploration.ts';
import { fits, type Query } from '../explore/query.ts';
import { rerunCommand } from '../render/text/explanation.ts';
import { programAndPid } from '../render/text/names.ts';
import { printable, printableText, shellWord } from '../render/text/printable.ts';
import { count, counted } from '../render/text/style.ts';
import { textOf } from './line.ts';
import { treeRowAt } from './moving.ts';
import type { Answer, LinePlace, ListName, State, Task } from './state.ts';
import type { StoryLine } from './story-lines.ts';

/** What tasks work with: the lists as they are when the task begins. */
export interface Workplace {
  readonly state: State;
  readonly exploration: Exploration;
  readonly events: EventList;
  readonly files: readonly FileRow[];
  readonly story: readonly StoryLine[];
  process(key: number | null): ProcessRow | null;
  /** Puts text into the terminal's clipboard. */
  copy(text: string): void;
}

/** Does a task. What the file system refuses is an answer; other errors are thrown. */
export async function perform(task: Task, place: Workplace, signal: AbortSignal): Promise<Answer> {
  switch (task.kind) {
    case 'search':
      return search(task, place, signal);
    case 'nextFailed': {
      const cursor = place.events.nextFailed(task.from, task.direction);
      return (
        foundEvent(cursor, place, null) ?? told(`no failed call ${side(task.direction)}${soFar(task.direction, place)}`)
      );
    }
    case 'line':
      return goToLine({ input: task.input ?? inputAt(place), line: task.line }, task.otherwise, place, signal);
    case 'follow':
      return follow(task.list, task.cursor, place, signal);
    case 'copy':
      return task.what === 'command'
        ? copyCommand(place.state.selected, place)
        : copyRow(task.what, task.cursor, place);
    case 'write':
      return write(task.path, place, signal);
    default:
      return task satisfies never;
  }
}

function told(text: string, tone: 'plain' | 'bad' = 'plain'): Answer {
  return { kind: 'told', message: { text, tone } };
}

/** The event at the index of the list shown; null where there is none. */
function foundEvent(index: number | null, { events, state }: Workplace, told: string | null): Answer | null {
  const place = index === null ? null : events.placeAt(index);
  if (place === null) return null;
  return { kind: 'foundEvent', selected: state.selected, filters: state.filters, place, told };
}

function side(direction: 1 | -1): string {
  return direction === 1 ? 'below' : 'above';
}

// ---- finding

async function search(
  { list, query, from, direction }: Task & { readonly kind: 'search' },
  place: Workplace,
  signal: AbortSignal,
): Promise<Answer> {
  const texts = list === 'events' ? null : rowTexts(list, place);
  const length = (): number => texts?.length ?? place.events.length;
  const find = (start: number): Promise<number | null> =>
    texts === null
      ? place.events.search(query, start, direction, signal)
      : searchRows(texts, query, start, direction, signal);
  const found = (index: number, note: string | null): Answer =>
    (list === 'events' ? foundEvent(index, place, note) : { kind: 'foundRow', list, cursor: index, told: note }) ??
    told('no match');
  const next = await find(from);
  if (next !== null) return found(next, null);
  if (list === 'events' && soFar(direction, place) !== '') return told('no match below so far');
  const around = await find(direction === 1 ? -1 : length());
  if (around === null) return told('no match', 'bad');
  return found(around, around === from ? 'no other match' : `went on from the ${direction === 1 ? 'top' : 'bottom'}`);
}

/** Nothing is below as far as is known: more may come. */
function soFar(direction: 1 | -1, { events }: Workplace): string {
  return direction === 1 && !events.complete ? ' so far' : '';
}

/** So long rows are looked at between two turns of the event loop. */
const SEARCH_MS = 5;

interface RowTexts {
  readonly length: number;
  /** What the row can be found by, latin1 bytes. */
  text(index: number): string;
}

/** The rows of a list that is in memory. */
function rowTexts(list: Exclude<ListName, 'events'>, { state, process, files, story }: Workplace): RowTexts {
  switch (list) {
    case 'files':
      return { length: files.length, text: (index) => files[index]?.path ?? '' };
    case 'story':
      return { length: story.length, text: (index) => bytesOf(textOf(story[index]?.line ?? [])) };
    case 'tree':
      return {
        length: state.lengths.tree ?? 0,
        text: (index) => processText(process(state.tree.keyAt(treeRowAt(state, index)))),
      };
    default:
      return list satisfies never;
  }
}

function bytesOf(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

function processText(process: ProcessRow | null): string {
  return process === null ? '' : [process.pid, process.program, ...(process.argv ?? [])].join(' ');
}

async function searchRows(
  rows: RowTexts,
  query: Query,
  from: number,
  direction: 1 | -1,
  signal: AbortSignal,
): Promise<number | null> {
  let turnMs = performance.now();
  for (let index = from + direction; index >= 0 && index < rows.length && !signal.aborted; index += direction) {
    if (fits(rows.text(index), query)) return index;
    if (performance.now() - turnMs < SEARCH_MS) continue;
    await new Promise(setImmediate);
    turnMs = performance.now();
  }
  return null;
}

function inputAt({ state, events }: Workplace): number {
  return events.placeAt(state.windows.events.cursor)?.input ?? 0;
}

/** The line among the events that are shown, where it is one of them, else among those of its process or of all. */
async function goToLine(
  { input, line }: LinePlace,
  otherwise: readonly Filter[],
  place: Workplace,
  signal: AbortSignal,
): Promise<Answer> {
  const { exploration, events, state } = place;
  if (exploration.header.inputs[input] === undefined) return told(`there is no input ${input + 1}`, 'bad');
  await untilThere(events, input, line, exploration, signal);
  const shown = rowOfLine(events, input, line);
  if (shown?.isExact)
    return { kind: 'foundEvent', selected: state.selected, filters: state.filters, place: shown.place, told: null };
  const all = exploration.events({ process: null, filters: [] });
  try {
    await untilThere(all, input, line, exploration, signal);
    const row = rowOfLine(all, input, line);
    if (row === null) return told(`no event at line ${count(line)} or below`, 'bad');
    const [event] = await all.rows(row.cursor, row.cursor + 1);
    const isOwn = state.selected !== null && event?.process === state.selected;
    const selected = isOwn ? state.selected : null;
    return { kind: 'foundEvent', selected, filters: otherwise, place: row.place, told: null };
  } finally {
    all.close();
  }
}

/** Waits until a list that was just made, or a trace that is read, has come to the line. */
async function untilThere(
  list: EventList,
  input: number,
  line: number,
  exploration: Exploration,
  signal: AbortSignal,
): Promise<void> {
  const isThere = (): boolean => list.complete || signal.aborted || list.indexOfLine(input, line) >= 0;
  if (isThere()) return;
  await new Promise<void>((resolve) => {
    const look = (): void => {
      if (!isThere()) return;
      unsubscribe();
      signal.removeEventListener('abort', look);
      resolve();
    };
    const unsubscribe = exploration.subscribe(look);
    signal.addEventListener('abort', look);
  });
}

/** The row of the event that the line is of, else of the first one behind it; null: there is none. */
function rowOfLine(
  list: EventList,
  input: number,
  line: number,
): { readonly cursor: number; readonly place: LinePlace; readonly isExact: boolean } | null {
  const cursor = list.indexOfLine(input, line);
  const place = cursor < 0 ? null : list.placeAt(cursor);
  return place === null ? null : { cursor, place, isExact: place.input === input && place.line <= line };
}

async function follow(list: ListName, cursor: number, place: Workplace, signal: AbortSignal): Promise<Answer> {
  if (list === 'files') {
    const file = place.files[cursor];
    if (file === undefined) return told('there is no file');
    return { kind: 'filtered', filter: { kind: 'path', text: file.path, excludes: false } };
  }
  const at = place.story[cursor]?.place ?? null;
  return at === null ? told('this row tells of no line') : goToLine(at, [], place, signal);
}

// ---- keeping

async function copyRow(list: ListName, cursor: number, place: Workplace): Promise<Answer> {
  if (list === 'tree') return copyCommand(place.state.selected, place);
  const text = await rowToCopy(list, cursor, place);
  if (text === null) return told('there is nothing to copy');
  place.copy(text);
  if (list === 'events') return told(`copied ${counted(text.split('\n').length, 'line', 'lines')}`);
  return told(`copied ${list === 'files' ? printable(text) : text}`);
}

async function rowToCopy(list: Exclude<ListName, 'tree'>, cursor: number, place: Workplace): Promise<string | null> {
  // What is pasted into a terminal must not move its cursor either.
  if (list === 'events') return (await place.events.printed(cursor)).map(printable).join('\n') || null;
  // As a shell takes it back: a name may hold a line feed and a command behind it.
  if (list === 'files') return place.files[cursor] === undefined ? null : shellWord(place.files[cursor].path);
  return place.story[cursor]?.copied ?? null;
}

async function copyCommand(key: number | null, place: Workplace): Promise<Answer> {
  const process = place.process(key);
  if (key === null || process === null) return told('choose the process whose command is wanted');
  const rerun = await place.exploration.rerun(key);
  if (rerun === null) return told(`the log does not show the command of ${programAndPid(process)}`);
  const startedIn = process.fate === 'crashed' ? ((await place.exploration.story(key))?.crash.startedIn ?? null) : null;
  place.copy(rerunCommand(rerun, startedIn));
  return told(`copied the command of ${programAndPid(process)}`);
}

async function write(path: string, { events }: Workplace, signal: AbortSignal): Promise<Answer> {
  try {
    const written = await events.write(path, signal);
    return told(`wrote ${counted(written, 'event', 'events')} to ${printableText(path)}`);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    return told(
      `${printableText(path)} ${error.code === 'EEXIST' ? 'is there already' : `cannot be written: ${error.message}`}`,
      'bad',
    );
  }
}
