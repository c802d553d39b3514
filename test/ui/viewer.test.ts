import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { themeOf } from '../../src/ui/theme.ts';
import { Viewer } from '../../src/ui/viewer.ts';
import { explore } from '../explore/reading.ts';

const STACK = 'samples/strace/rustc-stack.strace';

/** A viewer on 80x24, and what it did outside. */
function viewing(): { readonly viewer: Viewer; readonly done: string[] } {
  const done: string[] = [];
  const viewer = new Viewer(80, 24, themeOf('none'), {
    left: (how) => done.push(how),
    failed: (error) => done.push(String(error)),
    copy: () => {},
    suspend: () => done.push('suspended'),
  });
  return { viewer, done };
}

function shown({ viewer }: { readonly viewer: Viewer }): string {
  return stripVTControlCharacters(viewer.frame().join('\n'));
}

test('before there is a trace it says what it waits for, on a screen of any size, and can be left', () => {
  const view = viewing();
  expect(shown(view)).toContain('waiting for the first lines');
  view.viewer.resize(30, 5);
  expect(view.viewer.frame()).toHaveLength(5);
  for (const name of ['j', 'ctrl-z', 'ctrl-c', 'q']) view.viewer.press(name);
  expect(view.done).toEqual(['suspended', 'interrupt', 'quit']);
});

test('a frame is the same until something changes, and as many rows as the screen has', async () => {
  const view = viewing();
  const exploration = await explore(STACK);
  const session = view.viewer.open(exploration);
  const frame = view.viewer.frame();
  expect(frame).toHaveLength(24);
  expect(view.viewer.frame()).toBe(frame);
  session.press('?');
  expect(shown(view)).toContain('crash after, before');
  view.viewer.press('ctrl-z');
  view.viewer.press('q');
  expect(view.done).toEqual(['suspended', 'quit']);
  view.viewer.close();
  await exploration.close();
});
