import { Blame } from '../analyze/blame.ts';
import type { Rerun } from '../analyze/rerun.ts';
import type { Dialect } from '../model/dialect.ts';
import { ForkloreError } from '../model/errors.ts';
import type { TraceEvent } from '../model/event.ts';
import type { TraceHeader } from '../model/trace.ts';
import type { Input, StandardInput } from '../read/open-input.ts';
import type { Progress as ReadProgress } from '../read/progress-meter.ts';
import { type OpenTrace, openTrace, type TraceSink } from '../read/read-trace.ts';
import type { ReadingPlan } from '../read/reading-plan.ts';
import { Actors } from './actors.ts';
import { explainedCrash, rerunOf, slotsUpTo } from './crash-story.ts';
import { EventIndex } from './event-index.ts';
import { type ExploredTrace, ScopedList } from './event-list.ts';
import { type EventPlaces, PlacesByArrival, PlacesByLine } from './event-places.ts';
import { eventReader } from './event-reader.ts';
import { EventRows } from './event-rows.ts';
import type {
  EventList,
  EventScope,
  Exploration,
  FileRow,
  ProcessRow,
  ProcessTree,
  Progress,
  Story,
} from './exploration.ts';
import { KeptText } from './kept-text.ts';
import { Listeners } from './listeners.ts';
import { Precedence } from './precedence.ts';
import { filesOfProcess } from './process-files.ts';
import { processRow } from './process-row.ts';
import { Spool } from './spool.ts';
import { TreeRows } from './tree-rows.ts';
import { TreeWalk } from './tree-walk.ts';

export interface ExplorationOptions {
  /** The dialect, whatever the inputs look like; null: recognised from the content. */
  readonly from: Dialect | null;
  /** Read when no input is named, or for '-'. */
  readonly stdin: StandardInput;
}

/**
 * Opens the inputs and begins to read them. Of a silent pipe it waits for the first lines. Throws `ForkloreError` where
 * an input cannot be read or is no trace.
 */
export async function openExploration(
  names: readonly string[],
  { from, stdin }: ExplorationOptions,
): Promise<Exploration> {
  const spool = new Spool();
  const precedence = new Precedence();
  const texts: KeptText[] = [];
  const ending = new AbortController();
  const meter = new Meter();
  const through = (input: Input): Input => {
    const text = new KeptText(input, spool, precedence);
    texts.push(text);
    return text.noted();
  };
  const { signal } = ending;
  const onProgress = (progress: ReadProgress): void => meter.bytesAre(progress);
  const trace = await openTrace(names, { from, stdin, signal, through, onProgress });
  meter.totalBytes = trace.totalBytes;
  if (trace.plan.kind === 'set')
    texts.push(...trace.plan.files.map(({ input }) => new KeptText(input, spool, precedence)));
  const exploration = new TraceExploration(trace, texts, precedence, meter, async () => {
    ending.abort();
    await spool.close();
  });
  exploration.read();
  return exploration;
}

/** Counts what is read. */
class Meter {
  bytes = 0;
  totalBytes: number | null = null;
  lines = 0;
  events = 0;
  unparsed = 0;
  done = false;
  trouble: string | null = null;

  bytesAre({ bytesRead, lines }: ReadProgress): void {
    this.bytes = bytesRead;
    this.lines = lines;
  }

  count({ kind }: TraceEvent): void {
    this.events++;
    if (kind === 'unparsed') this.unparsed++;
  }

  get progress(): Progress {
    const { bytes, totalBytes, lines, events, unparsed, done, trouble } = this;
    return { bytes, totalBytes, lines, events, unparsed, done, trouble };
  }
}

/** Events of a crash's story. */
const LAST_EVENTS = 20;
/** So long the tree may be walked through at a time. */
const WALK_MS = 4;
/** It is walked through at most so much of the time. */
const WALK_SHARE = 0.05;

class TraceExploration implements Exploration, ExploredTrace, TraceSink {
  readonly header: TraceHeader;
  readonly index: EventIndex;
  readonly actors: Actors;
  readonly rows: EventRows;
  readonly precedence: Precedence;
  readonly #trace: OpenTrace;
  readonly #meter: Meter;
  readonly #end: () => Promise<void>;
  readonly #listeners = new Listeners();
  readonly #blame: Blame;
  /** Every event: what is looked at first, and looked up in. */
  readonly #all: ScopedList;
  /** Lists that may grow. */
  readonly #lists: Set<ScopedList>;
  #tree: ProcessTree = new TreeRows();
  /** Events that the tree tells of. */
  #treeOf = 0;
  /** When it may be walked through again. */
  #walkAtMs = 0;
  /** The walk under way; null while there is none. */
  #walking: TreeWalk | null = null;
  #isClosed = false;
  #reading: Promise<void> = Promise.resolve();

  /** `end`: ends the reading and lets go of what was kept. */
  constructor(
    trace: OpenTrace,
    texts: readonly KeptText[],
    precedence: Precedence,
    meter: Meter,
    end: () => Promise<void>,
  ) {
    this.precedence = precedence;
    this.header = trace.header;
    this.actors = new Actors(trace.header.dialect);
    this.index = new EventIndex(placesFor(trace.plan));
    this.rows = new EventRows(trace.header, this.index, this.actors, eventReader(trace.plan, texts));
    this.#trace = trace;
    this.#meter = meter;
    this.#end = end;
    this.#blame = new Blame(trace.header, true);
    this.#all = new ScopedList({ process: null, filters: [] }, this, true);
    this.#lists = new Set([this.#all]);
    this.#listeners.add(() => {
      this.#growLists();
      this.#growTree();
    });
  }

  /** Reads the trace from beginning to end. */
  read(): void {
    this.#reading = this.#trace
      .read(this)
      .then(({ lines }) => {
        this.#meter.lines = lines;
      })
      .catch((error: unknown) => {
        this.#meter.trouble = error instanceof ForkloreError ? error.message : `reading ended: ${String(error)}`;
      })
      .then(async () => {
        this.#blame.finish();
        await this.#walk(new TreeWalk(this.#blame, this.actors, true));
        this.#meter.done = true;
        this.changed();
      });
  }

  // ---- what the reading tells

  start(): void {}

  event(event: TraceEvent, textLine: number): void {
    this.#meter.count(event);
    const actor = this.#blame.add(event);
    this.index.add(event, textLine, this.actors.numberOf(actor?.task ?? null));
    this.changed();
  }

  diagnostic(): void {}

  // ---- what lists ask

  get isRead(): boolean {
    return this.#meter.done;
  }

  get regrouped(): number {
    return this.#blame.tree.regrouped;
  }

  changed(): void {
    this.#listeners.changed();
  }

  // ---- what is shown

  subscribe(listener: () => void): () => void {
    return this.#listeners.add(listener);
  }

  progress(): Progress {
    return this.#meter.progress;
  }

  processes(): ProcessTree {
    return this.#tree;
  }

  process(key: number): ProcessRow | null {
    const process = this.actors.process(key);
    return process === null ? null : processRow(process, this.actors.keyOf(process), this.#blame, this.isRead);
  }

  crashes(): readonly number[] {
    return [...this.#blame.crashes.keys()].map((process) => this.actors.keyOf(process));
  }

  events(scope: EventScope): EventList {
    if (scope.process === null && scope.filters.length === 0) return this.#all;
    const list = new ScopedList(scope, this, false);
    this.#lists.add(list);
    return list;
  }

  async files(key: number): Promise<readonly FileRow[]> {
    const process = this.actors.process(key);
    if (process === null) return [];
    return filesOfProcess(process, this.header, this.index.signatures.all, await this.#trace.again());
  }

  async story(key: number): Promise<Story | null> {
    const process = this.actors.process(key);
    const crash = process === null ? undefined : this.#blame.crashes.get(process)?.();
    if (process === null || crash === undefined) return null;
    const slots = slotsUpTo(crash.fault.place, process, LAST_EVENTS, this.index, this.actors);
    const lastEvents = await this.rows.rows(slots);
    return { crash: await explainedCrash(crash, this.header, await this.#trace.again()), lastEvents };
  }

  async rerun(key: number): Promise<Rerun | null> {
    const exec = this.actors.process(key)?.exec ?? null;
    return exec === null ? null : rerunOf(exec.place, this.index, this.rows);
  }

  #growLists(): void {
    for (const list of this.#lists) {
      if (list.isClosed) this.#lists.delete(list);
      else list.grow();
    }
  }

  /** A small tree is walked through at once, a large one meanwhile. */
  #growTree(): void {
    const { done, events } = this.#meter;
    if (done || this.#walking !== null || events === this.#treeOf || performance.now() < this.#walkAtMs) return;
    this.#treeOf = events;
    const walk = new TreeWalk(this.#blame, this.actors, false);
    if (walk.walk(WALK_MS)) this.#walked(walk, WALK_MS);
    else this.#walk(walk);
  }

  /** Walks to the end, unless another walk begins. */
  async #walk(walk: TreeWalk): Promise<void> {
    this.#walking = walk;
    let tookMs = WALK_MS;
    for (let isOver = false; !isOver; tookMs += WALK_MS) {
      await this.precedence.turn();
      if (this.#walking !== walk || this.#isClosed) return;
      isOver = walk.walk(WALK_MS);
    }
    this.#walking = null;
    this.#walked(walk, tookMs);
    this.changed();
  }

  #walked({ rows }: TreeWalk, tookMs: number): void {
    this.#tree = rows;
    this.#walkAtMs = performance.now() + tookMs / WALK_SHARE;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#listeners.close();
    for (const list of this.#lists) list.end();
    await this.#end();
    await this.#reading;
  }
}

function placesFor(plan: ReadingPlan): EventPlaces {
  switch (plan.kind) {
    case 'sequence':
      return new PlacesByLine();
    case 'set':
      return new PlacesByArrival('event');
    case 'ndjson':
      return new PlacesByArrival('record');
    default:
      return plan satisfies never;
  }
}
