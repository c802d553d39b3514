import type { FileDifference, FileFate, Side } from '../../analyze/diff/result.ts';
import { type Comparison, toldAct } from '../comparison.ts';
import { pastVerb } from './act-words.ts';
import { type DiffView, listed, placed, SIDE_NAMES, SIDES, whereIn } from './diff-page.ts';
import { printable } from './printable.ts';
import { count, counted, paint } from './style.ts';

interface Section {
  readonly heading: string;
  readonly fits: (file: FileDifference) => boolean;
}

const FILE_SECTIONS: readonly Section[] = [
  { heading: 'files found by A and not by B', fits: ({ a, b }) => a?.found === true && b?.found === false },
  { heading: 'files found by B and not by A', fits: ({ a, b }) => b?.found === true && a?.found === false },
  { heading: 'files that only A looked for', fits: ({ b }) => b === null },
  { heading: 'files that only B looked for', fits: ({ a }) => a === null },
  { heading: 'files looked for in vain, with different errors', fits: () => true },
];

const OPEN_SECTIONS: readonly Section[] = [
  { heading: 'opens that failed in A alone', fits: ({ a, b }) => hasFailed(a) && !hasFailed(b) },
  { heading: 'opens that failed in B alone', fits: ({ a, b }) => hasFailed(b) && !hasFailed(a) },
  { heading: 'opens that failed in both, with different errors', fits: () => true },
];

/**
 * Files that only one run looked for or found, then opens that failed in one alone: a block for each heading. What may
 * be no more than what came of a parting is counted.
 */
export function renderFileDifferences(comparison: Comparison, view: DiffView): string[][] {
  const { files, failedOpens } = comparison.result;
  const isShown = ({ afterParting }: FileDifference): boolean => view.full || !afterParting;
  const blocks = [
    ...blocksOf(FILE_SECTIONS, files.filter(isShown), comparison, view),
    ...blocksOf(OPEN_SECTIONS, failedOpens.filter(isShown), comparison, view),
  ];
  const hidden = [...files, ...failedOpens].filter((file) => !isShown(file)).length;
  if (hidden === 0) return blocks;
  return [...blocks, [`${counted(hidden, 'other file', 'other files')} after they had parted; --full lists them`]];
}

function blocksOf(
  sections: readonly Section[],
  files: readonly FileDifference[],
  comparison: Comparison,
  view: DiffView,
): string[][] {
  const left = new Set(files);
  return sections.flatMap(({ heading, fits }) => {
    const own = [...left].filter(fits);
    for (const file of own) left.delete(file);
    return own.length === 0 ? [] : [renderSection(heading, own, comparison, view)];
  });
}

//   ENOENT   /usr/lib/libz.so.1                         a.strace:44  b.truss:50
function renderSection(
  heading: string,
  files: readonly FileDifference[],
  comparison: Comparison,
  view: DiffView,
): string[] {
  const width = files.reduce((most, file) => Math.max(most, fateText(file, comparison).length), 0);
  const rows = listed(files, view, (file) => {
    const shared = file.processes === 1 ? '' : `  in ${count(file.processes)} processes`;
    const text = `  ${fateText(file, comparison).padEnd(width)}  ${printable(file.object)}${paint(shared, 'dim', view)}`;
    const places = SIDES.flatMap((side) => placeOf(side, file[side], comparison));
    return placed(text, places, view, ' '.repeat(width + 4));
  });
  return [paint(heading, 'strong', view), ...rows];
}

/** 'ENOENT'; 'A ENOENT, B EACCES' where neither found it; where nothing failed, what was done: 'opened'. */
function fateText({ a, b }: FileDifference, comparison: Comparison): string {
  const failures = { a: a?.failure ?? null, b: b?.failure ?? null };
  if (a?.found === true && b?.found === false) return printable(failures.b ?? '');
  if (b?.found === true && a?.found === false) return printable(failures.a ?? '');
  const failed = SIDES.filter((side) => failures[side] !== null);
  if (failed.length === 2) {
    return failed.map((side) => `${SIDE_NAMES[side]} ${printable(failures[side] ?? '')}`).join(', ');
  }
  const failure = failures.a ?? failures.b;
  if (failure !== null) return printable(failure);
  const told = toldAct('a', a?.at ?? null, comparison) ?? toldAct('b', b?.at ?? null, comparison);
  return told === null ? '' : pastVerb(told.act);
}

function hasFailed(fate: FileFate | null): boolean {
  return fate !== null && fate.failure !== null;
}

function placeOf(side: Side, fate: FileFate | null, comparison: Comparison): string[] {
  const told = toldAct(side, fate?.at ?? null, comparison);
  return told === null ? [] : [whereIn(side, told.place, comparison)];
}
