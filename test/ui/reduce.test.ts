import { describe, expect, test } from 'vitest';
import type { Fate } from '../../src/explore/exploration.ts';
import { TreeRows } from '../../src/explore/tree-rows.ts';
import { layout } from '../../src/ui/layout.ts';
import { treeRowAt } from '../../src/ui/moving.ts';
import { reduce } from '../../src/ui/reduce.ts';
import { type Action, initialState, type State } from '../../src/ui/state.ts';

/** A process: its key, its parent's, and how it ended. */
type Entry = readonly [key: number, parent: number | null, fate: Fate];

/** make → sh → rustc (crashed), sh → cc; ld apart. */
const ENTRIES: readonly Entry[] = [
  [1, null, 'exited'],
  [2, 1, 'failed'],
  [3, 2, 'crashed'],
  [4, 2, 'exited'],
  [5, null, 'crashed'],
];
const QUIET = ENTRIES.map(([key, parent]): Entry => [key, parent, 'exited']);

/** What is read by now. */
function read(entries: readonly Entry[], told: string | null = null): Action {
  const tree = new TreeRows();
  for (const [key, parent, fate] of entries) tree.add(key, parent === null ? -1 : tree.rowOf(parent), fate);
  const crashes = entries.flatMap(([key, , fate]) => (fate === 'crashed' ? key : []));
  return { kind: 'read', tree, crashes, told };
}

/** Keys of the processes in the tree's rows. */
function keysShown(state: State): number[] {
  return Array.from({ length: (state.lengths.tree ?? 0) - 1 }, (_, at) => state.tree.keyAt(treeRowAt(state, at + 1)));
}

/** Where the cursor of the events is, for all that these tests press. */
const EVENT = { input: 0, line: 7 };

function press(state: State, ...names: string[]): State {
  return names.reduce((now, name) => reduce(now, { kind: 'key', name, event: EVENT }), state);
}

function type(state: State, text: string): State {
  return press(state, ...[...text].map((character) => (character === ' ' ? 'space' : character)), 'enter');
}

function told(state: State, ...actions: Action[]): State {
  return actions.reduce(reduce, state);
}

function counted(list: 'events' | 'files' | 'story', selected: number | null, length: number): Action {
  return { kind: 'counted', list, selected, length, cursor: null };
}

/** On 80x24, nothing chosen, a thousand events. */
function begin(entries: readonly Entry[] = QUIET): State {
  return told(initialState(80, 24), read(entries), counted('events', null, 1000));
}

describe('the tree', () => {
  test('selects what the cursor is on, and all processes in its first row', () => {
    expect(begin().selected).toBeNull();
    expect(press(begin(), 'j', 'down').selected).toBe(2);
    expect(press(begin(), 'G').selected).toBe(5);
    expect(press(begin(), 'G', 'g').selected).toBeNull();
  });

  test('folds to the left and unfolds to the right', () => {
    const folded = press(begin(), 'j', 'j', 'left');
    expect(keysShown(folded)).toEqual([1, 2, 5]);
    expect(keysShown(press(folded, 'l'))).toHaveLength(5);
    expect(press(folded, 'l', 'l').selected).toBe(3);
  });

  test('goes from a folded process or one without children to its parent', () => {
    expect(press(begin(), 'j', 'j', 'j', 'h').selected).toBe(2);
    expect(press(begin(), 'j', 'j', 'h', 'h').selected).toBe(1);
  });

  test('keeps the selected process where others come before it', () => {
    const at5 = press(begin(), 'G');
    const grown = told(at5, read(QUIET.toSpliced(4, 0, [6, 1, 'running'])));
    expect(grown.selected).toBe(5);
    expect(grown.windows.tree.cursor).toBe(6);
  });
});

describe('crashes', () => {
  test('are shown at once to someone who has touched nothing', () => {
    expect(begin(ENTRIES)).toMatchObject({ selected: 3, tab: 'story' });
  });

  test('do not take away what a person has chosen', () => {
    const chosen = press(begin(), 'j');
    const later = told(chosen, read(ENTRIES, 'crash: rustc'));
    expect(later).toMatchObject({ selected: 1, tab: 'events', message: { text: 'crash: rustc', tone: 'crash' } });
    expect(press(later, 'j')).toMatchObject({ message: { text: 'crash: rustc' } });
    expect(press(later, 'j', 'escape')).toMatchObject({ message: null });
    expect(press(later, 'c')).toMatchObject({ message: null });
  });

  test('are gone through in both directions, round the end', () => {
    const first = begin(ENTRIES);
    expect(press(first, 'c').selected).toBe(5);
    expect(press(first, 'c', 'c').selected).toBe(3);
    expect(press(first, 'C').selected).toBe(5);
    expect(press(first, 'C', 'C').selected).toBe(3);
    expect(press(begin(), 'C')).toMatchObject({ selected: null, message: { text: 'no crash so far' } });
  });

  test('are reached where a fold hides them', () => {
    const folded = press(begin(ENTRIES), 'g', 'j', 'h');
    expect(keysShown(folded)).toEqual([1, 5]);
    expect(press(folded, 'c')).toMatchObject({ selected: 3 });
    expect(keysShown(press(folded, 'c'))).toHaveLength(5);
  });
});

describe('lists', () => {
  const events = press(begin(), 'tab');
  const page = 17;

  test('move by rows and pages, and stop at their ends', () => {
    expect(layout(events)).toMatchObject({ bodyHeight: 22, wholeHeight: 4 });
    expect(press(events, 'pagedown').windows.events.cursor).toBe(page);
    expect(press(events, 'pagedown', 'pageup', 'pageup').windows.events.cursor).toBe(0);
    expect(press(events, 'G').windows.events).toEqual({ cursor: 999, top: 982 });
    expect(press(events, 'ctrl-d').windows.events.cursor).toBe(9);
  });

  test('scroll no further than the cursor asks for', () => {
    expect(press(events, 'j', 'j').windows.events.top).toBe(0);
    expect(press(events, ...Array.from({ length: 16 }, () => 'j')).windows.events.top).toBe(1);
  });

  test('stay at the end of what grows, until the cursor is moved', () => {
    const following = press(events, 'G');
    const grown = told(following, counted('events', null, 1200));
    expect(grown.windows.events.cursor).toBe(1199);
    const held = told(press(grown, 'k'), counted('events', null, 1300));
    expect(held.windows.events.cursor).toBe(1198);
  });

  test('keep the row under the cursor where it is when others come before it', () => {
    const far = press(events, 'pagedown', 'pagedown');
    const { cursor, top } = far.windows.events;
    const grown = told(far, { kind: 'counted', list: 'events', selected: null, length: 1001, cursor: cursor + 1 });
    expect(grown.windows.events).toEqual({ cursor: cursor + 1, top: top + 1 });
  });

  test('are left and found again where they were', () => {
    const moved = press(events, 'j', 'j', 'j', 'tab');
    const elsewhere = press(moved, 'j');
    expect(elsewhere.windows.events.cursor).toBe(0);
    expect(press(elsewhere, 'k').windows.events.cursor).toBe(3);
  });

  test('know nothing of counts that came for another process', () => {
    expect(told(press(begin(), 'j'), counted('events', null, 5)).lengths.events).toBeNull();
  });

  test('fit a smaller screen', () => {
    const small = told(press(events, 'pagedown'), { kind: 'resized', columns: 40, rows: 8 });
    const { cursor, top } = small.windows.events;
    expect(cursor).toBe(page);
    expect(cursor - top).toBeLessThan(6);
  });

  test('are shown alone when a pane is', () => {
    expect(layout(press(events, 'z'))).toMatchObject({ treeWidth: 0, detailWidth: 80 });
    expect(layout(press(events, 'z', 'tab'))).toMatchObject({ treeWidth: 80, detailWidth: 0 });
  });
});

describe('a search', () => {
  test('begins with what was typed, and goes on in both directions', () => {
    const found = type(press(begin(), 'tab', '/'), 'isle_opt');
    expect(found.running?.task).toMatchObject({ kind: 'search', list: 'events', from: 0, direction: 1 });
    const answered = told(found, {
      kind: 'answered',
      id: found.tasks,
      answer: {
        kind: 'foundEvent',
        selected: null,
        filters: found.filters,
        place: { input: 0, line: 700 },
        told: null,
      },
    });
    expect(answered).toMatchObject({ running: null, sought: { line: 700 }, windows: { events: { cursor: 0 } } });
    const there = told(answered, { kind: 'counted', list: 'events', selected: null, length: 1000, cursor: 500 });
    expect(there).toMatchObject({ sought: null, windows: { events: { cursor: 500 } } });
    expect(press(there, 'N').running?.task).toMatchObject({ from: 500, direction: -1 });
  });

  test('ends with Escape, and nothing comes of it then', () => {
    const stopped = press(type(press(begin(), '/'), 'x'), 'escape');
    expect(stopped.running).toBeNull();
    const answer = { kind: 'told', message: { text: 'late', tone: 'plain' } } as const;
    expect(told(stopped, { kind: 'answered', id: stopped.tasks, answer }).message).toBeNull();
  });

  test('ends where another list is shown', () => {
    const searching = type(press(begin(), 'tab', '/'), 'x');
    expect(type(press(searching, 'f'), 'error').running).toBeNull();
    expect(press(searching, 'tab', 'j').running).toBeNull();
  });

  test('says what is wrong with an expression, and lets it be mended', () => {
    const wrong = type(press(begin(), '/'), '/(/');
    expect(wrong.prompt?.complaint).toBe('this is no regular expression');
    expect(press(wrong, 'backspace').prompt).toMatchObject({ text: '/(', complaint: null });
  });
});

describe('filters', () => {
  const filtered = type(press(type(press(begin(), 'f'), 'open,openat'), 'f'), 'error:enoent');

  test('hold together, each once', () => {
    expect(filtered.filters).toMatchObject([
      { kind: 'call', names: ['open', 'openat'] },
      { kind: 'error', errno: 'ENOENT' },
    ]);
    expect(type(press(filtered, 'f'), 'error:ENOENT').filters).toHaveLength(2);
    expect(filtered.lengths.events).toBeNull();
  });

  test('are dropped by number, from the end, and all at once', () => {
    expect(type(press(filtered, 'f'), '1').filters).toMatchObject([{ kind: 'error' }]);
    expect(press(filtered, 'f', 'backspace').filters).toMatchObject([{ kind: 'call' }]);
    expect(press(filtered, 'F').filters).toEqual([]);
    expect(type(press(filtered, 'f'), '3').prompt?.complaint).toBe('there is no filter 3');
  });

  test('take a line of the screen', () => {
    expect(layout(filtered).bodyHeight).toBe(layout(begin()).bodyHeight - 1);
  });
});

describe('marks', () => {
  test('of a process bring it back, and leave the filters alone', () => {
    const marked = press(begin(), 'j', 'm', 'a');
    const gone = type(press(marked, 'j', 'f'), 'error');
    expect(press(gone, "'", 'a')).toMatchObject({ selected: 1, pane: 'tree', filters: [{ kind: 'error' }] });
    expect(press(gone, "'", 'b').message?.text).toBe('there is no mark b');
  });

  test('of an event name its line, and the filters that let it pass', () => {
    const filtered = type(press(begin(), 'j', 'tab', 'f'), 'openat');
    const gone = press(filtered, 'm', 'a', 'F', 'tab', 'j');
    expect(press(gone, "'", 'a')).toMatchObject({
      selected: 1,
      pane: 'detail',
      tab: 'events',
      filters: [],
      running: { task: { kind: 'line', ...EVENT, otherwise: [{ kind: 'call', names: ['openat'] }] } },
    });
  });

  test('of a file bring its row back', () => {
    const files = told(press(begin(), 'j', 'tab', '2'), counted('files', 1, 20));
    const marked = press(files, 'j', 'j', 'm', 'a', 'g', '1', 'tab', 'j');
    expect(press(marked, "'", 'a')).toMatchObject({ selected: 1, tab: 'files', windows: { files: { cursor: 2 } } });
  });

  test('are letters and digits', () => {
    expect(press(begin(), 'm', 'escape')).toMatchObject({ awaits: null, message: null });
    expect(press(begin(), 'm', 'escape').marks.size).toBe(0);
  });
});

describe('a line', () => {
  test('is a number, of any input', () => {
    expect(type(press(begin(), ':'), '17').running?.task).toEqual({
      kind: 'line',
      input: null,
      line: 17,
      otherwise: [],
    });
    expect(type(press(begin(), ':'), '2:17').running?.task).toEqual({
      kind: 'line',
      input: 1,
      line: 17,
      otherwise: [],
    });
    expect(type(press(begin(), ':'), 'x').prompt?.complaint).toBe('a line is a number; of the second input 2:17');
  });
});

describe('keys', () => {
  test('are text in a prompt, and commands outside of it', () => {
    expect(press(begin(), '/', 'q').leaving).toBeNull();
    expect(press(begin(), 'q').leaving).toBe('quit');
    expect(press(begin(), 'ctrl-c').leaving).toBe('interrupt');
  });

  test('close the help, whichever is pressed', () => {
    expect(press(begin(), '?').help).toBe(true);
    expect(press(begin(), '?', 'j')).toMatchObject({ help: false, selected: null });
  });

  test('make the message before them go', () => {
    expect(press(begin(), 'c').message).not.toBeNull();
    expect(press(begin(), 'c', 'j').message).toBeNull();
  });
});
