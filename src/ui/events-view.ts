import type { EventRow } from '../explore/exploration.ts';
import { baseName } from '../render/text/names.ts';
import { printable, printableText } from '../render/text/printable.ts';
import { count, shortDuration } from '../render/text/style.ts';
import { type EventColumns, eventLine, wholeEvent } from './event-line.ts';
import { cutEnd, type Line, piece, widthOf, wrappedText } from './line.ts';
import { plainRow, type Row, selectionOf } from './rows.ts';
import type { Snapshot } from './session.ts';
import { clamp, type Window } from './window.ts';

const MOST_WHO = 20;

/** What the selected process, or all processes, did: a row for each event, the one at the cursor in full below. */
export function eventRows(snapshot: Snapshot, width: number, height: number, wholeHeight: number): Row[] {
  const { state, events } = snapshot;
  if (state.closer !== null) return closerRows(snapshot, width, height);
  const window = state.windows.events;
  const listed = listedRows(snapshot, window, width);
  const rows = listed.length > 0 ? listed : [plainRow([piece(` ${nothing(snapshot)}`, 'dim')])];
  const list = Array.from({ length: height - wholeHeight }, (_, index) => rows[index] ?? plainRow([]));
  const chosen = events[window.cursor - window.top] ?? null;
  const whole = wholeHeight === 0 ? [] : wholeRows(chosen, snapshot, width, wholeHeight);
  return [...list, ...whole];
}

function nothing({ state, progress }: Snapshot): string {
  if (state.lengths.events === null || !progress.done) return 'nothing so far';
  return state.filters.length > 0 ? 'no event passes the filters; F drops them' : 'no line of its own is in the log';
}

function listedRows(snapshot: Snapshot, { top, cursor }: Window, width: number): Row[] {
  const { state, events, eventAbove } = snapshot;
  const times = events.map((row, index) =>
    timeText(row, index === 0 ? eventAbove : (events[index - 1] ?? null), state.times),
  );
  const names = events.map((row) => (state.selected === null ? who(row, snapshot) : ''));
  const columns: EventColumns = {
    time: Math.max(0, ...times.map(widthOf)),
    who: clamp(Math.max(0, ...names.map(widthOf)), 0, Math.min(MOST_WHO, Math.floor(width / 4))),
    duration: events.some((row) => row?.event.kind === 'syscall' && row.event.durationNs !== null) ? 7 : 0,
  };
  return events.map((row, index) => {
    const line: Line =
      row === null
        ? []
        : eventLine(row, times[index] ?? '', cutEnd(names[index] ?? '', columns.who), columns, state.shift, width - 2);
    const selection = selectionOf(top + index === cursor, state.pane === 'detail');
    return { line: [piece(' '), ...line], selection };
  });
}

/** '12.345678', seconds since the first stamp; between: '21 µs', since the event above. */
function timeText(row: EventRow | null, above: EventRow | null, times: 'trace' | 'between'): string {
  const atNs = row?.event.atNs ?? null;
  if (atNs === null) return '';
  if (times === 'trace') return (atNs / 1e9).toFixed(6);
  const aboveNs = above?.event.atNs ?? null;
  return aboveNs === null || atNs < aboveNs ? '' : `+${shortDuration(atNs - aboveNs)}`;
}

function who(row: EventRow | null, { process }: Snapshot): string {
  const actor = row === null ? null : process(row.process);
  if (actor === null) return '';
  return `${actor.program === null ? '' : `${printable(baseName(actor.program))} `}${actor.pid ?? ''}`;
}

/** The event in full, with a line above that says where it stands. */
function wholeRows(row: EventRow | null, { header }: Snapshot, width: number, height: number): Row[] {
  if (row === null) return [plainRow([piece('─'.repeat(width), 'dim')])];
  const { input, line, endLine } = row.event;
  const name = printableText(header.inputs[input] ?? '');
  const place = ` ${cutEnd(name, Math.floor(width / 2))}:${count(line)}${endLine > line ? `–${count(endLine)}` : ''} `;
  const rule = `─${place}${'─'.repeat(Math.max(0, width - widthOf(place) - 1))}`;
  const lines = wrappedText(wholeEvent(row), width - 2);
  const shown = lines.slice(0, height - 1);
  if (lines.length > shown.length) shown[shown.length - 1] = `${cutEnd(shown.at(-1) ?? '', width - 4)} …`;
  return [rule, ...shown.map((text) => ` ${text}`)].map((text, index) =>
    plainRow([piece(text, index === 0 ? 'dim' : 'plain')]),
  );
}

/** The lines of the event at the cursor as they stand in the log. */
function closerRows({ state, printed }: Snapshot, width: number, height: number): Row[] {
  const lines = (printed ?? []).flatMap((text) => wrappedText(printable(text), width - 2));
  const from = clamp(state.closer ?? 0, 0, lines.length - 1);
  return lines.slice(from, from + height).map((text) => plainRow([piece(` ${text}`)]));
}
