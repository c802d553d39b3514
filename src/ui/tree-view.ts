import type { ProcessRow } from '../explore/exploration.ts';
import { baseName } from '../render/text/names.ts';
import { printable } from '../render/text/printable.ts';
import { counted, shortDuration } from '../render/text/style.ts';
import { fateMark, fateWord } from './fate.ts';
import { apart, cutEnd, type Line, lineWidth, padStart, piece } from './line.ts';
import { treeRowAt } from './moving.ts';
import { plainRow, type Row, selectionOf } from './rows.ts';
import type { Snapshot } from './session.ts';

const INDENT = 2;
const DURATION_WIDTH = 8;
/** Of the fold and of how it ended. */
const MARKS_WIDTH = 5;
const LEAST_NAME = 6;
/** Below this a row shows the end or the duration, not both. */
const BOTH_WIDTH = 38;

/** The process tree with how each ended, below a heading. */
export function treeRows(snapshot: Snapshot, width: number, height: number): Row[] {
  const { state, process } = snapshot;
  const { tree, folded } = state;
  const { top, cursor } = state.windows.tree;
  const inUse = state.pane === 'tree';
  const rows: Row[] = [plainRow(heading(snapshot, width))];
  for (let index = top; index < top + height - 1 && index < (state.lengths.tree ?? 0); index++) {
    const at = treeRowAt(state, index);
    const row = at < 0 ? null : process(tree.keyAt(at));
    const fold = tree.hasChildren(at) ? folded.has(tree.keyAt(at)) : null;
    const line = row === null ? ALL : processLine(row, tree.depthAt(at), fold, width);
    rows.push({ line, selection: selectionOf(index === cursor, inUse) });
  }
  return rows;
}

function heading({ state }: Snapshot, width: number): Line {
  const name = piece(
    ` ${counted(state.tree.length, 'process', 'processes')}`,
    state.pane === 'tree' ? 'heading' : 'dim',
  );
  const crashes = state.crashes.length;
  const crashed = crashes === 0 ? [] : [piece(`${counted(crashes, 'crash', 'crashes')} `, 'crash')];
  return apart([name], crashed, width);
}

const ALL: Line = [piece(' all of them')];

/** One process. `folded`: null where it has no children. */
function processLine(row: ProcessRow, depth: number, folded: boolean | null, width: number): Line {
  const { glyph, tone } = fateMark(row);
  const indent = ' '.repeat(Math.min(depth * INDENT, Math.floor(width / 3)));
  const fold = folded === null ? ' ' : folded ? '▸' : '▾';
  const right = ending(row, width);
  const pid = String(row.pid ?? '?');
  // Of many alike the pid tells which it is.
  const room = width - indent.length - MARKS_WIDTH - pid.length - lineWidth(right) - 2;
  const whole = row.program === null ? '' : printable(baseName(row.program));
  const name = room < LEAST_NAME ? whole : cutEnd(whole, room);
  const left: Line = [
    piece(`${indent} ${fold} `, 'dim'),
    piece(`${glyph} `, tone),
    piece(name, row.fate === 'crashed' ? 'crash' : 'plain'),
    piece(`${name === '' ? '' : ' '}${pid}`, 'dim'),
  ];
  return apart(left, right, width);
}

function ending(row: ProcessRow, width: number): Line {
  const word = fateWord(row);
  const took = row.durationNs === null ? '' : shortDuration(row.durationNs);
  const { tone } = fateMark(row);
  if (width < BOTH_WIDTH) return [word === '' ? piece(`${took} `, 'dim') : piece(`${word} `, tone)];
  return [piece(word, tone), piece(`${padStart(took, DURATION_WIDTH)} `, 'dim')];
}
