import type {
  Act,
  ActKind,
  ActList,
  Level,
  Run,
  RunEnd,
  RunProcess,
  RunThread,
} from '../../../src/analyze/diff/run.ts';
import { ActVocabulary } from '../../../src/analyze/diff/vocabulary.ts';

/** A process as a test writes it: `open /a ENOENT` is an act; without a word behind the object it came off. */
export interface ProcessPlan {
  /** Program and arguments; null arguments are not shown. */
  readonly runs: string;
  readonly argv?: readonly string[] | null;
  /** Of one thread, or of several. */
  readonly does?: readonly string[] | readonly (readonly string[])[];
  readonly children?: readonly ProcessPlan[];
  readonly end?: Partial<RunEnd>;
}

const FILE_OPERATIONS = new Set(['open', 'stat', 'unlink', 'rename']);

export function actOf(text: string): Act {
  const [operation = '', object = '', outcome = 'ok'] = text.split(' ');
  const kind: ActKind = operation === 'signal' ? 'signal' : FILE_OPERATIONS.has(operation) ? 'file' : 'call';
  return { kind, operation, object, outcome };
}

const EXITED: RunEnd = {
  how: 'exited',
  status: 0,
  signal: null,
  crashed: false,
  place: null,
  fault: null,
  thread: null,
};

/** The end of a process that crashed. */
export const CRASHED: RunEnd = { ...EXITED, how: 'killed', status: null, signal: 'SIGSEGV', crashed: true, thread: 0 };

/** Two runs of one vocabulary. */
export function handMadeRuns(
  a: readonly ProcessPlan[],
  b: readonly ProcessPlan[],
  level: Level = 'calls',
): readonly [Run, Run] {
  const vocabulary = new ActVocabulary();
  return [runOf(a, level, vocabulary), runOf(b, level, vocabulary)];
}

/** The place a process has before its children are known. */
interface Draft extends RunProcess {
  readonly children: RunProcess[];
}

function runOf(plans: readonly ProcessPlan[], level: Level, vocabulary: ActVocabulary): Run {
  const processes: RunProcess[] = [];
  let line = 1;
  const add = (plan: ProcessPlan, parent: RunProcess | null): RunProcess => {
    const [program = ''] = plan.runs.split(' ');
    const does = plan.does ?? [];
    const threads = does.some((one) => typeof one === 'string') || does.length === 0 ? [does] : does;
    const process: Draft = {
      index: processes.length,
      pid: 100 + processes.length,
      program,
      symbol: program,
      argv: plan.argv === undefined ? plan.runs.split(' ') : plan.argv,
      parent,
      children: [],
      threads: threads.map((acts) => {
        const ids = [...acts].flat().map((text) => vocabulary.id(actOf(text)));
        const first = line;
        line += ids.length;
        return threadOf(ids, first);
      }),
      start: { input: 0, line, atNs: null },
      end: { ...EXITED, ...plan.end },
    };
    processes.push(process);
    for (const child of plan.children ?? []) process.children.push(add(child, process));
    return process;
  };
  const roots = plans.map((plan) => add(plan, null));
  const hidden = { housekeeping: 0, runtime: 0, level: 0, unseen: 0 };
  return { platform: 'linux', level, processes, roots, vocabulary, hidden, unseen: [] };
}

function threadOf(ids: readonly number[], firstLine: number): RunThread {
  const acts: ActList = {
    length: ids.length,
    id: (index) => ids[index] ?? 0,
    count: () => 1,
    before: (index) => index,
    after: (index) => ids.length - 1 - index,
    input: () => 0,
    line: (index) => firstLine + index,
    endLine: (index) => firstLine + index,
  };
  return { tid: null, acts, calls: ids.length };
}
