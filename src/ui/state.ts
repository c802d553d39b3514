import type { Filter, ProcessTree } from '../explore/exploration.ts';
import type { Query } from '../explore/query.ts';
import { TreeRows } from '../explore/tree-rows.ts';
import type { Prompt } from './prompt.ts';
import { START, type Window } from './window.ts';

/** What the right pane shows of the selected process. */
export type Tab = 'events' | 'files' | 'story';
export const TABS: readonly Tab[] = ['events', 'files', 'story'];

/** Everything that has rows and a cursor. */
export type ListName = 'tree' | Tab;

/** Where an event begins: what names it while its index in a list changes. */
export interface LinePlace {
  readonly input: number;
  readonly line: number;
}

/** Somewhere to come back to. */
export type Mark = { readonly selected: number | null } & (
  | { readonly list: 'tree' }
  | { readonly list: 'files' | 'story'; readonly window: Window }
  /** With the filters that let the event pass. */
  | { readonly list: 'events'; readonly event: LinePlace; readonly filters: readonly Filter[] }
);

/** What is to be done outside of the state, one at a time; a new one ends the one before. */
export type Task =
  /** Finds the next row of the list that matches the query, from the row given (not itself). */
  | {
      readonly kind: 'search';
      readonly list: ListName;
      readonly query: Query;
      readonly from: number;
      readonly direction: 1 | -1;
    }
  | { readonly kind: 'nextFailed'; readonly from: number; readonly direction: 1 | -1 }
  /**
   * Finds a line; input null: of the input of the row at the cursor. `otherwise`: the filters with which it is shown
   * where it does not pass those in use.
   */
  | {
      readonly kind: 'line';
      readonly input: number | null;
      readonly line: number;
      readonly otherwise: readonly Filter[];
    }
  /** Goes to what the row at the cursor of a list speaks of. */
  | { readonly kind: 'follow'; readonly list: ListName; readonly cursor: number }
  | { readonly kind: 'copy'; readonly what: ListName | 'command'; readonly cursor: number }
  | { readonly kind: 'write'; readonly path: string };

/** A task under way. */
export interface RunningTask {
  readonly id: number;
  readonly task: Task;
}

/** One sentence in the last line, until a key is pressed. */
export interface Message {
  readonly text: string;
  readonly tone: 'plain' | 'bad' | 'crash';
}

/** All that is known of the screen. Nothing of it is read from the trace but what `read` and `counted` told. */
export interface State {
  readonly columns: number;
  readonly rows: number;
  readonly pane: 'tree' | 'detail';
  readonly tab: Tab;
  /** Whether only the pane in use is shown. */
  readonly zoomed: boolean;
  readonly help: boolean;
  /** First line shown of the row that is looked at closer; null: none is. */
  readonly closer: number | null;
  /** Of all processes. The first row shown stands for them all, the tree's follow. */
  readonly tree: ProcessTree;
  /** Keys of the processes that crashed. */
  readonly crashes: readonly number[];
  /** Keys of those whose children are hidden. */
  readonly folded: ReadonlySet<number>;
  /** Rows of the tree that are not hidden; null: none is. */
  readonly shown: Int32Array | null;
  /** Key of the process on the right; null: all. */
  readonly selected: number | null;
  readonly windows: Readonly<Record<ListName, Window>>;
  /** Rows of each list; null while that is not known. */
  readonly lengths: Readonly<Record<ListName, number | null>>;
  /** Where the lists of other processes were left. */
  readonly left: ReadonlyMap<number | null, Readonly<Record<ListName, Window>>>;
  /** The event that the cursor goes to as soon as it is in the list; null: it stays where it is. */
  readonly sought: LinePlace | null;
  /** Columns of the events hidden on the left. */
  readonly shift: number;
  /** Whether the cursor stays on the last event while more come. */
  readonly follows: boolean;
  /** Times since the trace's first stamp, or since the event above. */
  readonly times: 'trace' | 'between';
  readonly filters: readonly Filter[];
  readonly query: Query | null;
  readonly prompt: Prompt | null;
  /** The next key is the name of a mark. */
  readonly awaits: 'mark' | 'toMark' | null;
  readonly marks: ReadonlyMap<string, Mark>;
  readonly message: Message | null;
  readonly running: RunningTask | null;
  /** Tasks begun so far. */
  readonly tasks: number;
  /** Whether a key was pressed: from then on the person decides what is shown. */
  readonly touched: boolean;
  readonly leaving: 'quit' | 'interrupt' | null;
}

/** What happens. */
export type Action =
  | { readonly kind: 'resized'; readonly columns: number; readonly rows: number }
  /** A key was pressed, by its name. `event`: where the cursor of the events is; null where there is none. */
  | { readonly kind: 'key'; readonly name: string; readonly event: LinePlace | null }
  /** More of the trace was read. `told`: what to tell of a new crash. */
  | {
      readonly kind: 'read';
      readonly tree: ProcessTree;
      readonly crashes: readonly number[];
      readonly told: string | null;
    }
  /**
   * A list of a process has so many rows. `cursor`: where the event is that is sought, else the one that the cursor was
   * on; null: where it was, or not there yet.
   */
  | {
      readonly kind: 'counted';
      readonly list: Tab;
      readonly selected: number | null;
      readonly length: number;
      readonly cursor: number | null;
    }
  | { readonly kind: 'answered'; readonly id: number; readonly answer: Answer };

/** What became of a task. */
export type Answer =
  | { readonly kind: 'told'; readonly message: Message }
  /** Shows a row of a list as it is. `told`: what is to be known of how it was found. */
  | {
      readonly kind: 'foundRow';
      readonly list: Exclude<ListName, 'events'>;
      readonly cursor: number;
      readonly told: string | null;
    }
  /** Shows an event, of another process or with other filters where the task led there. */
  | {
      readonly kind: 'foundEvent';
      readonly selected: number | null;
      readonly filters: readonly Filter[];
      readonly place: LinePlace;
      readonly told: string | null;
    }
  /** Shows the events that pass one more filter. */
  | { readonly kind: 'filtered'; readonly filter: Filter };

const NOWHERE: Readonly<Record<ListName, Window>> = { tree: START, events: START, files: START, story: START };

/** Before anything was read. */
export function initialState(columns: number, rows: number): State {
  return {
    columns,
    rows,
    pane: 'tree',
    tab: 'events',
    zoomed: false,
    help: false,
    closer: null,
    tree: new TreeRows(),
    crashes: [],
    folded: new Set(),
    shown: null,
    selected: null,
    windows: NOWHERE,
    lengths: { tree: 1, events: null, files: null, story: null },
    left: new Map(),
    sought: null,
    shift: 0,
    follows: false,
    times: 'trace',
    filters: [],
    query: null,
    prompt: null,
    awaits: null,
    marks: new Map(),
    message: null,
    running: null,
    tasks: 0,
    touched: false,
    leaving: null,
  };
}

/** The list that keys move in. */
export function focusedList({ pane, tab }: State): ListName {
  return pane === 'tree' ? 'tree' : tab;
}

/** The state with a process selected; its lists are where they were left. */
export function withSelected(state: State, selected: number | null): State {
  if (selected === state.selected) return state;
  const { tree, ...others } = state.windows;
  const { events, files, story } = state.left.get(selected) ?? NOWHERE;
  return {
    ...state,
    selected,
    left: new Map(state.left).set(state.selected, { tree, ...others }),
    windows: { tree, events, files, story },
    lengths: { ...state.lengths, events: null, files: null, story: null },
    sought: null,
    shift: 0,
    follows: false,
    closer: null,
    // What is under way was asked of the other process.
    running: null,
  };
}

/** The state with a task begun. */
export function withTask(state: State, task: Task): State {
  const id = state.tasks + 1;
  return { ...state, tasks: id, running: { id, task } };
}
