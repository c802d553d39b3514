import type { DiffNote, LoneTree, Side, UnlikeAct } from '../../analyze/diff/result.ts';
import type { Level } from '../../analyze/diff/run.ts';
import { type Comparison, toldAct } from '../comparison.ts';
import { pastText } from './act-words.ts';
import { type IsTold, renderCalls } from './diff-calls.ts';
import { renderFileDifferences } from './diff-files.ts';
import {
  type DiffView,
  listed,
  loneName,
  pairName,
  placed,
  SIDE_NAMES,
  SIDE_TONES,
  SIDES,
  whereIn,
} from './diff-page.ts';
import { renderPartings } from './diff-partings.ts';
import { printableText } from './printable.ts';
import { count, counted, paint, widthOf, wrapped } from './style.ts';

/** What two runs did differently, for people: what matters first. Ends with a newline. */
export function renderDiff(comparison: Comparison, view: DiffView): string {
  const { result } = comparison;
  const told = isTold(comparison);
  const blocks = [
    head(comparison, view),
    ...renderPartings(comparison, view),
    ...SIDES.map((side) => renderLone(side, side === 'a' ? result.onlyA : result.onlyB, comparison, view)),
    ...renderFileDifferences(comparison, view),
    renderSignals(result.signals, comparison, view),
    renderReordered(comparison, view),
    ...result.pairs.map((pair) => renderCalls(pair, told, comparison, view)),
    foot(comparison, view),
  ];
  const parts = blocks.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
  return `${parts.join('\n\n')}\n`;
}

/** The columns of the head from here on are counts. */
const COUNTS_FROM = 2;

// A  build.strace  strace         365 lines  6 processes
// B  build.truss   truss-illumos  402 lines  6 processes
// different at level files: 5 of 6 processes alike, 97.3 % of all acts
function head(comparison: Comparison, view: DiffView): string[] {
  const { result } = comparison;
  const rows = SIDES.map((side) => {
    const { run, trace } = comparison[side];
    const [first = '?'] = trace.inputs;
    const more = trace.inputs.length === 1 ? '' : ` and ${counted(trace.inputs.length - 1, 'file', 'files')} more`;
    return {
      side,
      cells: [
        printableText(first) + more,
        trace.dialect,
        counted(trace.lines, 'line', 'lines'),
        counted(run.processes.length, 'process', 'processes'),
      ],
    };
  });
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map(({ cells }) => widthOf(cells[column] ?? ''))));
  const lines = rows.map(({ side, cells }) => {
    const padded = cells.map((cell, column) => {
      const blanks = ' '.repeat((widths[column] ?? 0) - widthOf(cell));
      return column < COUNTS_FROM ? cell + blanks : blanks + cell;
    });
    return `${paint(SIDE_NAMES[side], SIDE_TONES[side], view)}  ${padded.join('  ')}`.trimEnd();
  });
  return [
    ...lines,
    result.alike ? paint(alikeText(comparison), 'good', view) : paint(apartText(comparison), 'strong', view),
  ];
}

function alikeText({ a, result }: Comparison): string {
  const processes = counted(result.pairs.length, 'process', 'processes');
  return `alike at level ${a.run.level}: ${processes}, ${counted(result.counts.same, 'act', 'acts')}`;
}

function apartText({ a, result }: Comparison): string {
  const alike = result.pairs.filter(({ counts, endsAlike }) => {
    const { changed, onlyA, onlyB } = counts;
    return endsAlike && changed + onlyA + onlyB === 0;
  });
  const lone = [result.onlyA, result.onlyB].map((trees) => trees.reduce((sum, { processes }) => sum + processes, 0));
  const all = result.pairs.length + Math.max(...lone);
  const share = (Math.floor(result.similarity * 1000) / 10).toFixed(1);
  return `different at level ${a.run.level}: ${count(alike.length)} of ${counted(all, 'process', 'processes')} alike, ${share} % of all acts`;
}

/** At level `files` what is told of a file or a signal above needs no row among the calls. */
function isTold({ a, result }: Comparison): IsTold {
  if (a.run.level !== 'files') return () => false;
  const files = new Set([...result.files, ...result.failedOpens].map(({ object }) => object));
  return ({ act }) => act.kind === 'signal' || (act.kind === 'file' && files.has(act.object));
}

function renderLone(side: Side, trees: readonly LoneTree[], comparison: Comparison, view: DiffView): string[] {
  if (trees.length === 0) return [];
  const rows = listed(trees, view, ({ root, processes, acts, crashed }) => {
    const parts = [
      processes === 1 ? [] : [counted(processes, 'process', 'processes')],
      [counted(acts, 'act', 'acts')],
      crashed === 0 ? [] : [`${count(crashed)} crashed`],
    ].flat();
    return placed(`  ${loneName(root)}  ${parts.join(', ')}`, [whereIn(side, root.start, comparison)], view);
  });
  return [paint(`processes of ${SIDE_NAMES[side]} alone`, 'strong', view), ...rows];
}

function renderSignals(signals: readonly UnlikeAct[], comparison: Comparison, view: DiffView): string[] {
  if (signals.length === 0) return [];
  const rows = listed(signals, view, ({ side, at }) => {
    const told = toldAct(side, at, comparison);
    if (told === null) return [];
    const text = `  ${SIDE_NAMES[side]}  ${loneName(at.process)} ${pastText(told.act)}`;
    return placed(text, [whereIn(side, told.place, comparison)], view);
  });
  return [paint('signals that only one run got', 'strong', view), ...rows];
}

/** At level `files` order is no difference: there it is a note. */
function renderReordered(comparison: Comparison, view: DiffView): string[] {
  const { a, result } = comparison;
  const reordered = result.pairs.filter((pair) => pair.reordered);
  if (reordered.length === 0 || a.run.level === 'files') return [];
  const rows = listed(reordered, view, (pair) => {
    const places = [whereIn('a', pair.a.start, comparison), whereIn('b', pair.b.start, comparison)];
    return placed(`  ${pairName(pair)}`, places, view);
  });
  return [paint('processes that began in another order among their siblings', 'strong', view), ...rows];
}

/** What must be known to read the comparison right, and what of the logs is not in it. */
function foot(comparison: Comparison, view: DiffView): string[] {
  const notes = comparison.result.notes.map((note) => noteText(note));
  const lines = [
    ...notes,
    ...reorderedText(comparison),
    ...rawText(comparison),
    ...SIDES.flatMap((side) => unseenText(side, comparison)),
    ...hiddenText(comparison, view.width),
  ];
  return lines.map((line) => paint(line, 'dim', view));
}

function noteText(note: DiffNote): string {
  switch (note.kind) {
    case 'unordered':
      return `${pairName(note.pair)}: ${counted(note.acts, 'act', 'acts')} too unlike to be aligned, compared in any order`;
    case 'threads-pooled':
      return `${pairName(note.pair)}: threads (A ${note.threadsA}, B ${note.threadsB}) compared as one, whichever did it`;
    case 'ends-unseen':
      return `how ${counted(note.processes, 'process', 'processes')} ended: ${SIDE_NAMES[note.side]} does not show it`;
    default:
      return note satisfies never;
  }
}

function reorderedText({ a, result }: Comparison): string[] {
  const reordered = result.pairs.filter((pair) => pair.reordered).length;
  if (reordered === 0 || a.run.level !== 'files') return [];
  return [`${counted(reordered, 'process', 'processes')} began in another order; --level calls lists them`];
}

/** What level raw means between two tracers. */
function rawText({ a, b }: Comparison): string[] {
  if (a.run.level !== 'raw' || a.trace.dialect === b.trace.dialect) return [];
  return [
    'compared of two tracers: outcomes, bytes moved, places in files, how files are opened, modes',
    'not compared: what was read and written, structures, addresses, numbers of descriptors',
  ];
}

/** What one log was recorded without is no difference. */
function unseenText(side: Side, comparison: Comparison): string[] {
  const { unseen } = comparison[side].run;
  if (unseen.length === 0) return [];
  return [`not compared, for ${SIDE_NAMES[side]} does not show them: ${unseen.join(', ')}`];
}

const LEVEL_HINTS: Readonly<Record<Level, string>> = { files: '--level calls', calls: '--level raw', raw: '' };

function hiddenText({ a, b }: Comparison, width: number): string[] {
  const sum = (kind: keyof typeof a.run.hidden): number => a.run.hidden[kind] + b.run.hidden[kind];
  const parts = [
    { calls: sum('housekeeping'), of: 'of housekeeping (--all)' },
    { calls: sum('runtime'), of: 'of the loader and the locale (--all)' },
    {
      calls: sum('level'),
      of: `that level ${a.run.level} passes over${LEVEL_HINTS[a.run.level] === '' ? '' : ` (${LEVEL_HINTS[a.run.level]})`}`,
    },
    { calls: sum('unseen'), of: 'that the other log was recorded without' },
  ].filter(({ calls }) => calls > 0);
  if (parts.length === 0) return [];
  const [first, ...others] = parts.map(({ calls, of }, index) => `${count(calls)}${index === 0 ? ' calls' : ''} ${of}`);
  return wrapped([`hidden: ${first}`, ...others], width, ', ', '        ');
}
