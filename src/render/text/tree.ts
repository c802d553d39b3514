import type { TreeNode, TreeResult } from '../../analyze/tree.ts';
import type { TraceSummary } from '../../model/trace.ts';
import { commandLine, printable } from './printable.ts';
import { counted, cut, duration, paint, type View, where } from './style.ts';

/** The process tree, for people. Ends with a newline. */
export function renderTree(result: TreeResult, trace: TraceSummary, view: View): string {
  if (result.roots.length === 0) return `no process in ${counted(trace.lines, 'line', 'lines')}\n`;
  const lines: string[] = [];
  // A stack of our own: a chain of forks may be deeper than the call stack.
  const stack: { node: TreeNode; lead: string; below: string }[] = [];
  for (const node of [...result.roots].reverse()) stack.push({ node, lead: '', below: '' });
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { node, lead, below } = next;
    lines.push(...renderNode(node, lead, below, trace, view));
    const children = [...node.children].reverse();
    for (const [index, child] of children.entries()) {
      const isLast = index === 0;
      stack.push({ node: child, lead: below + (isLast ? '└─ ' : '├─ '), below: below + (isLast ? '   ' : '│  ') });
    }
  }
  return `${lines.join('\n')}\n`;
}

// 6377 rustc --crate-name deep src/lib.rs      SIGSEGV, core dumped  0.04 s, 3 threads  build.strace:15962
function renderNode(node: TreeNode, lead: string, below: string, trace: TraceSummary, view: View): string[] {
  const pid = node.pid === null ? '?' : String(node.pid);
  const ending = endingOf(node);
  const details = [ending, lifetime(node), threads(node)].filter((part) => part !== null).join(', ');
  const place = node.end.place === null ? '' : where(node.end.place, trace);
  const tail = `  ${details}${place === '' ? '' : '  '}${place}`;
  const room = Math.max(20, view.width - lead.length - pid.length - 1 - tail.length);
  const command = cut(commandOf(node), room);
  const tone = node.crashed ? 'crash' : 'dim';
  const text = `${paint(lead, 'dim', view)}${paint(pid, 'strong', view)} ${command}`;
  const rest = `  ${paint(details, tone, view)}${place === '' ? '' : `  ${paint(place, 'dim', view)}`}`;
  const lines = [text + rest];
  const children = node.children.length > 0 ? '│  ' : '   ';
  for (const exec of node.execs.slice(0, -1)) {
    const before = cut(exec.argv === null ? printable(exec.program ?? '?') : commandLine(exec.argv), room);
    lines.push(paint(`${below}${children}was ${before}  ${where(exec.place, trace)}`, 'dim', view));
  }
  return lines;
}

function commandOf(node: TreeNode): string {
  // A child that never called exec runs its parent's program.
  const inherited = node.execs.length === 0 && node.program !== null;
  if (node.argv !== null) return inherited ? `(${commandLine(node.argv)})` : commandLine(node.argv);
  if (node.program !== null) return inherited ? `(${printable(node.program)})` : printable(node.program);
  return '(program unknown)';
}

function endingOf(node: TreeNode): string {
  const { how, status, signal, coreDumped } = node.end;
  switch (how) {
    case 'exited':
      return status === 0 ? 'exited 0' : `exited ${status ?? '?'}`;
    case 'killed':
      return `${node.crashed ? 'crashed: ' : 'killed: '}${signal ?? 'signal unknown'}${coreDumped === true ? ', core dumped' : ''}`;
    case 'handled':
      return `crashed: ${signal ?? '?'}, handled, exited ${status ?? '?'}`;
    case 'unknown':
      return node.traced ? 'end not in the log' : 'not traced';
    default:
      return how satisfies never;
  }
}

function lifetime(node: TreeNode): string | null {
  const from = node.start.place.atNs;
  const to = node.end.place?.atNs ?? null;
  return from === null || to === null || to < from ? null : duration(to - from);
}

function threads(node: TreeNode): string | null {
  return node.threads.length === 0 ? null : `${node.threads.length + 1} threads`;
}
