import type { Progress } from '../explore/exploration.ts';
import { printableText } from '../render/text/printable.ts';
import { count, size } from '../render/text/style.ts';
import { FILTER_HINT, filterText } from './filter-text.ts';
import { apart, cutEnd, fittedLine, type Line, lineWidth, type Piece, piece, startOf, widthOf } from './line.ts';
import type { Prompt, PromptKind } from './prompt.ts';
import { plainRow, type Row } from './rows.ts';
import type { Snapshot } from './session.ts';
import { focusedList, type Message, type Task } from './state.ts';
import type { Tone } from './theme.ts';

const PROMPTS: Readonly<Record<PromptKind, string>> = {
  search: '/',
  filter: 'filter: ',
  line: ':',
  write: 'write to: ',
};

const TASKS: Readonly<Record<Task['kind'], string>> = {
  search: 'searching… Esc stops',
  nextFailed: 'searching…',
  line: 'going there… Esc stops',
  follow: 'going there…',
  copy: 'copying…',
  write: 'writing… Esc stops',
};

const MESSAGE_TONES: Readonly<Record<Message['tone'], Tone>> = { plain: 'strong', bad: 'warning', crash: 'crash' };

/** The last line: what is asked or told, else where one is in what trace, and how far it is read. */
export function statusRow(snapshot: Snapshot, width: number): Row {
  return plainRow(statusOf(snapshot, width));
}

/** The filters in use, numbered as they are dropped. */
export function chipsRow({ state: { filters, prompt } }: Snapshot): Row {
  const chips = filters.flatMap(
    (filter, index): Line => [piece(` ${index + 1} `, 'dim'), piece(` ${filterText(filter)} `, 'chip')],
  );
  const hint = prompt?.kind === 'filter' ? [piece(`  ${FILTER_HINT}`, 'dim')] : [];
  return plainRow([...chips, ...hint]);
}

function statusOf(snapshot: Snapshot, width: number): Line {
  const { state } = snapshot;
  if (state.prompt !== null) return promptLine(state.prompt, width);
  const right = [...progressOf(snapshot), piece('  ? help ', 'dim')];
  const told = toldLine(snapshot);
  const where = position(snapshot);
  const room = width - lineWidth(right) - lineWidth(where) - 1;
  // The news of a crash stays until somebody turns to it: where there is room, beside where one is.
  if (told !== null) return apart(lineWidth([told]) <= room ? [told, ...where] : [told], right, width);
  return apart([piece(trace(snapshot, room)), ...where], right, width);
}

/** What is waited for, under way or to be told; null where nothing is. */
function toldLine({ state: { awaits, running, message } }: Snapshot): Piece | null {
  if (awaits !== null) return piece(awaits === 'mark' ? ' mark as…' : ' go to mark…');
  // What a key told since then is news; a crash is told as long as it takes.
  const isNews = message !== null && message.tone !== 'crash';
  if (running !== null && !isNews) return piece(` ${TASKS[running.task.kind]}`);
  return message === null ? null : piece(` ${message.text}`, MESSAGE_TONES[message.tone]);
}

/** ' build.strace  strace', as much as there is room for. */
function trace({ header }: Snapshot, room: number): string {
  const { inputs, dialect } = header;
  const [first = ''] = inputs;
  const name = inputs.length === 1 ? printableText(first) : `${printableText(first)} and ${inputs.length - 1} more`;
  const whole = ` ${name}  ${dialect}`;
  return widthOf(whole) <= room ? whole : ` ${cutEnd(name, room - 1)}`;
}

/** Row of how many, in the list in use. */
function position({ state, eventsComplete }: Snapshot): Line {
  const list = focusedList(state);
  const length = state.lengths[list];
  if (length === null || length === 0 || list === 'story') return [];
  const { cursor } = state.windows[list];
  if (list === 'tree') return [];
  return [
    piece(`  ${count(cursor + 1)}/${count(length)}${state.follows && !eventsComplete ? ' following' : ''}`, 'dim'),
  ];
}

function progressOf({ progress, eventsComplete, state }: Snapshot): Line {
  const { bytes, totalBytes, lines, unparsed, done, trouble }: Progress = progress;
  if (trouble !== null) return [piece(printableText(trouble), 'warning')];
  if (!done) {
    const far =
      totalBytes === null ? size(bytes) : `${Math.min(99, Math.floor((bytes * 100) / Math.max(1, totalBytes)))} %`;
    return [piece(`reading ${far}`, 'good'), piece(`  ${count(lines)} lines`, 'dim')];
  }
  if (!eventsComplete && state.filters.length > 0) return [piece('filtering…', 'good')];
  const odd = unparsed === 0 ? [] : [piece(`${count(unparsed)} not understood  `, 'dim')];
  return [...odd, piece(`${count(lines)} lines`, 'dim')];
}

function promptLine({ kind, text, cursor, complaint }: Prompt, width: number): Line {
  const label = piece(` ${PROMPTS[kind]}`, 'strong');
  const complained = complaint === null ? [] : [piece(`${complaint} `, 'warning')];
  const room = width - lineWidth([label, ...complained]) - 2;
  // What is typed stays in sight: the beginning goes.
  let from = 0;
  while (widthOf(text.slice(from, cursor)) >= room && from < cursor) from++;
  const before = text.slice(from, cursor);
  const at = nextCharacter(text, cursor);
  const after = startOf(text.slice(cursor + at.length), room);
  return apart(
    fittedLine([label, piece(before), piece(at, 'chip'), piece(after)], Math.max(1, width - lineWidth(complained) - 1)),
    complained,
    width,
  );
}

const segmenter = new Intl.Segmenter();

/** The character under the cursor; a blank at the end. */
function nextCharacter(text: string, cursor: number): string {
  const [next] = segmenter.segment(text.slice(cursor));
  return next?.segment ?? ' ';
}
