import { describe, expect, test } from 'vitest';
import { TreeRows } from '../../src/explore/tree-rows.ts';
import { allProcesses, explorePipe, until } from './reading.ts';

const CHILDREN = 3000;

/** Each process makes the next one. */
const CHAIN = Array.from({ length: CHILDREN }, (_, at) => `${1000 + at} fork() = ${1001 + at}`);
/** One makes them all, and every tenth ends badly. */
const FOREST = Array.from({ length: CHILDREN }, (_, at) => [
  `1000 fork() = ${1001 + at}`,
  `${1001 + at} exit_group(${at % 10 === 0 ? 3 : 0}) = ?`,
  `${1001 + at} +++ exited with ${at % 10 === 0 ? 3 : 0} +++`,
]).flat();

const textOf = (lines: readonly string[]): Buffer => Buffer.from(`${lines.join('\n')}\n`);

describe('the tree of many processes', () => {
  test('is as deep as they are', async () => {
    const exploration = await explorePipe(textOf(CHAIN));
    await until(exploration, () => exploration.progress().done);
    const tree = exploration.processes();
    expect(tree.length).toBe(CHILDREN + 1);
    expect(tree.depthAt(CHILDREN)).toBe(CHILDREN);
    expect([tree.parentOf(CHILDREN), tree.hasChildren(CHILDREN), tree.hasChildren(0)]).toEqual([
      CHILDREN - 1,
      false,
      true,
    ]);
    await exploration.close();
  });

  test('has them in the order in which they began, and counts how they ended', async () => {
    const exploration = await explorePipe(textOf(FOREST));
    await until(exploration, () => exploration.progress().done);
    const pids = allProcesses(exploration).map(({ pid }) => pid);
    expect(pids).toEqual(Array.from({ length: CHILDREN + 1 }, (_, at) => 1000 + at));
    expect(exploration.processes().fates).toMatchObject({
      failed: CHILDREN / 10,
      exited: (CHILDREN * 9) / 10,
      unknown: 1,
    });
    await exploration.close();
  });
});

test('rows know their place by key, and a process is in one row', () => {
  const tree = new TreeRows();
  expect(tree.add(7, -1, 'running')).toBe(0);
  expect(tree.add(3, 0, 'crashed')).toBe(1);
  expect(tree.add(3, -1, 'crashed')).toBe(-1);
  expect([tree.length, tree.rowOf(3), tree.rowOf(4), tree.rowOf(4000)]).toEqual([2, 1, -1, -1]);
  expect([tree.keyAt(-1), tree.keyAt(2), tree.parentOf(5)]).toEqual([-1, -1, -1]);
});
