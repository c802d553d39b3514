import type { Exec } from '../../analyze/process.ts';
import type { TreeNode, TreeResult } from '../../analyze/tree.ts';
import type { TraceSummary } from '../../model/trace.ts';
import { endingWords } from './endings.ts';
import { commandLine, printable } from './printable.ts';
import { apart, counted, cut, duration, paint, type View, where, widthOf } from './style.ts';

/** Columns a command keeps, whatever else stands on its line. */
const MIN_COMMAND = 20;
const MAX_RAILS = 32;

/** Siblings, of which some have been shown. */
interface Level {
  readonly nodes: Iterator<TreeNode>;
  /** The one to show now. */
  next: IteratorResult<TreeNode>;
  /** What stands in front of the branches to them; null: they are roots. */
  readonly rails: string | null;
}

/** A process with what stands in front of it, and of the lines below it. */
interface Row {
  readonly node: TreeNode;
  readonly lead: string;
  readonly below: string;
  readonly isParent: boolean;
}

/** The process tree, for people, in pieces. Ends with a newline. */
export function* renderTree(result: TreeResult, trace: TraceSummary, view: View): Generator<string> {
  const roots = levelOf(result.roots, null);
  if (roots === null) yield `no process in ${counted(trace.lines, 'line', 'lines')}\n`;
  // A stack of our own: a chain of forks may be deeper than the call stack.
  const stack = roots === null ? [] : [roots];
  for (let level = stack.at(-1); level !== undefined; level = stack.at(-1)) {
    const { nodes, next } = level;
    if (next.done === true) {
      stack.pop();
      continue;
    }
    const node = next.value;
    level.next = nodes.next();
    const [lead, below] = level.rails === null ? ['', ''] : branches(level.rails, level.next.done === true);
    // Deeper than anybody reads, the rails give way to the number.
    const children = levelOf(node.children, stack.length > MAX_RAILS ? `${stack.length} ` : below);
    for (const line of renderNode({ node, lead, below, isParent: children !== null }, trace, view)) yield `${line}\n`;
    if (children !== null) stack.push(children);
  }
}

/** Null where there is nobody. */
function levelOf(siblings: Iterable<TreeNode>, rails: string | null): Level | null {
  const nodes = siblings[Symbol.iterator]();
  const next = nodes.next();
  return next.done === true ? null : { nodes, next, rails };
}

/** What stands in front of a child, and of the lines below it. */
function branches(rails: string, isLast: boolean): readonly [string, string] {
  return isLast ? [`${rails}└─ `, `${rails}   `] : [`${rails}├─ `, `${rails}│  `];
}

// 6377 rustc --crate-name deep src/lib.rs  crashed: SIGSEGV, core dumped, 3 threads             build.strace:15962
function renderNode({ node, lead, below, isParent }: Row, trace: TraceSummary, view: View): string[] {
  const pid = node.pid === null ? '?' : String(node.pid);
  const details = [endingOf(node), lifetime(node), threads(node)].filter((part) => part !== null).join(', ');
  const place = node.end.place === null ? '' : where(node.end.place, trace);
  const taken = widthOf(lead) + pid.length + 1 + 2 + widthOf(details) + (place === '' ? 0 : 2 + widthOf(place));
  const room = Math.max(MIN_COMMAND, view.width - taken);
  const end = paint(details, node.crashed ? 'crash' : 'dim', view);
  const text = `${paint(lead, 'dim', view)}${paint(pid, 'strong', view)} ${cut(commandOf(node), room)}  ${end}`;
  const lines = [place === '' ? text : apart(text, paint(place, 'dim', view), view.width)];
  const rail = isParent ? '│  ' : '   ';
  for (const exec of node.execs.slice(0, -1)) {
    const before = `${below}${rail}was ${cut(execOf(exec), room)}`;
    lines.push(paint(apart(before, where(exec.place, trace), view.width), 'dim', view));
  }
  return lines;
}

function execOf(exec: Exec): string {
  return exec.argv === null ? printable(exec.program ?? '?') : commandLine(exec.argv);
}

function commandOf(node: TreeNode): string {
  // A child that never called exec runs its parent's program.
  const inherited = node.execs.length === 0 && node.program !== null;
  if (node.argv !== null) return inherited ? `(${commandLine(node.argv)})` : commandLine(node.argv);
  if (node.program !== null) return inherited ? `(${printable(node.program)})` : printable(node.program);
  return '(program unknown)';
}

function endingOf(node: TreeNode): string {
  const words = endingWords(node.end, node.crashed);
  if (words === null) return node.traced ? 'end not in the log' : 'not traced';
  return node.end.how === 'killed' && node.end.coreDumped === true ? `${words}, core dumped` : words;
}

function lifetime(node: TreeNode): string | null {
  const from = node.start.place.atNs;
  const to = node.end.place?.atNs ?? null;
  return from === null || to === null || to < from ? null : duration(to - from);
}

function threads(node: TreeNode): string | null {
  return node.threads.length === 0 ? null : `${node.threads.length + 1} threads`;
}
