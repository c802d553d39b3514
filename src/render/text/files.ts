import type { Failure, FileUse } from '../../analyze/file-use.ts';
import type { FilesResult, ProcessFiles } from '../../analyze/files.ts';
import type { Place } from '../../analyze/process.ts';
import { ACT_ROLES, type Act, CHANNELS, type Channel, type Direction, TRAFFIC_ROLES } from '../../model/file-acts.ts';
import type { Role } from '../../model/syscalls.ts';
import type { TraceSummary } from '../../model/trace.ts';
import { programAndPid } from './names.ts';
import { printable, printableText } from './printable.ts';
import { apart, count, counted, paint, size, type View, where, whereBeside, widthOf } from './style.ts';

/** How the files are to be shown. */
export interface FilesStyle {
  /** Failures alone, one a line. */
  readonly failed: boolean;
  /** In one list, in the order they come in; otherwise by what was done with them. */
  readonly flat: boolean;
  readonly byProcess: boolean;
}

/** The files and what was done with them, for people. Ends with a newline. */
export function renderFiles(result: FilesResult, trace: TraceSummary, view: View, style: FilesStyle): string {
  const page = new Page(result, trace, view);
  const blocks = style.byProcess
    ? result.byProcess.map((process) => page.process(process, style.failed))
    : [page.head(style.failed), ...(style.failed ? page.failures(result.files) : page.files(result.files, style.flat))];
  if (style.byProcess && blocks.length === 0) blocks.push([page.nothing()]);
  const notes = page.notes();
  if (notes.length > 0) blocks.push(notes);
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

/** A column of numbers in front of the path. */
interface Column {
  readonly heading: string;
  readonly roles: readonly Role[];
  readonly onDescriptors: boolean;
  cell(use: FileUse): string;
}

const COLUMNS: readonly Column[] = [
  {
    heading: 'opened',
    roles: ACT_ROLES.opened,
    onDescriptors: false,
    cell: (use) => (use.opened === 0 ? '' : count(use.opened)),
  },
  { heading: 'read', roles: TRAFFIC_ROLES.read, onDescriptors: true, cell: (use) => bytes(use, 'read') },
  { heading: 'written', roles: TRAFFIC_ROLES.written, onDescriptors: true, cell: (use) => bytes(use, 'written') },
];

/** What was done with a file, most telling first: it is listed under the first heading that fits. */
const SECTIONS: readonly { readonly heading: string; fits(use: FileUse): boolean }[] = [
  { heading: 'written', fits: (use) => use.isChanged && !use.isSystemFile },
  { heading: 'read', fits: (use) => use.opened > 0 && !use.isDirectory && !use.isSystemFile },
  { heading: 'executed', fits: (use) => use.executed > 0 },
  { heading: 'libraries, catalogues, directories and files of the kernel', fits: isTouched },
];

const ACT_WORDS: Readonly<Record<Failure['act'], string>> = {
  opened: 'open',
  closed: 'close',
  lookedAt: 'look',
  executed: 'exec',
  mapped: 'map',
  listed: 'list',
  created: 'create',
  truncated: 'truncate',
  altered: 'alter',
  renamed: 'rename',
  linked: 'link',
  unlinked: 'unlink',
  read: 'read',
  written: 'write',
};

/** What a row says of acts that have no column. */
const NOTED: readonly (readonly [act: Act, words: string])[] = [
  ['executed', 'executed'],
  ['mapped', 'mapped'],
  ['listed', 'listed'],
  ['created', 'created'],
  ['truncated', 'truncated'],
  ['altered', 'attributes set'],
  ['linked', 'linked'],
];

const CHANNEL_NAMES: Readonly<Record<Channel, string>> = {
  standard: 'standard streams (0, 1, 2)',
  none: 'what has no name (pipes, sockets and the like)',
  unknown: 'descriptors whose opening the log does not show',
};

/** Widths of the columns in front of the path, and their headings. */
interface Layout {
  readonly widths: readonly number[];
  readonly headings: string;
}

class Page {
  readonly #result: FilesResult;
  readonly #trace: TraceSummary;
  readonly #view: View;
  readonly #columns: readonly Column[];

  constructor(result: FilesResult, trace: TraceSummary, view: View) {
    this.#result = result;
    this.#trace = trace;
    this.#view = view;
    this.#columns = COLUMNS.filter(
      ({ roles, onDescriptors }) => isShown(roles, result.shown) && (result.tellsDescriptors || !onDescriptors),
    );
  }

  nothing(): string {
    return `no such file in ${counted(this.#trace.lines, 'line', 'lines')}`;
  }

  head(failed: boolean): string[] {
    const { files, users } = this.#result;
    const [first] = files;
    if (first === undefined) return [this.nothing()];
    const text = failed
      ? `calls failed on ${counted(files.length, 'path', 'paths')}`
      : `${counted(files.filter(isTouched).length, 'file', 'files')}, ${counted(users, 'process', 'processes')}`;
    const input = this.#trace.inputs.length === 1 ? printableText(this.#trace.inputs[0] ?? '?') : '';
    return [apart(paint(text, 'strong', this.#view), paint(input, 'dim', this.#view), this.#view.width).trimEnd()];
  }

  /** Blocks of rows, and what is only counted. */
  files(files: readonly FileUse[], flat: boolean): string[][] {
    const layout = this.#layout(flat ? files : files.filter(isTouched));
    if (flat) return files.length === 0 ? [] : [[layout.headings, ...files.map((use) => this.#row(layout, use))]];
    const left = new Set(files);
    const blocks: string[][] = [];
    for (const { heading, fits } of SECTIONS) {
      const own = [...left].filter((use) => fits(use));
      for (const use of own) left.delete(use);
      if (own.length === 0) continue;
      const lead = blocks.length === 0 ? [layout.headings] : [];
      blocks.push([...lead, paint(heading, 'strong', this.#view), ...own.map((use) => this.#row(layout, use))]);
    }
    const counts = this.#counted([...left]);
    if (counts.length > 0) blocks.push(counts);
    return blocks;
  }

  process({ files, start, ...who }: ProcessFiles, failed: boolean): string[] {
    const head = apart(
      paint(programAndPid(who), 'strong', this.#view),
      paint(where(start, this.#trace), 'dim', this.#view),
      this.#view.width,
    );
    if (failed) return [head, ...this.failures(files).flat()];
    const touched = files.filter(isTouched);
    const layout = this.#layout(touched);
    const rest = this.#counted(files.filter((use) => !isTouched(use)));
    const table = touched.length === 0 ? [] : [layout.headings, ...touched.map((use) => this.#row(layout, use))];
    return [head, ...table, ...rest.map((line) => `  ${line}`)];
  }

  //   times  errno   call  path                                                           :12
  failures(files: readonly FileUse[]): string[][] {
    const rows = files.flatMap((use) => use.failures.map((failure) => ({ use, failure })));
    if (rows.length === 0) return [];
    const times = Math.max(5, ...rows.map(({ failure }) => count(failure.count).length));
    const errno = Math.max(5, ...rows.map(({ failure }) => errnoOf(failure).length));
    const heading = `  ${'times'.padStart(times)}  ${'error'.padEnd(errno)}  ${'call'.padEnd(8)}  path`;
    const lines = rows.map(({ use, failure }) => {
      const cells = `${count(failure.count).padStart(times)}  ${errnoOf(failure).padEnd(errno)}`;
      const left = `  ${cells}  ${ACT_WORDS[failure.act].padEnd(8)}  ${printable(use.path)}`;
      return apart(left, paint(this.#at(failure.place), 'dim', this.#view), this.#view.width);
    });
    return [[paint(heading, 'dim', this.#view), ...lines]];
  }

  /** What the trace does not tell, and what went elsewhere. */
  notes(): string[] {
    const { shown, channels, letGo } = this.#result;
    const lines: string[] = [];
    for (const channel of CHANNELS) {
      const { read, written } = channels[channel];
      const parts = [
        read.calls === 0 ? [] : [`${counted(read.calls, 'read', 'reads')} (${size(read.bytes)})`],
        written.calls === 0 ? [] : [`${counted(written.calls, 'write', 'writes')} (${size(written.bytes)})`],
      ].flat();
      if (parts.length > 0) lines.push(`on ${CHANNEL_NAMES[channel]}: ${parts.join(', ')}`);
    }
    const hidden = COLUMNS.filter(({ roles }) => !isShown(roles, shown)).map(({ heading }) => heading);
    if (hidden.length > 0) lines.push(`unknown, for the log shows no such calls: ${hidden.join(', ')}`);
    if (!this.#result.tellsDescriptors) {
      lines.push('of which file bytes are is unknown, for the log shows no closes; record close, or with strace -y');
    }
    if (letGo.calls > 0)
      lines.push(`not listed for want of room: ${counted(letGo.calls, 'call', 'calls')} on other paths`);
    if (letGo.processes > 0) {
      lines.push(`not listed for want of room: ${counted(letGo.processes, 'earlier process', 'earlier processes')}`);
    }
    return lines.map((line) => paint(line, 'dim', this.#view));
  }

  #layout(files: readonly FileUse[]): Layout {
    const widths = this.#columns.map(({ heading, cell }) =>
      files.reduce((most, use) => Math.max(most, widthOf(cell(use))), heading.length),
    );
    const headings = [...this.#columns.map(({ heading }, index) => heading.padStart(widths[index] ?? 0)), 'path'];
    return { widths, headings: paint(headings.map((heading) => `  ${heading}`).join(''), 'dim', this.#view) };
  }

  // A path is never cut: what has no room beside it stands on the next line.
  #row({ widths }: Layout, use: FileUse): string {
    const cells = this.#columns.map(({ cell }, index) => `  ${cell(use).padStart(widths[index] ?? 0)}`).join('');
    const notes = paint(notesOf(use), 'dim', this.#view);
    const place = paint(this.#at(use.first, use.last), 'dim', this.#view);
    const left = `${cells}  ${printable(use.path)}`;
    const all = notes === '' ? left : `${left}  ${notes}`;
    if (notes === '' || widthOf(all) + 2 + widthOf(place) <= this.#view.width) {
      return apart(all, place, this.#view.width);
    }
    return `${apart(left, place, this.#view.width)}\n${' '.repeat(widthOf(cells) + 4)}${notes}`;
  }

  /** Paths that are not listed. */
  #counted(files: readonly FileUse[]): string[] {
    const missing = files.filter((use) => use.isMissing);
    const looked = files.length - missing.length;
    const lines: string[] = [];
    if (looked > 0) lines.push(`only looked at: ${counted(looked, 'path', 'paths')} (--json and --csv list them)`);
    if (missing.length > 0) {
      lines.push(`only failed: ${counted(missing.length, 'path', 'paths')}, ${errnos(missing)} (--failed lists them)`);
    }
    return lines;
  }

  /** ':12', ':12–40'; with the input's name where there are several. */
  #at(first: Place, last = first): string {
    const single = this.#trace.inputs.length === 1;
    const from = single ? `:${first.line}` : where(first, this.#trace);
    if (first.input === last.input && first.line === last.line) return from;
    return `${from}–${whereBeside(last, first, this.#trace).replace(/^:/, '')}`;
  }
}

function isShown(roles: readonly Role[], shown: ReadonlySet<Role>): boolean {
  return roles.some((role) => shown.has(role));
}

/** Whether a row of its own says something of it. */
function isTouched(use: FileUse): boolean {
  return use.isChanged || use.opened + use.executed + use.mapped + use.listed + use.closed + use.read.calls > 0;
}

function bytes(use: FileUse, direction: Direction): string {
  return use[direction].calls === 0 ? '' : size(use[direction].bytes);
}

function errnoOf({ errno }: Failure): string {
  return errno ?? '?';
}

/** 'ENOENT 200, EACCES 4': calls, most first. */
function errnos(files: readonly FileUse[]): string {
  const counts = new Map<string, number>();
  for (const failure of files.flatMap(({ failures }) => failures)) {
    counts.set(errnoOf(failure), (counts.get(errnoOf(failure)) ?? 0) + failure.count);
  }
  const most = [...counts].sort(([, a], [, b]) => b - a).slice(0, 4);
  return most.map(([errno, times]) => `${printable(errno)} ${count(times)}×`).join(', ');
}

function notesOf(use: FileUse): string {
  const notes = NOTED.flatMap(([act, words]) =>
    use[act] === 0 ? [] : [use[act] === 1 ? words : `${words} ${count(use[act])}×`],
  );
  if (use.unlinked > 0) {
    const words = use.unlinkedOpen === use.unlinked ? 'unlinked while open' : 'unlinked';
    notes.push(use.unlinked === 1 ? words : `${words} ${count(use.unlinked)}×`);
  }
  if (use.renamed > 0) notes.push(`renamed to ${use.newNames.map(printable).join(', ')}`);
  if (use.oldNames.length > 0) notes.push(`renamed from ${use.oldNames.map(printable).join(', ')}`);
  if (use.readToEnd) notes.push('read to its end');
  if (use.failures.length > 0) notes.push(`failed: ${errnos([use])}`);
  if (use.processes > 1) notes.push(`used by ${count(use.processes)} processes`);
  return notes.join(', ');
}
