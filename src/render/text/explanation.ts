import type { Crash, FailedParent } from '../../analyze/blame-result.ts';
import type { Clause } from '../../analyze/clause.ts';
import type { Explanation } from '../../analyze/explain.ts';
import type { FaultKind } from '../../analyze/fault-reason.ts';
import type { Place } from '../../analyze/process.ts';
import type { CommandWord } from '../../analyze/process-calls.ts';
import type { Rerun } from '../../analyze/rerun.ts';
import type { Step, Use, Work } from '../../analyze/work.ts';
import type { TraceHeader } from '../../model/trace.ts';
import { baseName, type NamedProcess, programAndPid } from './names.ts';
import { printable, quotedWord, shellWord } from './printable.ts';
import { count, counted, cut, whereBeside, widthOf, wrapped } from './style.ts';

/** A label and what stands beside it; the lines that go on have the label ''. */
export type Row = readonly [label: string, text: string];

/** Steps of a way that are named at its end. */
const LAST_STEPS = 4;

/** What is put between parts, and what opens the lines that go on. */
export type Joint = readonly [joint: string, lead: string];
const STATEMENTS: Joint = ['; ', ''];
/** Things of one kind. */
export const LIST: Joint = [', ', ''];
const WAY: Joint = [' → ', '→ '];

/** The row of a label, in as many lines as the width asks for; none without parts. */
export function rowsOf(label: string, parts: readonly string[], width: number, joint: Joint = STATEMENTS): Row[] {
  return wrapped(parts, width, ...joint).map((line, index): Row => [index === 0 ? label : '', line]);
}

/** Rows that explain a crash. `full`: also what matters less often. Only what is to be copied is wider than `width`. */
export function explanationRows(crash: Crash, trace: TraceHeader, full: boolean, width: number): Row[] {
  const { explanation } = crash;
  const { place } = crash.fault;
  if (explanation === null) return full ? [['explained', 'no: its lines could not be looked at again']] : [];
  const beside = (at: Place): string => whereBeside(at, place, trace);
  const { work, named, reason, rerun, knownSince } = explanation;
  const rows: Row[] = [];
  const steps = work.chain;
  if (steps.length > 1) {
    const named = way(steps, work.chainLeftOut, beside, full).map((step) => cut(step, width - 2));
    rows.push(...rowsOf('by way of', named, width, WAY));
  }
  if (work.inFlight !== null) {
    const { name, args, place: at } = work.inFlight;
    const line = beside(at);
    rows.push(['during', `${cut(printable(`${name}(${args})`), Math.max(20, width - widthOf(line) - 1))} ${line}`]);
  }
  if (full) rows.push(...fullRows(explanation, beside, width));
  if (knownSince !== null && (full || reason === null)) {
    rows.push(['explained', `from ${beside(knownSince)} on: its earlier lines had been let go`]);
  }
  return full && rerun !== null ? [...rows, ...rerunRows(rerun, crash, named?.responseFiles ?? [])] : rows;
}

function fullRows({ work, named }: Explanation, beside: (at: Place) => string, width: number): Row[] {
  const rows: Row[] = [];
  if (named?.mainInput) rows.push(['main input', printable(named.mainInput)]);
  if (named?.output) rows.push(['output', printable(named.output)]);
  if (named !== null && named.responseFiles.length > 0) {
    rows.push(
      ...rowsOf(
        'more arguments',
        named.responseFiles.map((file) => `in ${printable(file)}`),
        width,
        LIST,
      ),
    );
  }
  rows.push(...rowsOf('then looked at', looked(work, beside), width, LIST));
  return rows;
}

/** What was done with the culprit: 'read to its end, 2,812 bytes', 'closed :187', '3 calls before the fault'. */
export function useParts(use: Use, beside: (at: Place) => string): string[] {
  const parts = [];
  if (use.mapped !== null) parts.push(`mapped ${beside(use.mapped)}`);
  else if (use.readBytes !== null) parts.push(readText(use.readBytes, use.toEnd));
  if (use.closed !== null) parts.push(`closed ${beside(use.closed)}`);
  // A log of opens alone does not tell how many other calls there were.
  if (parts.length === 0) return [];
  const { callsSince } = use;
  parts.push(callsSince === 0 ? 'no call between' : `${counted(callsSince, 'call', 'calls')} before the fault`);
  return parts;
}

function readText(bytes: number, toEnd: boolean | null): string {
  if (toEnd === true) return `read to its end, ${counted(bytes, 'byte', 'bytes')}`;
  if (bytes === 0) return 'nothing read of it';
  return `${counted(bytes, 'byte', 'bytes')} read${toEnd === false ? ', not to its end' : ''}`;
}

// main.c :12 → a.h :15 → 38 more → b.h :90
function way(steps: readonly Step[], leftOut: number, beside: (at: Place) => string, full: boolean): string[] {
  const [first = '', ...rest] = steps.map(({ path, place }) => `${printable(baseName(path))} ${beside(place)}`);
  const last = full ? rest : rest.slice(-LAST_STEPS);
  const missing = rest.length - last.length + leftOut;
  return [first, ...(missing > 0 ? [`${count(missing)} more`] : []), ...last];
}

function looked({ looks, lookCount }: Work, beside: (at: Place) => string): string[] {
  const named = looks.map(({ path, errno, place }) => `${printable(path)} ${errno ?? 'there'} ${beside(place)}`);
  const more = lookCount - looks.length;
  return more > 0 ? [...named, `and ${count(more)} more`] : named;
}

/**
 * What the fault was, as far as anything tells, in statements: 'SEGV_ACCERR at 0x7f6bc77ffe80', 'stack exhausted: 1028
 * KiB of thread stack :311'.
 */
export function faultParts(crash: Crash, trace: TraceHeader): string[] {
  const { traced, explanation, fault } = crash;
  if (!traced) return ["only its parent's lines tell of it: the child was not traced"];
  const reason = explanation?.reason ?? null;
  const clauses = (reason?.clauses ?? []).map((clause) =>
    clauseText(clause, (at) => whereBeside(at, fault.place, trace)),
  );
  const { code, address } = fault;
  // It names the code itself.
  if (reason?.kind === 'no-address') return clauses;
  if (address !== null) return [`${code ?? 'a fault'} at ${address}`, ...clauses];
  const origin = reason !== null && TELLS_ORIGIN.has(reason.kind) ? null : originOf(crash);
  const told = [code, origin].filter((part) => part !== null).join(', ');
  return told === '' ? clauses : [told, ...clauses];
}

/** Kinds whose statements say themselves where the signal came from. */
const TELLS_ORIGIN: ReadonlySet<FaultKind> = new Set(['no-address', 'raised', 'sent', 'abort']);

function originOf({ pid, how, fault: { code, sender } }: Crash): string | null {
  if (code === 'SI_KERNEL') return 'without an address';
  if (sender === null) return null;
  if (sender.pid !== pid) return `sent by ${programAndPid(sender)}`;
  // Of a death that is inferred, that is the evidence.
  return how === 'inferred' ? null : 'sent by itself';
}

function clauseText({ text, place }: Clause, beside: (at: Place) => string): string {
  return printable(text) + (place === null ? '' : ` ${beside(place)}`);
}

/** How the failure travelled, 'cc1 SIGBUS → cc exited 4 :50 → sh exited 4 :55'; none where no parent failed of it. */
export function failureRows(crash: Crash, trace: TraceHeader, width: number): Row[] {
  if (crash.travelled.length === 0) return [];
  const { place } = crash.fault;
  const own = crash.how === 'handled' ? `exited ${crash.exitStatus ?? '?'}` : crash.signal;
  const steps = [`${processName(crash)} ${own}`];
  for (let at = 0; at < crash.travelled.length; at++) {
    const parent = crash.travelled[at];
    if (parent === undefined) break;
    let alike = 1;
    while (isAlike(parent, crash.travelled[at + 1])) {
      alike++;
      at++;
    }
    const last = crash.travelled[at] ?? parent;
    const times = alike > 1 ? `${alike} × ` : '';
    steps.push(
      `${times}${processName(parent)} exited ${parent.status ?? '?'} ${whereBeside(last.place, place, trace)}`,
    );
  }
  return rowsOf('failure', steps, width, WAY);
}

function isAlike(a: FailedParent, b: FailedParent | undefined): boolean {
  return b !== undefined && a.program === b.program && a.status === b.status;
}

function processName({ program, pid }: NamedProcess): string {
  return program === null ? `pid ${pid ?? '?'}` : printable(baseName(program));
}

// ---- run it again

function rerunRows(rerun: Rerun, crash: Crash, responseFiles: readonly string[]): Row[] {
  const rows: Row[] = [['run again', rerunCommand(rerun, crash.startedIn)]];
  const missing = [];
  const cutWords = rerun.words.slice(1).filter((word) => word.cut).length;
  if (cutWords > 0) missing.push(`the tracer cut ${counted(cutWords, 'argument', 'arguments')}, marked (cut)`);
  if (rerun.wordsLeftOut) missing.push('the tracer left arguments out');
  if (rerun.environment === null) missing.push('the environment is not in the log');
  else if (rerun.environmentLeftOut || rerun.environment.some((word) => word.cut))
    missing.push('the environment is cut');
  else if (otherName(rerun) !== null) missing.push('bash adds to the environment: _, PWD, SHLVL');
  if (crash.startedIn === null) missing.push('the directory is not known');
  if (responseFiles.length > 0) missing.push('what its @files held is not in the log');
  if (missing.length > 0) rows.push(['', missing.join('; ')]);
  return rows;
}

/** Runs a program under the name in $0. */
const EXEC_AS = `'exec -a "$0" "$@"'`;

/**
 * A command for a shell, by its own name for any, else for bash; where the log is incomplete it holds `(cut)` or
 * `(more)`, and no shell runs it.
 */
export function rerunCommand(rerun: Rerun, directory: string | null): string {
  const [, ...words] = rerun.words;
  const { environment } = rerun;
  const program = programPath(rerun);
  const command = [shellWord(program), ...words.map(word), ...(rerun.wordsLeftOut ? ['(more)'] : [])];
  const name = otherName(rerun);
  if (name !== null && environment === null) command.unshift('exec', '-a', shellWord(name));
  if (name !== null && environment !== null) command.unshift('/bin/bash', '-c', EXEC_AS, shellWord(name));
  if (environment !== null) {
    const options = environment[0]?.text.startsWith('-') === true ? ['-i', '--'] : ['-i'];
    command.unshift('env', ...options, ...environment.map(variable), ...(rerun.environmentLeftOut ? ['(more)'] : []));
  }
  const line = command.join(' ');
  if (directory !== null) return `(cd ${shellWord(directory)} && ${line})`;
  return name !== null && environment === null ? `(${line})` : line;
}

/** A name alone would be looked for in PATH, a dash would begin an option. */
function programPath({ program }: Rerun): string {
  return program.includes('/') && !program.startsWith('-') ? program : `./${program}`;
}

/** The name a program is to run under where its path does not give it, or where `env` would take it for a variable. */
function otherName(rerun: Rerun): string | null {
  const program = programPath(rerun);
  const [name] = rerun.words;
  const own = name === undefined || name.cut ? program : name.text;
  if (baseName(own) !== baseName(program)) return own;
  return rerun.environment !== null && program.includes('=') ? own : null;
}

function word({ text, cut: isCut }: CommandWord): string {
  // Unquoted, `+(cut)` is a pattern to some shells.
  return isCut ? `${quotedWord(text)}(cut)` : shellWord(text);
}

/** What has no name cannot be set. */
function variable(entry: CommandWord): string {
  return entry.cut || entry.text.indexOf('=') > 0 ? word(entry) : `${quotedWord(entry.text)}(no variable)`;
}
