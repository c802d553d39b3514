import { formats as allFormats } from '../../parsers/index.ts';
import type { LoadedFormat, TracerFormat } from '../../parsers/tracer-format.ts';
import type { Dialect } from '../model/dialect.ts';
import { ForkloreError } from '../model/errors.ts';
import type { TraceEvent } from '../model/event.ts';
import type { TraceHeader } from '../model/trace.ts';
import { LineScanner } from '../scan/lines.ts';
import { NO_PASTE_MARKS, type PasteMarks } from '../scan/paste-marks.ts';
import type { ChunkReader } from './chunk-reader.ts';
import { type Detected, emptyInput, formatOf, HEAD_BYTES, readVotes, Votes } from './detect.ts';
import type { InputList, NumberedInput } from './input-set.ts';
import { type Input, labelOf } from './open-input.ts';
import { type FirstStamp, FirstStampClock } from './set-clock.ts';

/** A first line of our own format may name thousands of inputs. */
const MAX_HEADER_BYTES = 16_777_216;
const LINE_FEED = 10;

/** What is to be read, and how: known before the first event. */
export type ReadingPlan =
  /** Files of our own format, with the index of each one's first input in the header. */
  | { readonly kind: 'ndjson'; readonly header: TraceHeader; readonly files: readonly NdjsonFile[] }
  /** Logs one after another. */
  | {
      readonly kind: 'sequence';
      readonly header: TraceHeader;
      readonly format: LoadedFormat;
      readonly logs: readonly Log[];
    }
  /** The files of one `strace -ff` set, with the first stamp of each. */
  | {
      readonly kind: 'set';
      readonly header: TraceHeader;
      readonly format: LoadedFormat;
      readonly files: readonly SetFile[];
    };

/** One log of a sequence. */
export interface Log {
  readonly input: Input;
  /** Of a file of a set that has no stamps to merge by. */
  readonly pid: number | null;
  /** What a paste left on its lines. */
  readonly marks: PasteMarks;
}

export interface NdjsonFile {
  readonly input: Input;
  readonly firstInput: number;
}

export interface SetFile extends Log {
  readonly pid: number;
  readonly first: FirstStamp | null;
  readonly compressed: boolean;
}

/**
 * Looks at the heads of the inputs. `from` overrules what they look like; `formats` are all of `parsers/index.ts` unless
 * given. Throws 'not-a-trace', 'ambiguous-trace', 'mixed-dialects', 'invalid-ndjson' and 'unreadable-input'.
 */
export async function planReading(
  list: InputList,
  from: Dialect | null,
  formats: readonly TracerFormat[] = allFormats,
): Promise<ReadingPlan> {
  if (list.namedAsSet) {
    const set = await planSet(list.inputs, from, formats);
    if (set !== null) return set;
  }
  const inputs = list.inputs.map(({ input }) => input);
  if (from !== null) {
    const format = formatOf(from, formats);
    const logs: Log[] = [];
    for (const input of inputs) logs.push({ input, pid: null, marks: (await vote(input, [format], true)).marks() });
    return sequence(format, logs);
  }
  const found: { input: Input; detected: Detected }[] = [];
  for (const input of inputs) {
    found.push({ input, detected: (await vote(input, formats, false)).verdict(input.name) });
  }
  const [first] = found;
  if (first === undefined) throw new ForkloreError('no-input', 'no input: name a trace, or pipe one in');
  for (const { input, detected } of found) requireSame(describe(first), describe({ input, detected }));
  if (first.detected.kind === 'ndjson') return planNdjson(inputs);
  const logs = found.map(({ input, detected }) => ({
    input,
    pid: null,
    marks: detected.kind === 'tracer' ? detected.marks : NO_PASTE_MARKS,
  }));
  return sequence(first.detected.format, logs);
}

/** The plan with something between each input and its reading. Files of a set are left as they are: their number has no bound. */
export function readThrough(plan: ReadingPlan, through: (input: Input) => Input): ReadingPlan {
  switch (plan.kind) {
    case 'ndjson':
      return { ...plan, files: plan.files.map((file) => ({ ...file, input: through(file.input) })) };
    case 'sequence':
      return { ...plan, logs: plan.logs.map((log) => ({ ...log, input: through(log.input) })) };
    case 'set':
      return plan;
    default:
      return plan satisfies never;
  }
}

/** What an input's name says of one kind of content; both are named when they differ. */
interface Described {
  readonly name: string;
  readonly content: string;
}

function describe({ input, detected }: { input: Input; detected: Detected }): Described {
  const content = detected.kind === 'ndjson' ? 'forklore events' : detected.format.dialect;
  return { name: labelOf(input.name), content };
}

function requireSame(first: Described, other: Described): void {
  if (first.content === other.content) return;
  throw new ForkloreError(
    'mixed-dialects',
    `${other.name} holds ${other.content}, but ${first.name} holds ${first.content}: read them one at a time`,
  );
}

async function sequence(format: TracerFormat, logs: readonly Log[]): Promise<ReadingPlan> {
  const header = { dialect: format.dialect, inputs: logs.map(({ input }) => input.name), joined: logs.length === 1 };
  return { kind: 'sequence', header, format: await format.load(), logs };
}

/** The votes on an input's head; `isDecided` where the format is known and only its marks are looked for. */
async function vote(input: Input, formats: readonly TracerFormat[], isDecided: boolean): Promise<Votes> {
  const votes = new Votes(formats);
  await peek(input, (chunks) => readVotes(chunks, votes, isDecided));
  return votes;
}

/** Looks at the beginning of an input. A file is opened again for reading, so that thousands do not stay open. */
async function peek<T>(input: Input, look: (chunks: ChunkReader) => Promise<T>): Promise<T> {
  const { chunks } = input.open();
  try {
    return await look(chunks);
  } finally {
    if (input.sizeBytes !== null) chunks.close();
  }
}

/** Null where the files have a pid column of their own, or are no strace logs: then their names mean nothing. */
async function planSet(
  inputs: readonly NumberedInput[],
  from: Dialect | null,
  formats: readonly TracerFormat[],
): Promise<ReadingPlan | null> {
  const recognised = await formatOfSet(inputs, from, formats);
  if (recognised?.dialect !== 'strace') return null;
  const format = await recognised.load();
  const files: SetFile[] = [];
  for (const { input, pid } of inputs) {
    if (pid === null) return null;
    const { first, ownPids, compressed } = await peekSetFile(input, pid, format);
    if (ownPids) return null;
    files.push({ input, pid, marks: NO_PASTE_MARKS, first, compressed });
  }
  const header = { dialect: recognised.dialect, inputs: inputs.map(({ input }) => input.name), joined: true };
  return { kind: 'set', header, format, files };
}

/** Files of a set may be tiny or empty: all of them vote together. Null where they are of our own format. */
async function formatOfSet(
  inputs: readonly NumberedInput[],
  from: Dialect | null,
  formats: readonly TracerFormat[],
): Promise<TracerFormat | null> {
  if (from !== null) return formatOf(from, formats);
  const votes = new Votes(formats);
  for (const { input } of inputs) {
    await peek(input, (chunks) => readVotes(chunks, votes, false));
    if (votes.bytes >= HEAD_BYTES) break;
  }
  const detected = votes.verdict(inputs[0]?.input.name ?? '');
  return detected.kind === 'tracer' ? detected.format : null;
}

async function peekSetFile(
  input: Input,
  pid: number,
  format: LoadedFormat,
): Promise<{ first: FirstStamp | null; ownPids: boolean; compressed: boolean }> {
  const clock = new FirstStampClock();
  let seen = false;
  let ownPids = false;
  const event = (event: TraceEvent): void => {
    if (event.kind !== 'syscall' && event.kind !== 'exit' && event.kind !== 'killed') return;
    // A thread's exec goes on under the leader's id.
    if (event.kind === 'syscall' && event.outcome === 'unfinished' && event.name.startsWith('exec')) return;
    seen = true;
    ownPids ||= event.pid !== pid;
  };
  const parser = format.createParser({ event, diagnostic() {} }, { input: 0, defaultPid: pid, clock, needs: null });
  const scanner = new LineScanner(
    (buffer, start, end, line) => {
      if (seen) return;
      if (parser.mayMatter(buffer, start, end)) parser.push(buffer.toString('latin1', start, end), line);
    },
    () => {},
  );
  const reading = input.open();
  try {
    let looked = 0;
    while (looked < HEAD_BYTES && !seen) {
      const chunk = await reading.chunks.next();
      if (chunk === null) break;
      const head = chunk.subarray(0, HEAD_BYTES - looked);
      looked += head.length;
      scanner.push(head);
    }
    if (!seen) {
      scanner.end();
      parser.end();
    }
    return { first: clock.first, ownPids, compressed: reading.compressed };
  } finally {
    reading.chunks.close();
  }
}

async function planNdjson(inputs: readonly Input[]): Promise<ReadingPlan> {
  const { readHeader } = await import('../ndjson/read.ts');
  const names: string[] = [];
  const files: NdjsonFile[] = [];
  const dialects: { input: Input; header: TraceHeader }[] = [];
  for (const input of inputs) {
    const header = readHeader(await peek(input, (chunks) => firstLine(chunks, input.name)), input.name);
    if (inputs.length > 1 && header.joined && header.inputs.length > 1) {
      const sentence = `${labelOf(input.name)}: the events of a set of strace -ff files must be the only input`;
      throw new ForkloreError('unreadable-input', sentence);
    }
    files.push({ input, firstInput: names.length });
    for (const name of header.inputs) names.push(name);
    dialects.push({ input, header });
  }
  const [first] = dialects;
  if (first === undefined) throw new ForkloreError('no-input', 'no input: name a trace, or pipe one in');
  for (const { input, header } of dialects) {
    requireSame(
      { name: labelOf(first.input.name), content: first.header.dialect },
      { name: labelOf(input.name), content: header.dialect },
    );
  }
  const joined = inputs.length === 1 && first.header.joined;
  return { kind: 'ndjson', header: { dialect: first.header.dialect, inputs: names, joined }, files };
}

/** The first line that is not blank. */
async function firstLine(chunks: ChunkReader, name: string): Promise<string> {
  const taken: Buffer[] = [];
  let bytes = 0;
  for (let chunk = await chunks.next(); chunk !== null; chunk = await chunks.next()) {
    taken.push(Buffer.from(chunk));
    bytes += chunk.length;
    if (chunk.includes(LINE_FEED) || bytes > MAX_HEADER_BYTES) {
      const [line] = Buffer.concat(taken).toString('utf8').trimStart().split('\n', 1);
      if (line !== undefined && line !== '') break;
    }
  }
  chunks.unread(taken);
  const text = Buffer.concat(taken).toString('utf8').trimStart();
  if (text === '') throw emptyInput(name);
  const lineFeed = text.indexOf('\n');
  return lineFeed < 0 ? text : text.slice(0, lineFeed);
}
