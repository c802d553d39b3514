import { expect, test } from 'vitest';
import { strace } from '../../parsers/strace.ts';
import { Tree } from '../../src/analyze/tree.ts';
import { renderTree } from '../../src/render/text/tree.ts';
import { feeding } from '../feeding.ts';

const CHILDREN = 150_000;

test('a tree shows every child of a parent of 150,000', () => {
  const header = { dialect: 'strace' as const, inputs: ['log'], joined: true };
  const tree = new Tree(header);
  const feed = feeding(strace, { event: (event) => tree.add(event), diagnostic() {} }, null);
  const births = Array.from({ length: CHILDREN }, (_, index) => `1 fork() = ${index + 2}\n`);
  feed.push(Buffer.from(births.join(''), 'latin1'));
  feed.end();
  const result = tree.finish();
  const trace = { ...header, lines: CHILDREN, events: CHILDREN, unparsed: 0, diagnostics: [] };
  let shown = 0;
  for (const _ of renderTree(result, trace, { color: false, width: 80 })) shown++;
  expect(shown).toBe(1 + CHILDREN);
});
