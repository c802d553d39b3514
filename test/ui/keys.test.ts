import type { Key } from 'ink';
import { describe, expect, test } from 'vitest';
import { BINDINGS, commandOf, keyNames } from '../../src/ui/keys.ts';
import { edited, openPrompt } from '../../src/ui/prompt.ts';

const NONE: Key = {
  upArrow: false,
  downArrow: false,
  leftArrow: false,
  rightArrow: false,
  pageDown: false,
  pageUp: false,
  home: false,
  end: false,
  return: false,
  escape: false,
  ctrl: false,
  shift: false,
  tab: false,
  backspace: false,
  delete: false,
  meta: false,
  super: false,
  hyper: false,
  capsLock: false,
  numLock: false,
};

describe('keys', () => {
  test('that come at once are taken one after another', () => {
    expect(keyNames('jj', NONE)).toEqual(['j', 'j']);
    expect(keyNames('w\x15a b\r', NONE)).toEqual(['w', 'ctrl-u', 'a', 'space', 'b', 'enter']);
    expect(keyNames('é\u0301x', NONE)).toEqual(['é\u0301', 'x']);
  });

  test('with Alt are nothing', () => {
    expect(keyNames('q', { ...NONE, meta: true })).toEqual([]);
  });

  test('have one meaning each', () => {
    const names = BINDINGS.flatMap(({ bindings }) => bindings.flatMap(({ commands }) => Object.keys(commands)));
    expect(names.length).toBe(new Set(names).size);
    expect(commandOf('G')).toBe('last');
    expect(commandOf('Q')).toBeNull();
  });
});

describe('a prompt', () => {
  const typed = (...names: string[]): string => {
    const prompt = names.reduce(edited, openPrompt('search', 'two words'));
    return `${prompt.text.slice(0, prompt.cursor)}|${prompt.text.slice(prompt.cursor)}`;
  };

  test.each([
    [['x'], 'two wordsx|'],
    [['left', 'left', 'x'], 'two worx|ds'],
    [['home', 'right', 'backspace'], '|wo words'],
    [['ctrl-w'], 'two |'],
    [['ctrl-w', 'ctrl-w', 'ctrl-w'], '|'],
    [['left', 'ctrl-u'], '|s'],
    [['👍🏽', 'left', 'right', 'backspace'], 'two words|'],
    [['pagedown', 'ctrl-x', 'enter'], 'two words|'],
  ])('after %j', (names, text) => {
    expect(typed(...names)).toBe(text);
  });
});
