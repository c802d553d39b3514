import type { Key } from 'ink';

/** What a key asks for, outside of a prompt. */
export type Command =
  | 'up'
  | 'down'
  | 'left'
  | 'right'
  | 'pageUp'
  | 'pageDown'
  | 'halfUp'
  | 'halfDown'
  | 'first'
  | 'last'
  | 'otherPane'
  | 'events'
  | 'files'
  | 'story'
  | 'previousTab'
  | 'nextTab'
  | 'enter'
  | 'escape'
  | 'nextCrash'
  | 'previousCrash'
  | 'nextFailed'
  | 'previousFailed'
  | 'search'
  | 'nextMatch'
  | 'previousMatch'
  | 'filter'
  | 'clearFilters'
  | 'line'
  | 'mark'
  | 'toMark'
  | 'copy'
  | 'copyCommand'
  | 'write'
  | 'times'
  | 'zoom'
  | 'help'
  | 'quit'
  | 'interrupt';

/** One line of the help: keys, and what they do. */
export interface Binding {
  /** As shown. */
  readonly keys: string;
  readonly help: string;
  /** Names of the keys, as `keyName` gives them, and what each asks for. */
  readonly commands: Readonly<Record<string, Command>>;
}

/** Keys that belong together. */
export interface BindingGroup {
  readonly title: string;
  readonly bindings: readonly Binding[];
}

/** All keys, in the order of the help. */
export const BINDINGS: readonly BindingGroup[] = [
  {
    title: 'move',
    bindings: [
      { keys: '↑↓ jk', help: 'up, down', commands: { up: 'up', k: 'up', down: 'down', j: 'down' } },
      {
        keys: '←→ hl',
        help: 'fold, unfold; scroll sideways',
        commands: { left: 'left', h: 'left', right: 'right', l: 'right' },
      },
      {
        keys: 'PgUp PgDn',
        help: 'a page; ^U ^D half of one',
        commands: {
          pageup: 'pageUp',
          'ctrl-b': 'pageUp',
          pagedown: 'pageDown',
          'ctrl-f': 'pageDown',
          space: 'pageDown',
          'ctrl-u': 'halfUp',
          'ctrl-d': 'halfDown',
        },
      },
      {
        keys: 'g G',
        help: 'first; last, and stay there',
        commands: { g: 'first', home: 'first', G: 'last', end: 'last' },
      },
      { keys: 'Tab', help: 'the other pane', commands: { tab: 'otherPane', 'shift-tab': 'otherPane' } },
      { keys: '1 2 3', help: 'events, files, story', commands: { 1: 'events', 2: 'files', 3: 'story' } },
      { keys: '[ ]', help: 'tab before, after', commands: { '[': 'previousTab', ']': 'nextTab' } },
      { keys: 'Enter', help: 'look closer', commands: { enter: 'enter' } },
      { keys: 'Esc', help: 'back; stop a search', commands: { escape: 'escape' } },
    ],
  },
  {
    title: 'find',
    bindings: [
      { keys: 'c C', help: 'crash after, before', commands: { c: 'nextCrash', C: 'previousCrash' } },
      { keys: 'e E', help: 'failed call after, before', commands: { e: 'nextFailed', E: 'previousFailed' } },
      { keys: '/', help: 'search: text or /re/', commands: { '/': 'search' } },
      { keys: 'n N', help: 'match after, before', commands: { n: 'nextMatch', N: 'previousMatch' } },
      { keys: ':', help: 'go to a line', commands: { ':': 'line' } },
      { keys: 'm a', help: 'mark the row as a', commands: { m: 'mark' } },
      { keys: "' a", help: 'go to mark a', commands: { "'": 'toMark' } },
    ],
  },
  {
    title: 'choose and keep',
    bindings: [
      { keys: 'f F', help: 'filter; drop all filters', commands: { f: 'filter', F: 'clearFilters' } },
      { keys: 'y Y', help: 'copy the row; the command', commands: { y: 'copy', Y: 'copyCommand' } },
      { keys: 'w', help: 'write the events shown', commands: { w: 'write' } },
      { keys: 't', help: 'times: of the trace, between', commands: { t: 'times' } },
      { keys: 'z', help: 'one pane, both panes', commands: { z: 'zoom' } },
      { keys: '?', help: 'this help', commands: { '?': 'help' } },
      { keys: 'q', help: 'quit; ^Z suspend', commands: { q: 'quit', 'ctrl-c': 'interrupt' } },
    ],
  },
];

const COMMANDS: ReadonlyMap<string, Command> = new Map(
  BINDINGS.flatMap(({ bindings }) => bindings.flatMap(({ commands }) => Object.entries(commands))),
);

/** What the key with this name asks for; null where nothing. */
export function commandOf(keyName: string): Command | null {
  return COMMANDS.get(keyName) ?? null;
}

/** The name of a key as Ink hands it over; null where it is none of ours. */
export function keyName(input: string, key: Key): string | null {
  const name = specialKey(key);
  if (name !== null) return name;
  if (key.ctrl) return `ctrl-${input}`;
  return input === '' || key.meta ? null : (NAMED.get(input) ?? input);
}

function specialKey(key: Key): string | null {
  if (key.upArrow) return 'up';
  if (key.downArrow) return 'down';
  if (key.leftArrow) return 'left';
  if (key.rightArrow) return 'right';
  if (key.pageUp) return 'pageup';
  if (key.pageDown) return 'pagedown';
  if (key.home) return 'home';
  if (key.end) return 'end';
  if (key.tab) return key.shift ? 'shift-tab' : 'tab';
  if (key.return) return 'enter';
  if (key.escape) return 'escape';
  // Most terminals send DEL for the backspace key.
  if (key.backspace || key.delete) return 'backspace';
  return null;
}

/** Characters that have a name. */
const NAMED = new Map([
  [' ', 'space'],
  ['\n', 'enter'],
  ['\r\n', 'enter'],
]);

const segmenter = new Intl.Segmenter();

/** The text that a key puts into a prompt; '' where none. */
export function textOf(keyName: string): string {
  if (keyName === 'space') return ' ';
  const isText = [...segmenter.segment(keyName)].length === 1 && !/\p{Control}/u.test(keyName);
  return isText ? keyName : '';
}
