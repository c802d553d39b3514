import { setImmediate } from 'node:timers/promises';
import { useInput } from 'ink';
import { render } from 'ink-testing-library';
import { createElement } from 'react';
import { describe, expect, test } from 'vitest';
import { BINDINGS, commandOf, keyName } from '../../src/ui/keys.ts';
import { edited, openPrompt } from '../../src/ui/prompt.ts';
import { keysOfRest, typedKeys } from '../../src/ui/typed-keys.ts';

/** Names of the keys that Ink finds in what a terminal sent. */
async function namesIn(...sent: string[]): Promise<string[]> {
  const names: (string | null)[] = [];
  const Listener = (): null => {
    useInput((input, key) => names.push(keyName(input, key)));
    return null;
  };
  const { stdin, unmount } = render(createElement(Listener));
  let rest = '';
  for (const text of sent) {
    const typed = typedKeys(rest + text);
    for (const key of typed.keys) stdin.write(key);
    rest = typed.rest;
  }
  for (const key of keysOfRest(rest)) stdin.write(key);
  await setImmediate();
  unmount();
  return names.filter((name) => name !== null);
}

describe('keys', () => {
  test.each([
    ['jj', ['j', 'j']],
    ['w\x15a b\r', ['w', 'ctrl-u', 'a', 'space', 'b', 'enter']],
    ['F:353\n', ['F', ':', '3', '5', '3', 'enter']],
    ['é\u0301x語👍🏽', ['é\u0301', 'x', '語', '👍🏽']],
    ['j\x1b[Bk\x1bOA', ['j', 'down', 'k', 'up']],
    ['\x1b[5~\x1b[6~\x1b[H\x1b[F\x1b[1~\x1b[4~', ['pageup', 'pagedown', 'home', 'end', 'home', 'end']],
    ['\t\x1b[Z\x7f\b\x1b[3~', ['tab', 'shift-tab', 'backspace', 'backspace', 'backspace']],
    ['\x03\x1a\x04', ['ctrl-c', 'ctrl-z', 'ctrl-d']],
    ['[c', ['[', 'c']],
  ])('that come at once are taken one after another: %j', async (sent, names) => {
    expect(await namesIn(sent)).toEqual(names);
  });

  test.each([
    ['\x1b', ['escape']],
    ['\x1b\x1b', ['escape', 'escape']],
    ['\x1bq', ['escape', 'q']],
    ['\x1b\x1b[A', ['escape', 'up']],
    ['\x1b[', ['escape', '[']],
    ['/a\x1bn', ['/', 'a', 'escape', 'n']],
  ])('with an Escape before them lose neither: %j', async (sent, names) => {
    expect(await namesIn(sent)).toEqual(names);
  });

  test('are whole, however they come', async () => {
    expect(await namesIn('\x1b', '[', 'A')).toEqual(['up']);
    expect(await namesIn('\x1b[1', ';5', 'Bj')).toEqual(['down', 'j']);
    expect(await namesIn('\x1b', 'j')).toEqual(['escape', 'j']);
  });

  test.each([
    ['Ctrl-F1', '\x1b[1;5P'],
    ['F5', '\x1b[15~'],
    ['Insert', '\x1b[2~'],
    ['the mark of a paste', '\x1b[200~'],
    ['a mouse', '\x1b[<0;10;10M'],
    ['a terminal that tells what it is', '\x1b[?62;22c'],
    ['the focus', '\x1b[I'],
  ])('that nothing is known for are no text: %s', async (_, sent) => {
    expect(await namesIn(`${sent}j`)).toEqual(['j']);
  });

  test('that never end do not hold up the others', async () => {
    expect(await namesIn(`\x1b[${'1'.repeat(40)}`, 'j')).toContain('j');
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
