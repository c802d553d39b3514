import type { EventList, EventRow, Exploration, FileRow, ProcessRow, Progress, Story } from '../explore/exploration.ts';
import type { TraceHeader } from '../model/trace.ts';
import { programAndPid } from '../render/text/names.ts';
import { Detail } from './detail.ts';
import { fateText } from './fate.ts';
import { heightOf, layout } from './layout.ts';
import { reduce } from './reduce.ts';
import { RowCache } from './row-cache.ts';
import { type Action, initialState, type LinePlace, type State, type Tab } from './state.ts';
import { overviewLines, plainLines, type StoryLine, storyLines } from './story-lines.ts';
import { perform } from './tasks.ts';

/** All that the views show. */
export interface Snapshot {
  readonly state: State;
  readonly header: TraceHeader;
  readonly progress: Progress;
  readonly process: (key: number | null) => ProcessRow | null;
  /** Of the window of events; null for those that are not read yet. */
  readonly events: readonly (EventRow | null)[];
  /** Whether no more events come to the list. */
  readonly eventsComplete: boolean;
  /** The event before the window, where it is known. */
  readonly eventAbove: EventRow | null;
  /** Null while they are read. */
  readonly files: readonly FileRow[] | null;
  readonly story: readonly StoryLine[] | null;
  /** Lines of the event at the cursor as they stand in the log; null while it is not looked at closer. */
  readonly printed: readonly string[] | null;
}

/** What a session does outside of itself. */
export interface Outside {
  left(how: 'quit' | 'interrupt'): void;
  failed(error: unknown): void;
  /** Puts text into the terminal's clipboard. */
  copy(text: string): void;
}

/** Time between two drawings of what grows while it is read. */
const GROWTH_MS = 150;

/** Before the trace has grown so often there is nothing to see: then it is drawn at once. */
const FIRST_GROWTHS = 3;

/** Time between two readings of what is shown of a process that is still at work. */
const REFRESH_MS = 1000;

/**
 * One person looking at one trace: holds the state, keeps the lists that are shown, does the tasks. Views show its
 * snapshots.
 */
export class Session {
  readonly #exploration: Exploration;
  readonly #outside: Outside;
  readonly #listeners = new Set<() => void>();
  readonly #unsubscribe: () => void;
  #state: State;
  #snapshot: Snapshot | null = null;
  #isTelling = false;
  #growing: NodeJS.Timeout | null = null;
  #growth = 0;
  #announced = 0;
  #events: EventList;
  #cache: RowCache;
  /** Whether the events were all there when they were counted. */
  #isComplete = false;
  /** The event that the cursor is on. */
  #anchor: LinePlace | null = null;
  #task: { readonly id: number; readonly controller: AbortController } | null = null;
  readonly #files: Detail<readonly FileRow[]>;
  readonly #story: Detail<Story | null>;
  readonly #printed: Detail<readonly string[]>;
  #storyLines: { readonly of: unknown; readonly width: number; readonly lines: readonly StoryLine[] } | null = null;

  constructor(exploration: Exploration, columns: number, rows: number, outside: Outside) {
    this.#exploration = exploration;
    this.#outside = outside;
    this.#state = initialState(columns, rows);
    const changed = (): void => this.#changed();
    const { failed } = outside;
    this.#files = new Detail(REFRESH_MS, changed, failed);
    this.#story = new Detail(REFRESH_MS, changed, failed);
    this.#printed = new Detail(0, changed, failed);
    this.#events = exploration.events({ process: null, filters: [] });
    this.#cache = new RowCache(this.#events, changed, failed);
    this.#unsubscribe = exploration.subscribe(() => this.#grown());
    this.#grown();
  }

  /** Calls the listener when there is another snapshot. Gives what ends that. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The same until something changes. */
  readonly snapshot = (): Snapshot => {
    this.#snapshot ??= this.#look();
    return this.#snapshot;
  };

  /** A key was pressed, by its name. */
  press(name: string): void {
    this.#dispatch({ kind: 'key', name, event: this.#anchor });
  }

  /** The terminal has another size. */
  resize(columns: number, rows: number): void {
    this.#dispatch({ kind: 'resized', columns, rows });
  }

  /** Ends what is under way. */
  close(): void {
    this.#unsubscribe();
    if (this.#growing !== null) clearTimeout(this.#growing);
    this.#listeners.clear();
    this.#task?.controller.abort();
    this.#events.close();
  }

  #dispatch(action: Action): void {
    const before = this.#state;
    const state = reduce(before, action);
    this.#state = state;
    const isMoved = state.windows.events.cursor !== before.windows.events.cursor;
    if (state.selected !== before.selected || state.filters !== before.filters) this.#showOthers(state, before);
    else if (isMoved) this.#anchor = this.#events.placeAt(state.windows.events.cursor);
    if (state.sought !== before.sought) this.#count();
    if (state.running?.id !== this.#task?.id) this.#begin(state);
    if (state.leaving !== null && before.leaving === null) this.#outside.left(state.leaving);
    this.#changed();
  }

  // ---- the trace

  #grown(): void {
    this.#growth++;
    const crashes = this.#exploration.crashes();
    const before = this.#state;
    const told = this.#announcement(crashes);
    this.#state = reduce(before, { kind: 'read', tree: this.#exploration.processes(), crashes, told });
    if (this.#state.selected !== before.selected) this.#showOthers(this.#state, before);
    else this.#count();
    this.#changedMeanwhile();
  }

  /** What to tell of crashes that were not there before; of a log that is saved their number tells enough. */
  #announcement(crashes: readonly number[]): string | null {
    const key = crashes.at(-1);
    const isNew = crashes.length > this.#announced;
    this.#announced = crashes.length;
    const process = key === undefined ? null : this.#process(key);
    const isLive = this.#exploration.progress().totalBytes === null;
    return isNew && isLive && process !== null ? `${programAndPid(process)} ${fateText(process)}; c goes there` : null;
  }

  #showOthers(state: State, before: State): void {
    this.#events.close();
    this.#events = this.#exploration.events({ process: state.selected, filters: state.filters });
    this.#cache = new RowCache(this.#events, () => this.#changed(), this.#outside.failed);
    // Filters come and go around an event; in another list the row is looked for that the state names.
    const isMoved = state.windows.events.cursor !== before.windows.events.cursor;
    if (isMoved || state.selected !== before.selected) this.#anchor = null;
    if (state.selected !== before.selected) {
      this.#files.forget();
      this.#story.forget();
    }
    this.#printed.forget();
    this.#count();
  }

  /** Tells the state how long the list of events is, and where the event is by now that is sought or at the cursor. */
  #count(): void {
    const { selected, windows, sought } = this.#state;
    const { length, complete } = this.#events;
    this.#isComplete = complete;
    const wanted = sought ?? this.#anchor;
    const index = wanted === null ? null : this.#indexOf(wanted);
    // A list that was just made fills a little at a time.
    if (!complete && (index === null ? length <= windows.events.cursor : index < 0)) {
      if (sought !== null) this.#tellCounted(selected, length, null);
      return;
    }
    this.#tellCounted(selected, length, index !== null && index < 0 ? length - 1 : index);
    if (sought !== null || this.#anchor === null)
      this.#anchor = this.#events.placeAt(this.#state.windows.events.cursor);
  }

  /** Most often it is where the cursor is. */
  #indexOf({ input, line }: LinePlace): number {
    const { cursor } = this.#state.windows.events;
    const place = this.#events.placeAt(cursor);
    return place?.input === input && place.line === line ? cursor : this.#events.indexOfLine(input, line);
  }

  #tellCounted(selected: number | null, length: number, cursor: number | null): void {
    this.#state = reduce(this.#state, { kind: 'counted', list: 'events', selected, length, cursor });
  }

  // ---- tasks

  #begin({ running }: State): void {
    this.#task?.controller.abort();
    this.#task = null;
    if (running === null) return;
    const controller = new AbortController();
    const { id, task } = running;
    this.#task = { id, controller };
    const workplace = {
      state: this.#state,
      exploration: this.#exploration,
      events: this.#events,
      files: this.#files.value ?? [],
      story: this.#linesOfStory() ?? [],
      process: (key: number | null) => this.#process(key),
      copy: this.#outside.copy,
    };
    perform(task, workplace, controller.signal).then(
      (answer) => this.#dispatch({ kind: 'answered', id, answer }),
      (error: unknown) => {
        if (!controller.signal.aborted) this.#outside.failed(error);
      },
    );
  }

  // ---- what is shown

  #changed(): void {
    this.#loadDetail();
    this.#snapshot = null;
    if (this.#isTelling) return;
    // Much changes at once, and is drawn once; before anything more is read.
    this.#isTelling = true;
    queueMicrotask(() => this.#tell());
  }

  /** The trace has grown: nobody waits for it, and drawing takes as long as reading thousands of lines. */
  #changedMeanwhile(): void {
    if (this.#growth <= FIRST_GROWTHS) this.#changed();
    else this.#growing ??= setTimeout(() => this.#changed(), GROWTH_MS);
  }

  #tell(): void {
    this.#isTelling = false;
    if (this.#growing !== null) clearTimeout(this.#growing);
    this.#growing = null;
    for (const listener of this.#listeners) listener();
  }

  #look(): Snapshot {
    const { windows } = this.#state;
    const { top } = windows.events;
    const height = heightOf('events', this.#state);
    const events = this.#cache.window(top, top + height, this.#growth);
    return {
      state: this.#state,
      header: this.#exploration.header,
      progress: this.#exploration.progress(),
      process: (key) => this.#process(key),
      events,
      eventsComplete: this.#isComplete,
      eventAbove: top === 0 ? null : this.#cache.at(top - 1),
      files: this.#files.value,
      story: this.#linesOfStory(),
      printed: this.#state.closer === null ? null : this.#printed.value,
    };
  }

  /** Reads what the tab in use shows. */
  #loadDetail(): void {
    const { tab, selected, closer, windows } = this.#state;
    if (closer !== null) {
      const { cursor } = windows.events;
      this.#printed.load(`${this.#anchor?.input}:${this.#anchor?.line}`, true, () => this.#events.printed(cursor));
    }
    if (selected === null) {
      this.#recount('story', this.#linesOfStory()?.length);
      return;
    }
    const { done } = this.#exploration.progress();
    const version = String(done ? 'all' : this.#growth);
    if (tab === 'files') {
      this.#files.load(version, done, () => this.#exploration.files(selected));
      this.#recount('files', this.#files.value?.length);
    } else if (tab === 'story') {
      this.#story.load(version, done, () => this.#exploration.story(selected));
      this.#recount('story', this.#linesOfStory()?.length);
    }
  }

  #recount(list: Tab, length: number | undefined): void {
    if (length === undefined) return;
    const { selected } = this.#state;
    this.#state = reduce(this.#state, { kind: 'counted', list, selected, length, cursor: null });
  }

  /** Null while the story is read. */
  #linesOfStory(): readonly StoryLine[] | null {
    const { selected } = this.#state;
    const process = this.#process(selected);
    const story = this.#story.value;
    if (process?.fate === 'crashed' && story === null) return null;
    const of = selected === null ? this.#state.tree : (story ?? `${selected} ${this.#growth}`);
    const width = Math.max(1, layout(this.#state).detailWidth - 2);
    if (this.#storyLines?.of !== of || this.#storyLines.width !== width) {
      this.#storyLines = { of, width, lines: this.#writeStory(story, process, width) };
    }
    return this.#storyLines.lines;
  }

  #writeStory(story: Story | null, process: ProcessRow | null, width: number): readonly StoryLine[] {
    const { header } = this.#exploration;
    if (process === null) {
      const crashed = this.#state.crashes.flatMap((key) => this.#process(key) ?? []);
      return overviewLines(crashed, this.#state.tree.fates, header, width);
    }
    return story === null ? plainLines(process, header, width) : storyLines(story, header, width);
  }

  #process(key: number | null): ProcessRow | null {
    return key === null ? null : this.#exploration.process(key);
  }
}
