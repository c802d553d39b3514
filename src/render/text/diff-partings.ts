import type { MatchReason, Parting, ProcessPair, Side } from '../../analyze/diff/result.ts';
import type { RunProcess } from '../../analyze/diff/run.ts';
import type { Place } from '../../analyze/process.ts';
import { type Comparison, type ToldAct, toldAct } from '../comparison.ts';
import { pastText, processEnd } from './act-words.ts';
import {
  type DiffView,
  listed,
  pairName,
  placed,
  printedLines,
  SIDE_NAMES,
  SIDE_TONES,
  SIDES,
  whereIn,
} from './diff-page.ts';
import { printable, shellWord } from './printable.ts';
import { counted, cut, paint } from './style.ts';

const LABEL_WIDTH = 10;
const INDENT = ' '.repeat(2 + LABEL_WIDTH);

/** Why two processes were compared that are not plainly the same. */
const MATCHED_BY: Readonly<Record<MatchReason, string | null>> = {
  twin: null,
  command: null,
  program: null,
  acts: 'for what they did, though what they run differs',
  place: 'for want of others in their place',
};

function matchedBy({ a, b, reason }: ProcessPair): string | null {
  if (reason !== 'acts' || (a.symbol !== '' && b.symbol !== '')) return MATCHED_BY[reason];
  const shows = a.symbol === b.symbol ? 'neither log shows' : `${a.symbol === '' ? 'A' : 'B'} does not show`;
  return `for what they did: ${shows} what they run`;
}

/**
 * Processes that end differently, a block each. Those a child of which did so too are rows of one block: what became of
 * the child may be all there is to it.
 */
export function renderPartings(comparison: Comparison, view: DiffView): string[][] {
  const { partings } = comparison.result;
  const told = view.full ? partings : partings.filter(({ cause }) => cause === null);
  const parents = view.full ? [] : partings.filter(({ cause }) => cause !== null);
  const rows = listed(parents, view, ({ pair }) => {
    const ends = SIDES.flatMap((side) => endPlace(pair[side], side, comparison));
    return placed(`  ${headline(pair, view)}`, ends, view);
  });
  const blocks = told.map((parting) => renderParting(parting, comparison, view));
  return rows.length === 0
    ? blocks
    : [...blocks, [paint('parents of these that end differently too', 'strong', view), ...rows]];
}

/** 'rustc (A pid 22403, B pid 20811): A crashed: SIGSEGV, B exited 0'. */
function headline(pair: ProcessPair, view: DiffView): string {
  const name = paint(pairName(pair), 'strong', view);
  const ends = SIDES.map((side) => `${SIDE_NAMES[side]} ${paint(processEnd(pair[side]), toneOfEnd(pair[side]), view)}`);
  return `${name}: ${ends.join(', ')}`;
}

function endPlace({ end }: RunProcess, side: Side, comparison: Comparison): string[] {
  const place = end.fault ?? end.place;
  return place === null ? [] : [whereIn(side, place, comparison)];
}

/** Two processes that ended differently: the last thing both did alike, and what each did then. */
function renderParting(parting: Parting, comparison: Comparison, view: DiffView): string[] {
  const { pair } = parting;
  const lines = [headline(pair, view)];
  const row = (label: string, text: string, places: readonly string[]): void => {
    lines.push(...placed(`  ${paint(label.padEnd(LABEL_WIDTH), 'dim', view)}${text}`, places, view, INDENT));
  };
  const { argv } = pair.a.argv === null ? pair.b : pair.a;
  if (argv !== null) row('command', cut(symbolicCommand(argv), view.width - INDENT.length), []);
  const matched = matchedBy(pair);
  if (matched !== null) row('compared', matched, []);
  const common = commonActs(parting, comparison);
  if (common.length === 0) row('both', 'did nothing alike before', []);
  for (const [index, { a, b }] of common.entries()) {
    const places = [whereIn('a', a.place, comparison), whereIn('b', b.place, comparison)];
    row(index === 0 ? 'both' : '', pastText(a.act), places);
  }
  for (const side of SIDES) {
    for (const [index, { text, place, end, isQuoted }] of courseOf(side, parting, comparison).entries()) {
      const label = index === 0 ? `${SIDE_NAMES[side]} then` : '';
      row(label, paint(text, SIDE_TONES[side], view), place === null ? [] : [whereIn(side, place, comparison)]);
      if (place !== null && isQuoted) lines.push(...printedLines({ side, place, end }, comparison, INDENT, view));
    }
  }
  if (parting.cause !== null) row('cause', `perhaps ${pairName(parting.cause)}, which ended differently before`, []);
  return lines;
}

/** A command line in which words are symbols: only what holds a blank needs quotes for a reader. */
function symbolicCommand(argv: readonly string[]): string {
  return argv.map((word) => (word === '' || word.includes(' ') ? shellWord(word) : printable(word))).join(' ');
}

/** The last file that both found, and the last thing that both did alike where that is another. */
function commonActs({ lastFile, lastAlike }: Parting, comparison: Comparison): { a: ToldAct; b: ToldAct }[] {
  const found: { a: ToldAct; b: ToldAct }[] = [];
  for (const both of [lastFile, lastAlike]) {
    const [a, b] = [toldAct('a', both?.a ?? null, comparison), toldAct('b', both?.b ?? null, comparison)];
    if (a === null || b === null || found.some((known) => isSame(known.a, a))) continue;
    found.push({ a, b });
  }
  return found;
}

/** One of the things a process did after the last act that both did alike. */
interface Step {
  readonly text: string;
  readonly place: Place | null;
  /** See `ToldAct.end`. */
  readonly end: Place | null;
  /** Whether its line is to be read, too. */
  readonly isQuoted: boolean;
}

function courseOf(side: Side, parting: Parting, comparison: Comparison): Step[] {
  const process = parting.pair[side];
  const first = toldAct(side, parting.firstApart[side], comparison);
  const file = toldAct(side, parting.nextFile[side], comparison);
  const place = process.end.fault ?? process.end.place;
  const end = processEnd(process);
  if (first === null) {
    const calls = callsSince(side, parting);
    const after = calls > 0 ? `, after ${counted(calls, 'more call', 'more calls')}` : '';
    return [{ text: end + after, place, end: null, isQuoted: process.end.crashed }];
  }
  const acts = [first, ...(file === null || isSame(file, first) ? [] : [file])];
  const steps: Step[] = acts.map(({ act, place, end }) => ({ text: pastText(act), place, end, isQuoted: true }));
  const more = parting.actsAfter[side] - acts.length;
  const then = more > 0 ? `${counted(more, 'act', 'acts')} more, ` : '';
  return [...steps, { text: then + end, place, end: null, isQuoted: process.end.crashed }];
}

/** Calls its thread made after the last act alike. */
function callsSince(side: Side, { pair, lastAlike }: Parting): number {
  const at = lastAlike?.[side] ?? null;
  if (at === null) return pair[side].threads[0]?.calls ?? 0;
  return at.process.threads[at.thread]?.acts.after(at.index) ?? 0;
}

function isSame(a: ToldAct, b: ToldAct): boolean {
  return a.place.input === b.place.input && a.place.line === b.place.line;
}

function toneOfEnd({ end }: RunProcess): 'crash' | 'doubtful' | 'good' {
  if (end.crashed) return 'crash';
  return end.how === 'exited' && end.status === 0 ? 'good' : 'doubtful';
}
