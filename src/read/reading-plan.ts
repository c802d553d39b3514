import { formats as allFormats } from '../../parsers/index.ts';
import type { LoadedFormat, TracerFormat } from '../../parsers/tracer-format.ts';
import type { Dialect } from '../model/dialect.ts';
import { ForkloreError } from '../model/errors.ts';
import type { TraceHeader } from '../model/trace.ts';
import { NO_PASTE_MARKS, type PasteMarks } from '../scan/paste-marks.ts';
import type { ChunkReader } from './chunk-reader.ts';
import { type Detected, emptyInput, formatOf, peek, readVotes, Votes } from './detect.ts';
import type { InputList } from './input-set.ts';
import { type Input, labelOf } from './open-input.ts';
import type { FirstStamp } from './set-clock.ts';

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
    const { planSet } = await import('./set-plan.ts');
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
