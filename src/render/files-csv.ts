import type { FileUse } from '../analyze/file-use.ts';
import type { FilesResult } from '../analyze/files.ts';
import type { Place } from '../analyze/process.ts';
import { ACTS } from '../model/file-acts.ts';
import type { TraceSummary } from '../model/trace.ts';
import { countOf, trafficOf } from './files-json.ts';
import { printable, printableText } from './text/printable.ts';

// RFC 4180: CRLF, quotes doubled. Names are hostile: control characters become escapes, as on a terminal, and no cell
// begins with what a spreadsheet takes for a formula. `path_bytes` has the bytes of a path that is not shown as it is.

const HEADER = [
  'pid',
  'program',
  'path',
  'path_bytes',
  'opened',
  'opened_to_write',
  'closed',
  'looked_at',
  'executed',
  'mapped',
  'listed',
  'created',
  'truncated',
  'altered',
  'renamed',
  'linked',
  'unlinked',
  'read_calls',
  'read_bytes',
  'read_to_end',
  'written_calls',
  'written_bytes',
  'renamed_to',
  'renamed_from',
  'failures',
  'processes',
  'first_input',
  'first_line',
  'last_input',
  'last_line',
];

type Cell = string | number | boolean | null;

/** A row a file, or a row a file of each process; unknown is empty. `pid` and `program` are empty over all. */
export function filesCsv(result: FilesResult, trace: TraceSummary, byProcess: boolean): string {
  const rows = byProcess
    ? result.byProcess.flatMap(({ pid, program, files }) =>
        files.map((use) => [pid, program === null ? null : name(program), ...cells(use, 1, result, trace)]),
      )
    : result.files.map((use) => [null, null, ...cells(use, use.processes, result, trace)]);
  return [HEADER, ...rows].map((row) => `${row.map(quoted).join(',')}\r\n`).join('');
}

function cells(use: FileUse, processes: number, result: FilesResult, trace: TraceSummary): Cell[] {
  const { path, failures } = use;
  const [opened, ...others] = ACTS.map((act) => countOf(use, act, result));
  const read = trafficOf(use, 'read', result);
  const written = trafficOf(use, 'written', result);
  const shown = name(path);
  return [
    shown,
    shown === path ? null : Buffer.from(harmless(path), 'latin1').toString('base64'),
    opened ?? null,
    opened === null ? null : use.openedToWrite,
    ...others,
    read?.calls ?? null,
    read?.bytes ?? null,
    read === null ? null : use.readToEnd,
    written?.calls ?? null,
    written?.bytes ?? null,
    use.newNames.map(name).join(' ') || null,
    use.oldNames.map(name).join(' ') || null,
    failures.map(({ act, errno, count }) => `${act} ${errno ?? '?'} ${count}`).join('; ') || null,
    processes,
    ...placeCells(use.first, trace),
    ...placeCells(use.last, trace),
  ];
}

function placeCells({ input, line }: Place, trace: TraceSummary): Cell[] {
  return [printableText(harmless(trace.inputs[input] ?? '?')), line];
}

/** A path as text that neither a terminal nor a spreadsheet obeys. */
function name(bytes: string): string {
  return printable(harmless(bytes));
}

/** A relative path that a spreadsheet would take for a formula is the same file with `./` in front. */
function harmless(path: string): string {
  return /^[\w./]/.test(path) ? path : `./${path}`;
}

function quoted(cell: Cell): string {
  const text = cell === null ? '' : String(cell);
  return /[",\r\n]|^ | $/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
