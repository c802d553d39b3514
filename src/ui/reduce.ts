import { parseQuery } from '../explore/query.ts';
import { filterText, parseFilter } from './filter-text.ts';
import { type Command, commandOf } from './keys.ts';
import { heightOf } from './layout.ts';
import {
  crashFrom,
  goLeft,
  goRight,
  moveBy,
  moveTo,
  moveToEnd,
  refitted,
  reveal,
  showRow,
  withTree,
} from './moving.ts';
import { edited, openPrompt, type Prompt } from './prompt.ts';
import {
  type Action,
  type Answer,
  focusedList,
  type LinePlace,
  type Mark,
  type Message,
  type State,
  TABS,
  type Tab,
  withTask,
} from './state.ts';
import { fitted } from './window.ts';

const CRASH_KEYS: ReadonlySet<string> = new Set(['c', 'C', 'escape']);

/** The state after an action. Pure: what is to be done elsewhere becomes `running`. */
export function reduce(state: State, action: Action): State {
  switch (action.kind) {
    case 'resized':
      return refitted({ ...state, columns: action.columns, rows: action.rows });
    case 'key':
      return afterKey({ ...state, touched: true, message: stillTold(state.message, action.name) }, action);
    case 'read':
      return afterReading(state, action);
    case 'counted':
      return afterCounting(state, action);
    case 'answered':
      return state.running?.id === action.id ? afterAnswer({ ...state, running: null }, action.answer) : state;
    default:
      return action satisfies never;
  }
}

/** What was told goes with the next key; a crash stays until somebody turns to it, or sends it away. */
function stillTold(message: Message | null, key: string): Message | null {
  return message?.tone === 'crash' && !CRASH_KEYS.has(key) ? message : null;
}

// ---- what the trace tells

function afterReading(before: State, { tree, crashes, told }: Action & { readonly kind: 'read' }): State {
  const state = { ...before, crashes };
  const grown = tree === state.tree ? state : withTree(state, tree, state.folded);
  const message: Message | null = told === null ? state.message : { text: told, tone: 'crash' };
  // Nobody has chosen yet: what most people come for is shown.
  const first = state.touched || grown.selected !== null ? null : crashFrom(grown, 1);
  return first === null ? { ...grown, message } : showCrash(grown, first);
}

function showCrash(state: State, key: number): State {
  return { ...reveal(state, key), tab: 'story', closer: null };
}

function afterCounting(state: State, action: Action & { readonly kind: 'counted' }): State {
  const { list, selected, length, cursor } = action;
  if (selected !== state.selected) return state;
  if (list === 'events' && state.sought !== null && cursor !== null) {
    return showRow({ ...state, lengths: { ...state.lengths, events: length } }, 'events', cursor);
  }
  const window = state.windows[list];
  const height = heightOf(list, state);
  const last = list === 'events' && state.follows ? length - 1 : null;
  const to = last ?? cursor ?? window.cursor;
  // The row keeps its place on the screen when others come before it.
  const moved = { top: window.top + to - window.cursor, cursor: to };
  if (state.lengths[list] === length && to === window.cursor) return state;
  return {
    ...state,
    lengths: { ...state.lengths, [list]: length },
    windows: { ...state.windows, [list]: fitted(moved, length, height) },
  };
}

function afterAnswer(state: State, answer: Answer): State {
  switch (answer.kind) {
    case 'told':
      return { ...state, message: answer.message };
    case 'foundRow':
      return showRow(withTold(state, answer.told), answer.list, answer.cursor);
    case 'foundEvent': {
      const { selected, filters, place } = answer;
      const chosen = reveal(filters === state.filters ? state : withFilters(state, filters), selected);
      const shown = refitted({ ...chosen, tab: 'events', pane: state.tab === 'events' ? state.pane : 'detail' });
      return { ...withTold(shown, answer.told), sought: place, follows: false };
    }
    case 'filtered':
      return { ...withFilters(state, [...state.filters, answer.filter]), tab: 'events', pane: 'detail' };
    default:
      return answer satisfies never;
  }
}

function withTold(state: State, told: string | null): State {
  return told === null ? state : { ...state, message: { text: told, tone: 'plain' } };
}

// ---- keys

function afterKey(state: State, { name, event }: Action & { readonly kind: 'key' }): State {
  if (state.prompt !== null) return afterPromptKey(state, state.prompt, name);
  if (state.awaits === 'mark') return withMark({ ...state, awaits: null }, name, event);
  if (state.awaits === 'toMark') return goToMark({ ...state, awaits: null }, name);
  const command = commandOf(name);
  if (command === null) return state;
  if (state.help && command !== 'quit' && command !== 'interrupt') return { ...state, help: false };
  return COMMANDS[command](state);
}

const COMMANDS: Readonly<Record<Command, (state: State) => State>> = {
  up: (state) => (state.closer === null ? moveBy(state, -1) : { ...state, closer: Math.max(0, state.closer - 1) }),
  down: (state) => (state.closer === null ? moveBy(state, 1) : { ...state, closer: state.closer + 1 }),
  left: (state) => goLeft({ ...state, closer: null }),
  right: goRight,
  pageUp: (state) => moveBy(state, -page(state)),
  pageDown: (state) => moveBy(state, page(state)),
  halfUp: (state) => moveBy(state, -Math.ceil(page(state) / 2)),
  halfDown: (state) => moveBy(state, Math.ceil(page(state) / 2)),
  first: (state) => moveTo(state, 0),
  last: moveToEnd,
  otherPane: (state) => refitted({ ...state, pane: state.pane === 'tree' ? 'detail' : 'tree', closer: null }),
  events: (state) => showTab(state, 'events'),
  files: (state) => showTab(state, 'files'),
  story: (state) => showTab(state, 'story'),
  previousTab: (state) => showTab(state, TABS.at(TABS.indexOf(state.tab) - 1) ?? state.tab),
  nextTab: (state) => showTab(state, TABS[(TABS.indexOf(state.tab) + 1) % TABS.length] ?? state.tab),
  enter,
  escape: goBack,
  nextCrash: (state) => goToCrash(state, 1),
  previousCrash: (state) => goToCrash(state, -1),
  nextFailed: (state) => goToFailed(state, 1),
  previousFailed: (state) => goToFailed(state, -1),
  search: (state) => ({ ...state, prompt: openPrompt('search') }),
  nextMatch: (state) => search(state, 1),
  previousMatch: (state) => search(state, -1),
  filter: (state) => refitted({ ...state, prompt: openPrompt('filter') }),
  clearFilters: (state) => withFilters(state, []),
  line: (state) => ({ ...state, prompt: openPrompt('line') }),
  mark: (state) => ({ ...state, awaits: 'mark' }),
  toMark: (state) => ({ ...state, awaits: 'toMark' }),
  copy: (state) => copy(state, focusedList(state)),
  copyCommand: (state) => copy(state, 'command'),
  write: (state) => ({ ...state, prompt: openPrompt('write', suggestedPath(state)) }),
  times: (state) => ({ ...state, times: state.times === 'trace' ? 'between' : 'trace' }),
  zoom: (state) => refitted({ ...state, zoomed: !state.zoomed }),
  help: (state) => ({ ...state, help: true }),
  quit: (state) => ({ ...state, leaving: 'quit' }),
  interrupt: (state) => ({ ...state, leaving: 'interrupt' }),
};

/** A page keeps one row of the one before. */
function page(state: State): number {
  return Math.max(1, heightOf(focusedList(state), state) - 1);
}

function showTab(state: State, tab: Tab): State {
  return refitted({ ...state, tab, closer: null, pane: state.zoomed ? 'detail' : state.pane });
}

function enter(state: State): State {
  const list = focusedList(state);
  if (list === 'tree') return refitted({ ...state, pane: 'detail' });
  if (list === 'events') return { ...state, closer: state.closer === null ? 0 : null };
  return withTask(state, { kind: 'follow', list, cursor: state.windows[list].cursor });
}

/** Ends what is nearest: a closer look, a task, the search whose matches are marked, the stay in the right pane. */
function goBack(state: State): State {
  if (state.closer !== null) return { ...state, closer: null };
  if (state.running !== null) return { ...state, running: null };
  if (state.query !== null) return { ...state, query: null };
  return state.pane === 'detail' ? refitted({ ...state, pane: 'tree' }) : state;
}

function goToCrash(state: State, direction: 1 | -1): State {
  const key = crashFrom(state, direction);
  return key === null ? { ...state, message: { text: 'no crash so far', tone: 'plain' } } : showCrash(state, key);
}

function goToFailed(state: State, direction: 1 | -1): State {
  const shown = refitted({ ...state, tab: 'events', pane: 'detail', closer: null });
  return withTask(shown, { kind: 'nextFailed', from: shown.windows.events.cursor, direction });
}

function search(state: State, direction: 1 | -1): State {
  const { query } = state;
  if (query === null) return { ...state, prompt: openPrompt('search') };
  const list = focusedList(state);
  return withTask(state, { kind: 'search', list, query, from: state.windows[list].cursor, direction });
}

function copy(state: State, what: ReturnType<typeof focusedList> | 'command'): State {
  return withTask(state, { kind: 'copy', what, cursor: state.windows[focusedList(state)].cursor });
}

function suggestedPath({ selected }: State): string {
  return selected === null ? 'events.ndjson' : `events-${selected}.ndjson`;
}

// ---- marks

const MARK = /^[\p{L}\p{N}]$/u;

/** The row in use marked: a process by its key, an event by where it stands. */
function withMark(state: State, name: string, event: LinePlace | null): State {
  const mark = MARK.test(name) ? markOf(state, event) : null;
  if (mark === null) return state;
  return {
    ...state,
    marks: new Map(state.marks).set(name, mark),
    message: { text: `mark ${name} set`, tone: 'plain' },
  };
}

function markOf(state: State, event: LinePlace | null): Mark | null {
  const { selected, filters, windows } = state;
  const list = focusedList(state);
  switch (list) {
    case 'tree':
      return { selected, list };
    case 'events':
      return event === null ? null : { selected, list, event, filters };
    case 'files':
    case 'story':
      return { selected, list, window: windows[list] };
    default:
      return list satisfies never;
  }
}

function goToMark(state: State, name: string): State {
  if (!MARK.test(name)) return state;
  const mark = state.marks.get(name);
  if (mark === undefined) return { ...state, message: { text: `there is no mark ${name}`, tone: 'bad' } };
  const there = reveal(state, mark.selected);
  if (mark.list === 'tree') return refitted({ ...there, pane: 'tree' });
  const shown = refitted({ ...there, pane: 'detail', tab: mark.list, closer: null });
  if (mark.list === 'events') return withTask(shown, { kind: 'line', ...mark.event, otherwise: mark.filters });
  return refitted({ ...shown, windows: { ...shown.windows, [mark.list]: mark.window } });
}

// ---- prompts

function afterPromptKey(state: State, prompt: Prompt, name: string): State {
  if (name === 'ctrl-c' || name === 'escape') return refitted({ ...state, prompt: null });
  if (name === 'enter') return submitted(state, prompt);
  // Backspace in an empty prompt drops the last filter, as the last chip stands before it.
  if (name === 'backspace' && prompt.kind === 'filter' && prompt.text === '') {
    return withFilters(state, state.filters.slice(0, -1));
  }
  return { ...state, prompt: edited(prompt, name) };
}

function submitted(state: State, prompt: Prompt): State {
  const closed = refitted({ ...state, prompt: null });
  const complain = (complaint: string): State => ({ ...state, prompt: { ...prompt, complaint } });
  const text = prompt.text.trim();
  switch (prompt.kind) {
    case 'search': {
      if (prompt.text === '') return search(closed, 1);
      const query = parseQuery(prompt.text);
      return query === null ? complain('this is no regular expression') : search({ ...closed, query }, 1);
    }
    case 'filter': {
      if (text === '') return closed;
      const byNumber = /^\d+$/.test(text) ? Number(text) - 1 : null;
      if (byNumber !== null) {
        if (state.filters[byNumber] === undefined) return complain(`there is no filter ${text}`);
        return withFilters(closed, state.filters.toSpliced(byNumber, 1));
      }
      const parsed = parseFilter(text);
      if ('complaint' in parsed) return complain(parsed.complaint);
      const isThere = state.filters.some((filter) => filterText(filter) === filterText(parsed.filter));
      return { ...withFilters(closed, isThere ? state.filters : [...state.filters, parsed.filter]), tab: 'events' };
    }
    case 'line': {
      const [, input, line] = /^(?:(\d+):)?(\d+)$/.exec(text) ?? [];
      if (text === '') return closed;
      if (line === undefined) return complain('a line is a number; of the second input 2:17');
      return withTask(closed, {
        kind: 'line',
        input: input === undefined ? null : Number(input) - 1,
        line: Number(line),
        otherwise: [],
      });
    }
    case 'write':
      return text === '' ? closed : withTask(closed, { kind: 'write', path: prompt.text });
    default:
      return prompt.kind satisfies never;
  }
}

/** Which events pass is known only when they are counted again; what is looked for among the others is not wanted. */
function withFilters(state: State, filters: State['filters']): State {
  return refitted({ ...state, filters, running: null, lengths: { ...state.lengths, events: null }, closer: null });
}
