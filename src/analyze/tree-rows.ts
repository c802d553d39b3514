import type { Dialect } from '../model/dialect.ts';
import type { SyscallEvent } from '../model/event.ts';
import { Column, NumberColumn } from './column.ts';
import { Family } from './family.ts';
import { PlaceColumns } from './place-columns.ts';
import { PrintedExec } from './printed-exec.ts';
import type { Exec, Place, Process } from './process.ts';
import { TextTable } from './text-table.ts';
import type { TreeNode } from './tree.ts';

const STARTS = ['unknown', 'fork', 'vfork', 'clone', 'thread', 'attach', 'exec'] as const;
const ENDS = ['unknown', 'exited', 'killed', 'handled', 'inferred'] as const;

// The bits of a row's facts; its start and its end are three each.
const START_SHIFT = 0;
const END_SHIFT = 3;
const WORD = 7;
const CRASHED = 1 << 6;
const TRACED = 1 << 7;
const MIXED = 1 << 8;
/** Whether `exec` is its own, not its parent's. */
const EXECED = 1 << 9;
const CORE_KNOWN = 1 << 10;
const CORE_DUMPED = 1 << 11;

/**
 * What a tree shows of each process, in columns: some fifty bytes a process, where a record of it has a thousand. A
 * process has its row from its first sign of life; what can still change is put there when it is over.
 */
export class TreeRows {
  readonly #dialect: Dialect;
  readonly #family = new Family();
  readonly #texts = new TextTable();
  readonly #pid = new NumberColumn();
  readonly #name = new Column();
  readonly #start = new PlaceColumns();
  readonly #end = new PlaceColumns();
  readonly #status = new NumberColumn();
  readonly #signal = new Column();
  readonly #facts = new Column();
  /** The latest, its own or handed down. */
  readonly #exec = new Column();
  /** By row: ids of further threads, in order of appearance. */
  readonly #threads = new Map<number, Set<number>>();
  // By exec.
  #execs = 0;
  readonly #execText = new Column();
  readonly #pathIndex = new Column();
  readonly #execPlace = new PlaceColumns();
  /** The one before of the same process. */
  readonly #execBefore = new Column();

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  // ---- what becomes known of processes that live

  /** Gives a process its row. */
  add(start: Place): number {
    const row = this.#family.add();
    this.#start.set(row, start);
    return row;
  }

  link(child: number, parent: number): void {
    this.#family.link(child, parent);
    this.#handDown(child, this.#exec.get(parent));
  }

  /** The first turned out to be a part of the second. */
  merge(from: number, into: number): void {
    this.#family.merge(from, into);
    if (this.#exec.get(into) === 0) this.#exec.set(into, this.#exec.get(from));
  }

  /** `begun`: the event that shows the arguments. `pathIndex`: which of them is the program's path. */
  addExec(row: number, begun: SyscallEvent, pathIndex: number, place: Place): void {
    const exec = ++this.#execs;
    const facts = this.#facts.get(row);
    if ((facts & EXECED) !== 0) this.#execBefore.set(exec, this.#exec.get(row));
    this.#facts.set(row, facts | EXECED);
    this.#exec.set(row, exec);
    this.#execText.set(exec, this.#texts.add(`${begun.name}(${begun.args}`));
    this.#pathIndex.set(exec, pathIndex);
    this.#execPlace.set(exec, place);
  }

  addThread(row: number, id: number): void {
    const known = this.#threads.get(row);
    if (known === undefined) this.#threads.set(row, new Set([id]));
    else known.add(id);
  }

  removeThread(row: number, id: number): void {
    this.#threads.get(row)?.delete(id);
  }

  /** The process is over, or more became known of one that is. */
  record({ row, pid, name, how, traced, mixed }: Process, end: TreeNode['end'], crashed: boolean): void {
    const { status, signal, coreDumped, place } = end;
    this.#pid.set(row, pid);
    this.#name.set(row, name === null ? 0 : this.#texts.add(name));
    this.#end.set(row, place);
    this.#status.set(row, status);
    this.#signal.set(row, signal === null ? 0 : this.#texts.add(signal));
    const words = (STARTS.indexOf(how ?? 'unknown') << START_SHIFT) | (ENDS.indexOf(end.how) << END_SHIFT);
    const core = (coreDumped === null ? 0 : CORE_KNOWN) | (coreDumped === true ? CORE_DUMPED : 0);
    const others = (crashed ? CRASHED : 0) | (traced ? TRACED : 0) | (mixed ? MIXED : 0);
    this.#facts.set(row, (this.#facts.get(row) & EXECED) | words | core | others);
  }

  /** What a process runs until it executes something itself, and with it the children it had before that was known. */
  #handDown(child: number, exec: number): void {
    if (exec === 0) return;
    const heirs = [child];
    for (let heir = heirs.pop(); heir !== undefined; heir = heirs.pop()) {
      if (this.#exec.get(heir) !== 0) continue;
      this.#exec.set(heir, exec);
      for (const next of this.#family.children(heir)) heirs.push(next);
    }
  }

  // ---- what is shown

  /** Made as they are asked for. */
  *roots(): Generator<TreeNode> {
    for (const row of this.#family.roots()) yield this.#node(row);
  }

  *#children(parent: number): Generator<TreeNode> {
    for (const row of this.#family.children(parent)) yield this.#node(row);
  }

  #startOf(row: number): Place {
    return this.#start.get(row) ?? { input: 0, line: 0, atNs: null };
  }

  #execAt(exec: number): Exec | null {
    const text = this.#texts.get(this.#execText.get(exec));
    const place = this.#execPlace.get(exec);
    if (text === null || place === null) return null;
    const open = text.indexOf('(');
    const begun = { dialect: this.#dialect, name: text.slice(0, open), args: text.slice(open + 1) };
    return new PrintedExec(begun, this.#pathIndex.get(exec), place);
  }

  #execsOf(row: number): Exec[] {
    const execs: Exec[] = [];
    for (let exec = this.#exec.get(row); exec !== 0; exec = this.#execBefore.get(exec)) {
      const read = this.#execAt(exec);
      if (read !== null) execs.push(read);
    }
    return execs.reverse();
  }

  #node(row: number): TreeNode {
    const facts = this.#facts.get(row);
    const exec = this.#execAt(this.#exec.get(row));
    const children = () => this.#children(row);
    return {
      pid: this.#pid.get(row),
      program: exec?.program ?? this.#texts.get(this.#name.get(row)),
      argv: exec?.argv ?? null,
      execs: (facts & EXECED) === 0 ? [] : this.#execsOf(row),
      threads: [...(this.#threads.get(row) ?? [])],
      start: { place: this.#startOf(row), how: STARTS[(facts >> START_SHIFT) & WORD] ?? 'unknown' },
      end: {
        how: ENDS[(facts >> END_SHIFT) & WORD] ?? 'unknown',
        status: this.#status.get(row),
        signal: this.#texts.get(this.#signal.get(row)),
        coreDumped: (facts & CORE_KNOWN) === 0 ? null : (facts & CORE_DUMPED) !== 0,
        place: this.#end.get(row),
      },
      crashed: (facts & CRASHED) !== 0,
      // Where processes are not told apart, its lines are among its parent's, if there are any.
      traced: (facts & TRACED) !== 0 || (this.#facts.get(this.#family.parentOf(row)) & MIXED) !== 0,
      get children() {
        return children();
      },
    };
  }
}
